"""Messages by more than one channel, the wish for an SMS before, and what staff write to those who come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0008_messages_sms'
down_revision = '0007_organisers_list'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In SQL that both databases know: a batch on SQLite would lose the table's other checks.
    op.execute("ALTER TABLE outbox_messages ADD COLUMN fact VARCHAR(120) DEFAULT '' NOT NULL")
    op.execute(
        "ALTER TABLE outbox_messages ADD COLUMN channel VARCHAR(32) DEFAULT 'email' NOT NULL"
        " CONSTRAINT ck_outbox_messages_channel CHECK (channel IN ('email', 'sms'))"
    )
    op.add_column('outbox_messages', sa.Column('urgent', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index('ix_outbox_messages_due', 'outbox_messages')
    op.create_index('ix_outbox_messages_due', 'outbox_messages', ['channel', 'state', 'next_attempt_at'])
    op.execute("UPDATE outbox_messages SET fact = key")
    op.add_column('households', sa.Column('sms_reminders', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table('staff_messages',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('texts', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name='fk_staff_messages_session_id'),
    sa.PrimaryKeyConstraint('id', name='pk_staff_messages')
    )
    op.create_index('ix_staff_messages_created_at', 'staff_messages', ['created_at'])
    op.create_index('ix_staff_messages_session_id', 'staff_messages', ['session_id'])


def downgrade() -> None:
    op.drop_table('staff_messages')
    op.drop_column('households', 'sms_reminders')
    op.drop_index('ix_outbox_messages_due', 'outbox_messages')
    op.create_index('ix_outbox_messages_due', 'outbox_messages', ['state', 'next_attempt_at'])
    for column in ('urgent', 'channel', 'fact'):
        op.drop_column('outbox_messages', column)
