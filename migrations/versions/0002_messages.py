"""The outbox, and whether a household wants reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0002_messages'
down_revision = '0001_tables'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('outbox_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('recipient_kind', sa.String(length=32), nullable=False),
    sa.Column('recipient_id', sa.BigInteger(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('about', sa.String(length=40), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('message_id', sa.String(length=255), nullable=False),
    sa.Column('state', sa.Enum('queued', 'sending', 'sent', 'failed', 'dropped', 'doubtful', name='messagestate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('drop_reason', sa.Enum('unreachable', 'erased', 'outdated', name='dropreason', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name='pk_outbox_messages'),
    sa.UniqueConstraint('key', name='uq_outbox_messages_key'),
    sa.UniqueConstraint('message_id', name='uq_outbox_messages_message_id')
    )
    op.create_index('ix_outbox_messages_about', 'outbox_messages', ['about'])
    op.create_index('ix_outbox_messages_due', 'outbox_messages', ['state', 'next_attempt_at'])
    op.create_index('ix_outbox_messages_due_at', 'outbox_messages', ['due_at'])
    op.create_index('ix_outbox_messages_recipient', 'outbox_messages', ['recipient_kind', 'recipient_id'])
    op.add_column('households', sa.Column('reminders', sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    # Plain, not in a batch: a batch on SQLite makes the table anew, and dropping the old one would take the cards along.
    op.drop_column('households', 'reminders')
    for index in ('recipient', 'due_at', 'due', 'about'):
        op.drop_index(f'ix_outbox_messages_{index}', 'outbox_messages')
    op.drop_table('outbox_messages')
