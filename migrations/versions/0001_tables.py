"""All tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0001_tables'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('accounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_accounts'),
    sa.UniqueConstraint('email', name='uq_accounts_email')
    )
    op.create_table('attempts',
    sa.Column('purpose', sa.String(length=32), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('window_starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('purpose', 'subject', 'window_starts_at', name='pk_attempts')
    )
    op.create_table('audit_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=32), nullable=False),
    sa.Column('subject_id', sa.String(length=40), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_audit_entries')
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entries_at', ['at'], unique=False)

    op.create_table('feed_versions',
    sa.Column('feed', sa.String(length=96), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('modified_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('feed', name='pk_feed_versions')
    )
    op.create_table('folded_persons',
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('adults', sa.Integer(), nullable=False),
    sa.Column('children', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('programme_id', 'action_id', 'year', name='pk_folded_persons')
    )
    op.create_table('folded_sums',
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('cafe', 'clinic', 'fair', 'training', 'visit', 'excursion', 'school_visit', 'meeting', 'webinar', 'course', 'info', name='sessionkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('audience', sa.Enum('residents', 'families', 'children', 'youth', 'staff', 'authorities', name='audience', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sensitive', sa.Boolean(), nullable=False),
    sa.Column('sessions', sa.Integer(), nullable=False),
    sa.Column('held', sa.Integer(), nullable=False),
    sa.Column('supported', sa.Integer(), nullable=False),
    sa.Column('adults', sa.Integer(), nullable=False),
    sa.Column('children', sa.Integer(), nullable=False),
    sa.Column('scanned', sa.Integer(), nullable=False),
    sa.Column('listed', sa.Integer(), nullable=False),
    sa.Column('walk_in', sa.Integer(), nullable=False),
    sa.Column('self_marked', sa.Integer(), nullable=False),
    sa.Column('headcount', sa.Integer(), nullable=False),
    sa.Column('imported', sa.Integer(), nullable=False),
    sa.Column('identified', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('programme_id', 'action_id', 'year', 'kind', 'audience', 'sensitive', name='pk_folded_sums')
    )
    op.create_table('folded_visitors',
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('visitor_key', sa.String(length=32), nullable=False),
    sa.Column('adults', sa.Integer(), nullable=False),
    sa.Column('children', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('programme_id', 'action_id', 'year', 'visitor_key', name='pk_folded_visitors')
    )
    with op.batch_alter_table('folded_visitors', schema=None) as batch_op:
        batch_op.create_index('ix_folded_visitors_key', ['visitor_key'], unique=False)

    op.create_table('households',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=120), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_households')
    )
    op.create_table('installations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_installations')
    )
    op.create_table('organisations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('city_unit', 'association', 'education', 'authority', 'employer', 'project', 'network', 'other', name='organisationkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.JSON(none_as_null=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_organisations'),
    sa.UniqueConstraint('slug', name='uq_organisations_slug')
    )
    op.create_table('programmes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('title', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('legal_basis', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('first_year', sa.Integer(), nullable=False),
    sa.Column('last_year', sa.Integer(), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('file_digest', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name='pk_programmes'),
    sa.UniqueConstraint('slug', name='uq_programmes_slug')
    )
    op.create_table('account_roles',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('coordinator', 'organiser', 'owner', 'council', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_account_roles_account_id', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_account_roles_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_account_roles'),
    sa.UniqueConstraint('account_id', 'role', 'organisation_id', name='uq_account_roles_account_id')
    )
    op.create_table('cards',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('household_id', sa.BigInteger(), nullable=False),
    sa.Column('issue', sa.Integer(), nullable=False),
    sa.Column('pass_digest', sa.String(length=64), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('link_digest', sa.String(length=64), nullable=False),
    sa.Column('visitor_key', sa.String(length=32), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name='fk_cards_household_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_cards'),
    sa.UniqueConstraint('code_digest', name='uq_cards_code_digest'),
    sa.UniqueConstraint('link_digest', name='uq_cards_link_digest'),
    sa.UniqueConstraint('pass_digest', name='uq_cards_pass_digest'),
    sa.UniqueConstraint('visitor_key', name='uq_cards_visitor_key')
    )
    with op.batch_alter_table('cards', schema=None) as batch_op:
        batch_op.create_index('ix_cards_household', ['household_id'], unique=False)

    op.create_table('domains',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(length=16), nullable=False),
    sa.Column('title', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('file_digest', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name='fk_domains_programme_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_domains'),
    sa.UniqueConstraint('programme_id', 'slug', name='uq_domains_programme_id')
    )
    op.create_table('sign_ins',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name='fk_sign_ins_account_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('digest', name='pk_sign_ins')
    )
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.create_index('ix_sign_ins_account_id', ['account_id'], unique=False)

    op.create_table('venues',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('address', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('directions', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_venues_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_venues'),
    sa.UniqueConstraint('slug', name='uq_venues_slug')
    )
    op.create_table('activities',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('venue_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('description', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('mark', sa.String(length=16), nullable=False),
    sa.Column('icon', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.Enum('cafe', 'clinic', 'fair', 'training', 'visit', 'excursion', 'school_visit', 'meeting', 'webinar', 'course', 'info', name='sessionkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('audience', sa.Enum('residents', 'families', 'children', 'youth', 'staff', 'authorities', name='audience', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('visibility', sa.Enum('public', 'link', 'closed', name='visibility', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sign_up', sa.Enum('none', 'open', 'required', name='signupmode', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('duration_minutes', sa.Integer(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('language_support', sa.JSON(), nullable=False),
    sa.Column('asks_age_groups', sa.Boolean(), nullable=False),
    sa.Column('sensitive', sa.Boolean(), nullable=False),
    sa.Column('contact_role', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('contact_phone', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_activities_organisation_id'),
    sa.ForeignKeyConstraint(['venue_id'], ['venues.id'], name='fk_activities_venue_id'),
    sa.PrimaryKeyConstraint('id', name='pk_activities'),
    sa.UniqueConstraint('slug', name='uq_activities_slug')
    )
    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.create_index('ix_activities_organisation_id', ['organisation_id'], unique=False)

    op.create_table('goals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('domain_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('file_digest', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['domain_id'], ['domains.id'], name='fk_goals_domain_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_goals'),
    sa.UniqueConstraint('domain_id', 'slug', name='uq_goals_domain_id')
    )
    op.create_table('actions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('number', sa.String(length=8), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('first_year', sa.Integer(), nullable=False),
    sa.Column('last_year', sa.Integer(), nullable=False),
    sa.Column('ongoing', sa.Boolean(), nullable=False),
    sa.Column('framework', sa.JSON(), nullable=False),
    sa.Column('file_digest', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['goal_id'], ['goals.id'], name='fk_actions_goal_id', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name='fk_actions_programme_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_actions'),
    sa.UniqueConstraint('programme_id', 'slug', name='uq_actions_programme_id')
    )
    op.create_table('activity_partners',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name='fk_activity_partners_activity_id', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_activity_partners_organisation_id'),
    sa.PrimaryKeyConstraint('activity_id', 'organisation_id', name='pk_activity_partners')
    )
    op.create_table('pauses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.JSON(none_as_null=True), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name='fk_pauses_activity_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_pauses')
    )
    with op.batch_alter_table('pauses', schema=None) as batch_op:
        batch_op.create_index('ix_pauses_activity_id', ['activity_id'], unique=False)

    op.create_table('recurrence_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('frequency', sa.Enum('weekly', 'monthly', 'yearly', 'by_hand', name='frequency', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('interval', sa.Integer(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=True),
    sa.Column('nth', sa.Integer(), nullable=True),
    sa.Column('month', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('starts_at_time', sa.Time(), nullable=False),
    sa.CheckConstraint('until_on >= starts_on', name=op.f('ck_recurrence_rules_ends')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name='fk_recurrence_rules_activity_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_recurrence_rules')
    )
    with op.batch_alter_table('recurrence_rules', schema=None) as batch_op:
        batch_op.create_index('ix_recurrence_rules_activity_id', ['activity_id'], unique=False)

    op.create_table('activity_actions',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['actions.id'], name='fk_activity_actions_action_id'),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name='fk_activity_actions_activity_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('activity_id', 'action_id', 'starts_on', name='pk_activity_actions')
    )
    with op.batch_alter_table('activity_actions', schema=None) as batch_op:
        batch_op.create_index('ix_activity_actions_action_id', ['action_id'], unique=False)

    op.create_table('meter_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('label', sa.String(length=8), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('file_digest', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['actions.id'], name='fk_meter_lines_action_id', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name='fk_meter_lines_programme_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_meter_lines'),
    sa.UniqueConstraint('programme_id', 'slug', name='uq_meter_lines_programme_id')
    )
    op.create_table('recurrence_exceptions',
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['rule_id'], ['recurrence_rules.id'], name='fk_recurrence_exceptions_rule_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('rule_id', 'on_date', name='pk_recurrence_exceptions')
    )
    op.create_table('responsibilities',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.Enum('responsible', 'partner', name='part', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['actions.id'], name='fk_responsibilities_action_id', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_responsibilities_organisation_id'),
    sa.PrimaryKeyConstraint('id', name='pk_responsibilities'),
    sa.UniqueConstraint('action_id', 'organisation_id', 'part', 'starts_on', name='uq_responsibilities_action_id')
    )
    op.create_table('sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=16), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=True),
    sa.Column('occurrence_on', sa.Date(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('local_on', sa.Date(), nullable=False),
    sa.Column('status', sa.Enum('planned', 'cancelled', name='sessionstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('kind', sa.Enum('cafe', 'clinic', 'fair', 'training', 'visit', 'excursion', 'school_visit', 'meeting', 'webinar', 'course', 'info', name='sessionkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('audience', sa.Enum('residents', 'families', 'children', 'youth', 'staff', 'authorities', name='audience', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('visibility', sa.Enum('public', 'link', 'closed', name='visibility', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sign_up', sa.Enum('none', 'open', 'required', name='signupmode', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sign_up_closed', sa.Boolean(), nullable=False),
    sa.Column('title', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('description', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('venue_id', sa.Integer(), nullable=True),
    sa.Column('online_url', sa.String(length=500), nullable=True),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('language_support', sa.JSON(), nullable=False),
    sa.Column('sensitive', sa.Boolean(), nullable=False),
    sa.Column('group_name', sa.String(length=120), nullable=True),
    sa.Column('contact_role', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('contact_phone', sa.String(length=32), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('modified_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_sessions_times')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name='fk_sessions_activity_id'),
    sa.ForeignKeyConstraint(['rule_id'], ['recurrence_rules.id'], name='fk_sessions_rule_id', ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['venue_id'], ['venues.id'], name='fk_sessions_venue_id'),
    sa.PrimaryKeyConstraint('id', name='pk_sessions'),
    sa.UniqueConstraint('key', name='uq_sessions_key'),
    sa.UniqueConstraint('rule_id', 'occurrence_on', name='uq_sessions_rule_id')
    )
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.create_index('ix_sessions_activity_on', ['activity_id', 'local_on'], unique=False)
        batch_op.create_index('ix_sessions_local_on', ['local_on'], unique=False)
        batch_op.create_index('ix_sessions_modified_at', ['modified_at'], unique=False)
        batch_op.create_index('ix_sessions_starts_at', ['starts_at'], unique=False)
        batch_op.create_index('ix_sessions_venue_id', ['venue_id'], unique=False)

    op.create_table('attendance',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('visitor_key', sa.String(length=32), nullable=True),
    sa.Column('scan_id', sa.String(length=36), nullable=True),
    sa.Column('source', sa.Enum('scanned', 'listed', 'walk_in', 'self_marked', 'headcount', 'imported', name='source', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('places_adults', sa.Integer(), nullable=True),
    sa.Column('places_children', sa.Integer(), nullable=True),
    sa.Column('whole', sa.Integer(), server_default='0', nullable=False),
    sa.Column('arrived_adults', sa.Integer(), nullable=False),
    sa.Column('arrived_children', sa.Integer(), nullable=False),
    sa.Column('beyond_adults', sa.Integer(), nullable=False),
    sa.Column('beyond_children', sa.Integer(), nullable=False),
    sa.Column('adults', sa.Integer(), sa.Computed('beyond_adults + CASE WHEN places_adults IS NULL THEN arrived_adults + CASE WHEN whole > 0 THEN 1 ELSE 0 END WHEN whole > 0 THEN places_adults ELSE CASE WHEN arrived_adults < ((places_adults + places_children) - CASE WHEN arrived_children < places_children THEN arrived_children ELSE places_children END) THEN arrived_adults ELSE ((places_adults + places_children) - CASE WHEN arrived_children < places_children THEN arrived_children ELSE places_children END) END END', persisted=True), nullable=False),
    sa.Column('children', sa.Integer(), sa.Computed('beyond_children + CASE WHEN places_adults IS NULL THEN arrived_children WHEN whole > 0 THEN places_children ELSE (CASE WHEN (arrived_adults + arrived_children) < (places_adults + places_children) THEN (arrived_adults + arrived_children) ELSE (places_adults + places_children) END) - (CASE WHEN arrived_adults < ((places_adults + places_children) - CASE WHEN arrived_children < places_children THEN arrived_children ELSE places_children END) THEN arrived_adults ELSE ((places_adults + places_children) - CASE WHEN arrived_children < places_children THEN arrived_children ELSE places_children END) END) END', persisted=True), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(visitor_key IS NULL) <> (scan_id IS NULL)', name=op.f('ck_attendance_origin')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name='fk_attendance_session_id'),
    sa.PrimaryKeyConstraint('id', name='pk_attendance'),
    sa.UniqueConstraint('scan_id', name='uq_attendance_scan_id'),
    sa.UniqueConstraint('session_id', 'visitor_key', name='uq_attendance_session_id')
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index('ix_attendance_visitor_key', ['visitor_key'], unique=False)

    op.create_table('calendar_texts',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name='fk_calendar_texts_session_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'language', name='pk_calendar_texts')
    )
    op.create_table('closings',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('manual_adults', sa.Integer(), nullable=True),
    sa.Column('manual_children', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('note', sa.String(length=2000), nullable=True),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name='fk_closings_session_id'),
    sa.PrimaryKeyConstraint('session_id', name='pk_closings')
    )
    op.create_table('door_devices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('paired_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name='fk_door_devices_session_id'),
    sa.PrimaryKeyConstraint('id', name='pk_door_devices'),
    sa.UniqueConstraint('token_digest', name='uq_door_devices_token_digest')
    )
    with op.batch_alter_table('door_devices', schema=None) as batch_op:
        batch_op.create_index('ix_door_devices_session_id', ['session_id'], unique=False)

    op.create_table('folded_sessions',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('local_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.Enum('cafe', 'clinic', 'fair', 'training', 'visit', 'excursion', 'school_visit', 'meeting', 'webinar', 'course', 'info', name='sessionkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('audience', sa.Enum('residents', 'families', 'children', 'youth', 'staff', 'authorities', name='audience', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sensitive', sa.Boolean(), nullable=False),
    sa.Column('group_name', sa.String(length=120), nullable=True),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('language_support', sa.Boolean(), nullable=False),
    sa.Column('adults', sa.Integer(), nullable=False),
    sa.Column('children', sa.Integer(), nullable=False),
    sa.Column('scanned', sa.Integer(), nullable=False),
    sa.Column('listed', sa.Integer(), nullable=False),
    sa.Column('walk_in', sa.Integer(), nullable=False),
    sa.Column('self_marked', sa.Integer(), nullable=False),
    sa.Column('headcount', sa.Integer(), nullable=False),
    sa.Column('imported', sa.Integer(), nullable=False),
    sa.Column('identified', sa.Integer(), nullable=False),
    sa.Column('visitors_folded', sa.Boolean(), nullable=False),
    sa.Column('folded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name='fk_folded_sessions_session_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', name='pk_folded_sessions')
    )
    with op.batch_alter_table('folded_sessions', schema=None) as batch_op:
        batch_op.create_index('ix_folded_sessions_local_on', ['local_on'], unique=False)
        batch_op.create_index('ix_folded_sessions_visitors_folded', ['visitors_folded'], unique=False)

    op.create_table('folded_servings',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['folded_sessions.session_id'], name='fk_folded_servings_session_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'programme_id', 'action_id', name='pk_folded_servings')
    )
    with op.batch_alter_table('folded_servings', schema=None) as batch_op:
        batch_op.create_index('ix_folded_servings_year', ['programme_id', 'action_id', 'year'], unique=False)

    op.create_table('indicators',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('computed', 'reported', 'milestone', 'external', name='indicatorkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('measure', sa.Enum('held', 'visits', 'unique', 'partners', 'weeks', 'months', 'language_support', 'groups', name='measure', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('unit', sa.String(length=32), nullable=False),
    sa.Column('aggregation', sa.Enum('sum', 'distinct', 'last', 'any', 'none', name='aggregation', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('first_year', sa.Integer(), nullable=False),
    sa.Column('last_year', sa.Integer(), nullable=False),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('audiences', sa.JSON(), nullable=False),
    sa.Column('whole_programme', sa.Boolean(), nullable=False),
    sa.Column('traffic_light', sa.Boolean(), nullable=False),
    sa.Column('reading', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('file_digest', sa.String(length=64), nullable=True),
    sa.CheckConstraint("(kind = 'computed') = (measure IS NOT NULL)", name=op.f('ck_indicators_computed')),
    sa.ForeignKeyConstraint(['line_id'], ['meter_lines.id'], name='fk_indicators_line_id', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name='fk_indicators_programme_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_indicators'),
    sa.UniqueConstraint('programme_id', 'slug', name='uq_indicators_programme_id')
    )
    op.create_table('registrations',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.BigInteger(), nullable=False),
    sa.Column('adults', sa.Integer(), nullable=False),
    sa.Column('children', sa.Integer(), nullable=False),
    sa.Column('children_0_6', sa.Integer(), nullable=False),
    sa.Column('children_7_12', sa.Integer(), nullable=False),
    sa.Column('children_13_17', sa.Integer(), nullable=False),
    sa.Column('help', sa.String(length=500), nullable=True),
    sa.Column('form_digest', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('adults >= 0 AND children >= 0 AND adults + children BETWEEN 1 AND 12', name=op.f('ck_registrations_people')),
    sa.CheckConstraint('children_0_6 + children_7_12 + children_13_17 IN (0, children)', name=op.f('ck_registrations_age_groups')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name='fk_registrations_household_id', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name='fk_registrations_session_id'),
    sa.PrimaryKeyConstraint('id', name='pk_registrations'),
    sa.UniqueConstraint('form_digest', name='uq_registrations_form_digest')
    )
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.create_index('ix_registrations_household_id', ['household_id'], unique=False)
        batch_op.create_index('uq_registrations_live', ['session_id', 'household_id'], unique=True, sqlite_where=sa.text('cancelled_at IS NULL'), postgresql_where=sa.text('cancelled_at IS NULL'))

    op.create_table('session_partners',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('present', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name='fk_session_partners_organisation_id'),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name='fk_session_partners_session_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'organisation_id', name='pk_session_partners')
    )
    with op.batch_alter_table('session_partners', schema=None) as batch_op:
        batch_op.create_index('ix_session_partners_organisation_id', ['organisation_id'], unique=False)

    op.create_table('session_places',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('offered', sa.Integer(), nullable=False),
    sa.CheckConstraint('taken >= 0 AND offered >= 0', name=op.f('ck_session_places_counts')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name='fk_session_places_session_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', name='pk_session_places')
    )
    op.create_table('scans',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('card', 'walk_in', 'headcount', 'undo', name='scankind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('visitor_key', sa.String(length=32), nullable=True),
    sa.Column('whole', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('adults', sa.Integer(), nullable=False),
    sa.Column('children', sa.Integer(), nullable=False),
    sa.Column('beyond_adults', sa.Integer(), nullable=False),
    sa.Column('beyond_children', sa.Integer(), nullable=False),
    sa.Column('undoes', sa.String(length=36), nullable=True),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('result', sa.Enum('accepted', 'already', 'flagged', 'unknown', 'malformed', name='scanresult', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('flag', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['device_id'], ['door_devices.id'], name='fk_scans_device_id'),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name='fk_scans_session_id'),
    sa.PrimaryKeyConstraint('id', name='pk_scans')
    )
    with op.batch_alter_table('scans', schema=None) as batch_op:
        batch_op.create_index('ix_scans_session_id', ['session_id', 'visitor_key'], unique=False)
        batch_op.create_index('ix_scans_undoes', ['undoes'], unique=False)

    op.create_table('targets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('form', sa.Enum('exact', 'minimum', 'range', name='targetform', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('period', sa.Enum('year', 'month', 'week', 'once', name='targetperiod', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('lower', sa.Integer(), nullable=False),
    sa.Column('upper', sa.Integer(), nullable=True),
    sa.Column('planned', sa.Integer(), nullable=True),
    sa.CheckConstraint('upper IS NULL OR upper >= lower', name=op.f('ck_targets_bounds')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicators.id'], name='fk_targets_indicator_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_targets'),
    sa.UniqueConstraint('indicator_id', 'year', name='uq_targets_indicator_id')
    )


def downgrade() -> None:
    op.drop_table('targets')
    with op.batch_alter_table('scans', schema=None) as batch_op:
        batch_op.drop_index('ix_scans_undoes')
        batch_op.drop_index('ix_scans_session_id')

    op.drop_table('scans')
    op.drop_table('session_places')
    with op.batch_alter_table('session_partners', schema=None) as batch_op:
        batch_op.drop_index('ix_session_partners_organisation_id')

    op.drop_table('session_partners')
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.drop_index('uq_registrations_live', sqlite_where=sa.text('cancelled_at IS NULL'), postgresql_where=sa.text('cancelled_at IS NULL'))
        batch_op.drop_index('ix_registrations_household_id')

    op.drop_table('registrations')
    op.drop_table('indicators')
    with op.batch_alter_table('folded_servings', schema=None) as batch_op:
        batch_op.drop_index('ix_folded_servings_year')

    op.drop_table('folded_servings')
    with op.batch_alter_table('folded_sessions', schema=None) as batch_op:
        batch_op.drop_index('ix_folded_sessions_visitors_folded')
        batch_op.drop_index('ix_folded_sessions_local_on')

    op.drop_table('folded_sessions')
    with op.batch_alter_table('door_devices', schema=None) as batch_op:
        batch_op.drop_index('ix_door_devices_session_id')

    op.drop_table('door_devices')
    op.drop_table('closings')
    op.drop_table('calendar_texts')
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.drop_index('ix_attendance_visitor_key')

    op.drop_table('attendance')
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_index('ix_sessions_venue_id')
        batch_op.drop_index('ix_sessions_starts_at')
        batch_op.drop_index('ix_sessions_modified_at')
        batch_op.drop_index('ix_sessions_local_on')
        batch_op.drop_index('ix_sessions_activity_on')

    op.drop_table('sessions')
    op.drop_table('responsibilities')
    op.drop_table('recurrence_exceptions')
    op.drop_table('meter_lines')
    with op.batch_alter_table('activity_actions', schema=None) as batch_op:
        batch_op.drop_index('ix_activity_actions_action_id')

    op.drop_table('activity_actions')
    with op.batch_alter_table('recurrence_rules', schema=None) as batch_op:
        batch_op.drop_index('ix_recurrence_rules_activity_id')

    op.drop_table('recurrence_rules')
    with op.batch_alter_table('pauses', schema=None) as batch_op:
        batch_op.drop_index('ix_pauses_activity_id')

    op.drop_table('pauses')
    op.drop_table('activity_partners')
    op.drop_table('actions')
    op.drop_table('goals')
    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.drop_index('ix_activities_organisation_id')

    op.drop_table('activities')
    op.drop_table('venues')
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_ins_account_id')

    op.drop_table('sign_ins')
    op.drop_table('domains')
    with op.batch_alter_table('cards', schema=None) as batch_op:
        batch_op.drop_index('ix_cards_household')

    op.drop_table('cards')
    op.drop_table('account_roles')
    op.drop_table('programmes')
    op.drop_table('organisations')
    op.drop_table('installations')
    op.drop_table('households')
    with op.batch_alter_table('folded_visitors', schema=None) as batch_op:
        batch_op.drop_index('ix_folded_visitors_key')

    op.drop_table('folded_visitors')
    op.drop_table('folded_sums')
    op.drop_table('folded_persons')
    op.drop_table('feed_versions')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entries_at')

    op.drop_table('audit_entries')
    op.drop_table('attempts')
    op.drop_table('accounts')
