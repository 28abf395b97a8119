"""Verbs of the outbox: write down what is to be told, and tell it."""

from __future__ import annotations

from integration.mail.services.forgetting import drop_messages_of, forget_old_messages
from integration.mail.services.queueing import Fact, queue_message
from integration.mail.services.sending import send_due

__all__ = ["Fact", "drop_messages_of", "forget_old_messages", "queue_message", "send_due"]
