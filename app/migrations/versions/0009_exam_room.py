"""The exam room: candidates, accommodations, presence, incidents, minutes, paper sheets, downtime, refused answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import app.store

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('outages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('started_at', app.store.Instant(), nullable=False),
    sa.Column('ended_at', app.store.Instant(), nullable=False),
    sa.Column('credited_at', app.store.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outages')),
    sa.UniqueConstraint('started_at', name=op.f('uq_outages_started_at'))
    )
    op.create_table('service_beats',
    sa.Column('name', sa.String(length=16), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_service_beats'))
    )
    op.create_table('accommodations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('font', sa.Integer(), nullable=False),
    sa.Column('separate_room', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('ended_at', app.store.Instant(), nullable=True),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_accommodations_base_id_training_bases')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_accommodations_by_id_people')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_accommodations_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accommodations'))
    )
    with op.batch_alter_table('accommodations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accommodations_base_id'), ['base_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accommodations_person_id'), ['person_id'], unique=False)

    op.create_table('clock_alarms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('step_ms', sa.BigInteger(), nullable=False),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('settled_by', sa.Integer(), nullable=True),
    sa.Column('settled_at', app.store.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['settled_by'], ['people.id'], name=op.f('fk_clock_alarms_settled_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_alarms'))
    )
    op.create_table('feasibilities',
    sa.Column('specification_hash', sa.String(length=64), nullable=False),
    sa.Column('pool_hash', sa.String(length=64), nullable=False),
    sa.Column('report', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('made_at', app.store.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['pool_hash'], ['exam_pools.hash'], name=op.f('fk_feasibilities_pool_hash_exam_pools')),
    sa.PrimaryKeyConstraint('specification_hash', 'pool_hash', name=op.f('pk_feasibilities'))
    )
    op.create_table('announcements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_announcements_base_id_training_bases')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_announcements_by_id_people')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_sessions.id'], name=op.f('fk_announcements_session_id_exam_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcements')),
    sa.UniqueConstraint('session_id', 'no', name=op.f('uq_announcements_session_id_no'))
    )
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcements_base_id'), ['base_id'], unique=False)

    op.create_table('exam_candidates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=True),
    sa.Column('nonce_by', sa.String(length=10), nullable=True),
    sa.Column('admitted_at', app.store.Instant(), nullable=True),
    sa.Column('room', sa.String(length=60), nullable=False),
    sa.Column('seat', sa.String(length=12), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=True),
    sa.Column('font', sa.Integer(), nullable=True),
    sa.Column('separate_room', sa.Boolean(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('salt', sa.String(length=32), nullable=True),
    sa.Column('confirmed_at', app.store.Instant(), nullable=True),
    sa.Column('checks', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_exam_candidates_base_id_training_bases')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_exam_candidates_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_exam_candidates_person_id_people')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_sessions.id'], name=op.f('fk_exam_candidates_session_id_exam_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_candidates')),
    sa.UniqueConstraint('session_id', 'enrolment_id', name=op.f('uq_exam_candidates_session_id_enrolment_id'))
    )
    with op.batch_alter_table('exam_candidates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exam_candidates_base_id'), ['base_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exam_candidates_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exam_candidates_person_id'), ['person_id'], unique=False)

    op.create_table('session_invigilators',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('room', sa.String(length=60), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_session_invigilators_base_id_training_bases')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_session_invigilators_person_id_people')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_sessions.id'], name=op.f('fk_session_invigilators_session_id_exam_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_invigilators')),
    sa.UniqueConstraint('session_id', 'person_id', name=op.f('uq_session_invigilators_session_id_person_id'))
    )
    with op.batch_alter_table('session_invigilators', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_invigilators_base_id'), ['base_id'], unique=False)

    op.create_table('session_materials',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('title_zh', sa.String(length=100), nullable=False),
    sa.Column('title_en', sa.String(length=160), nullable=False),
    sa.Column('body_zh', sa.Text(), nullable=False),
    sa.Column('body_en', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_session_materials_base_id_training_bases')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_session_materials_by_id_people')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_sessions.id'], name=op.f('fk_session_materials_session_id_exam_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_materials')),
    sa.UniqueConstraint('session_id', 'no', name=op.f('uq_session_materials_session_id_no'))
    )
    with op.batch_alter_table('session_materials', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_materials_base_id'), ['base_id'], unique=False)

    op.create_table('session_minutes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('remarks', sa.Text(), nullable=False),
    sa.Column('root', sa.String(length=64), nullable=False),
    sa.Column('first_by', sa.Integer(), nullable=False),
    sa.Column('first_at', app.store.Instant(), nullable=False),
    sa.Column('second_by', sa.Integer(), nullable=True),
    sa.Column('second_at', app.store.Instant(), nullable=True),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_session_minutes_base_id_training_bases')),
    sa.ForeignKeyConstraint(['first_by'], ['people.id'], name=op.f('fk_session_minutes_first_by_people')),
    sa.ForeignKeyConstraint(['second_by'], ['people.id'], name=op.f('fk_session_minutes_second_by_people')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_sessions.id'], name=op.f('fk_session_minutes_session_id_exam_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_minutes')),
    sa.UniqueConstraint('session_id', name=op.f('uq_session_minutes_session_id'))
    )
    with op.batch_alter_table('session_minutes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_minutes_base_id'), ['base_id'], unique=False)

    op.create_table('incidents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=32), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('reply', sa.Text(), nullable=True),
    sa.Column('reply_at', app.store.Instant(), nullable=True),
    sa.Column('decision', sa.String(length=16), nullable=True),
    sa.Column('decision_why', sa.Text(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', app.store.Instant(), nullable=True),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_incidents_base_id_training_bases')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_incidents_by_id_people')),
    sa.ForeignKeyConstraint(['decided_by'], ['people.id'], name=op.f('fk_incidents_decided_by_people')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_sessions.id'], name=op.f('fk_incidents_session_id_exam_sessions')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_incidents_sitting_id_sittings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incidents')),
    sa.UniqueConstraint('ref', name=op.f('uq_incidents_ref'))
    )
    with op.batch_alter_table('incidents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incidents_base_id'), ['base_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_sitting_id'), ['sitting_id'], unique=False)

    op.create_table('outage_credits',
    sa.Column('outage_id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['outage_id'], ['outages.id'], name=op.f('fk_outage_credits_outage_id_outages')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_outage_credits_sitting_id_sittings')),
    sa.PrimaryKeyConstraint('outage_id', 'sitting_id', name=op.f('pk_outage_credits'))
    )
    op.create_table('presences',
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', app.store.Instant(), nullable=False),
    sa.Column('slot', sa.SmallInteger(), nullable=True),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_presences_sitting_id_sittings')),
    sa.PrimaryKeyConstraint('sitting_id', name=op.f('pk_presences'))
    )
    op.create_table('question_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('slot', sa.SmallInteger(), nullable=False),
    sa.Column('item', sa.String(length=64), nullable=False),
    sa.Column('version', sa.String(length=64), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', app.store.Instant(), nullable=True),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by'], ['people.id'], name=op.f('fk_question_reports_answered_by_people')),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_question_reports_base_id_training_bases')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_question_reports_sitting_id_sittings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_reports')),
    sa.UniqueConstraint('sitting_id', 'key', name=op.f('uq_question_reports_sitting_id_key'))
    )
    with op.batch_alter_table('question_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_reports_base_id'), ['base_id'], unique=False)

    op.create_table('refused_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=24), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('first_seq', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_refused_entries_sitting_id_sittings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refused_entries'))
    )
    with op.batch_alter_table('refused_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_refused_entries_sitting_id'), ['sitting_id'], unique=False)

    op.create_table('sheet_keyings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('responses', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_sheet_keyings_base_id_training_bases')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_sheet_keyings_by_id_people')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_sheet_keyings_sitting_id_sittings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_keyings')),
    sa.UniqueConstraint('sitting_id', 'no', name=op.f('uq_sheet_keyings_sitting_id_no'))
    )
    with op.batch_alter_table('sheet_keyings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sheet_keyings_base_id'), ['base_id'], unique=False)

    op.create_table('sitting_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=False),
    sa.Column('writer', sa.String(length=32), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('slot', sa.SmallInteger(), nullable=True),
    sa.Column('ms', sa.BigInteger(), nullable=False),
    sa.Column('client_ms', sa.BigInteger(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_sitting_events_base_id_training_bases')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_sitting_events_sitting_id_sittings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting_events')),
    sa.UniqueConstraint('sitting_id', 'writer', 'no', name=op.f('uq_sitting_events_sitting_id_writer_no'))
    )
    with op.batch_alter_table('sitting_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sitting_events_base_id'), ['base_id'], unique=False)

    with op.batch_alter_table('exam_sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('waiting_days', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('place_kind', sa.String(length=8), nullable=False, server_default='online'))
        batch_op.add_column(sa.Column('place', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('access_code', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('waiting_minutes', sa.Integer(), nullable=False, server_default='60'))
        batch_op.add_column(sa.Column('late_minutes', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('leave_seconds', sa.Integer(), nullable=False, server_default='5'))
        batch_op.add_column(sa.Column('leave_seconds_phone', sa.Integer(), nullable=False, server_default='20'))
        batch_op.add_column(sa.Column('leave_warnings', sa.Integer(), nullable=False, server_default='3'))
        batch_op.add_column(sa.Column('seb_key', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('seb_config', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True))

    with op.batch_alter_table('sittings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('percent', sa.Integer(), nullable=False, server_default='100'))
        batch_op.add_column(sa.Column('font', sa.Integer(), nullable=False, server_default='100'))
        batch_op.add_column(sa.Column('outage_seconds', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('medium', sa.String(length=8), nullable=False, server_default='screen'))
        batch_op.add_column(sa.Column('locked', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('client_digest', sa.String(length=64), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('sittings', schema=None) as batch_op:
        batch_op.drop_column('client_digest')
        batch_op.drop_column('locked')
        batch_op.drop_column('medium')
        batch_op.drop_column('outage_seconds')
        batch_op.drop_column('font')
        batch_op.drop_column('percent')

    with op.batch_alter_table('exam_sessions', schema=None) as batch_op:
        batch_op.drop_column('seb_config')
        batch_op.drop_column('seb_key')
        batch_op.drop_column('leave_warnings')
        batch_op.drop_column('leave_seconds_phone')
        batch_op.drop_column('leave_seconds')
        batch_op.drop_column('late_minutes')
        batch_op.drop_column('waiting_minutes')
        batch_op.drop_column('access_code')
        batch_op.drop_column('place')
        batch_op.drop_column('place_kind')
        batch_op.drop_column('waiting_days')

    with op.batch_alter_table('sitting_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sitting_events_base_id'))

    op.drop_table('sitting_events')
    with op.batch_alter_table('sheet_keyings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sheet_keyings_base_id'))

    op.drop_table('sheet_keyings')
    with op.batch_alter_table('refused_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_refused_entries_sitting_id'))

    op.drop_table('refused_entries')
    with op.batch_alter_table('question_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_reports_base_id'))

    op.drop_table('question_reports')
    op.drop_table('presences')
    op.drop_table('outage_credits')
    with op.batch_alter_table('incidents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incidents_sitting_id'))
        batch_op.drop_index(batch_op.f('ix_incidents_session_id'))
        batch_op.drop_index(batch_op.f('ix_incidents_base_id'))

    op.drop_table('incidents')
    with op.batch_alter_table('session_minutes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_minutes_base_id'))

    op.drop_table('session_minutes')
    with op.batch_alter_table('session_materials', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_materials_base_id'))

    op.drop_table('session_materials')
    with op.batch_alter_table('session_invigilators', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_invigilators_base_id'))

    op.drop_table('session_invigilators')
    with op.batch_alter_table('exam_candidates', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exam_candidates_person_id'))
        batch_op.drop_index(batch_op.f('ix_exam_candidates_enrolment_id'))
        batch_op.drop_index(batch_op.f('ix_exam_candidates_base_id'))

    op.drop_table('exam_candidates')
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_announcements_base_id'))

    op.drop_table('announcements')
    op.drop_table('feasibilities')
    op.drop_table('clock_alarms')
    with op.batch_alter_table('accommodations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accommodations_person_id'))
        batch_op.drop_index(batch_op.f('ix_accommodations_base_id'))

    op.drop_table('accommodations')
    op.drop_table('service_beats')
    op.drop_table('outages')
