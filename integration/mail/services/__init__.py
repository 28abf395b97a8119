"""Verbs of the outbox: write down what is to be told, and tell it."""

from __future__ import annotations

from integration.mail.services.forgetting import drop_messages_of, forget_old_messages, redirect_messages
from integration.mail.services.queueing import Fact, queue_message
from integration.mail.services.resending import resend_message
from integration.mail.services.sending import send_due
from integration.mail.services.sending_sms import send_due_sms

__all__ = [
    "Fact",
    "drop_messages_of",
    "forget_old_messages",
    "queue_message",
    "redirect_messages",
    "resend_message",
    "send_due",
    "send_due_sms",
]
