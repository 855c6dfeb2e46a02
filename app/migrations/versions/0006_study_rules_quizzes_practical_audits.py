"""Study rules, live sessions and attendance, admissions, quizzes, and the practical audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import app.store

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exercise_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('current', sa.Boolean(), nullable=False),
    sa.Column('loaded_at', app.store.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exercise_versions')),
    sa.UniqueConstraint('code', 'hash', name=op.f('uq_exercise_versions_code_hash'))
    )
    op.create_table('live_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('title_zh', sa.String(), nullable=False),
    sa.Column('title_en', sa.String(), nullable=False),
    sa.Column('starts_at', app.store.Instant(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=True),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made_at', app.store.Instant(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_live_sessions_base_id_training_bases')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_live_sessions_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_live_sessions_made_by_people')),
    sa.ForeignKeyConstraint(['teacher_id'], ['people.id'], name=op.f('fk_live_sessions_teacher_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_sessions')),
    sa.UniqueConstraint('cohort_id', 'key', name=op.f('uq_live_sessions_cohort_id_key'))
    )
    with op.batch_alter_table('live_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_live_sessions_base_id'), ['base_id'], unique=False)

    op.create_table('study_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=True),
    sa.Column('set_at', app.store.Instant(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_study_rules_base_id_training_bases')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_study_rules_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['set_by'], ['people.id'], name=op.f('fk_study_rules_set_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_study_rules')),
    sa.UniqueConstraint('cohort_id', 'version', name=op.f('uq_study_rules_cohort_id_version'))
    )
    with op.batch_alter_table('study_rules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_study_rules_base_id'), ['base_id'], unique=False)

    op.create_table('admissions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=False),
    sa.Column('missing', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_admissions_base_id_training_bases')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_admissions_by_id_people')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_admissions_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_admissions')),
    sa.UniqueConstraint('enrolment_id', name=op.f('uq_admissions_enrolment_id'))
    )
    with op.batch_alter_table('admissions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_admissions_base_id'), ['base_id'], unique=False)

    op.create_table('attendances',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_attendances_base_id_training_bases')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_attendances_by_id_people')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_attendances_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['session_id'], ['live_sessions.id'], name=op.f('fk_attendances_session_id_live_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendances')),
    sa.UniqueConstraint('session_id', 'enrolment_id', 'version', name=op.f('uq_attendances_session_id_enrolment_id_version'))
    )
    with op.batch_alter_table('attendances', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendances_base_id'), ['base_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendances_enrolment_id'), ['enrolment_id'], unique=False)

    op.create_table('exercise_works',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('exercise', sa.String(length=64), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('begun_at', app.store.Instant(), nullable=False),
    sa.Column('completed_at', app.store.Instant(), nullable=True),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_exercise_works_base_id_training_bases')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_exercise_works_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['version_id'], ['exercise_versions.id'], name=op.f('fk_exercise_works_version_id_exercise_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exercise_works')),
    sa.UniqueConstraint('enrolment_id', 'exercise', name=op.f('uq_exercise_works_enrolment_id_exercise'))
    )
    with op.batch_alter_table('exercise_works', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exercise_works_base_id'), ['base_id'], unique=False)

    op.create_table('quiz_tries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=16), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('seed', sa.String(length=32), nullable=False),
    sa.Column('form', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('answers', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('correct', sa.Integer(), nullable=True),
    sa.Column('needed', sa.String(length=16), nullable=True),
    sa.Column('passed', sa.Boolean(), nullable=True),
    sa.Column('begun_at', app.store.Instant(), nullable=False),
    sa.Column('handed_in_at', app.store.Instant(), nullable=True),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_quiz_tries_base_id_training_bases')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_quiz_tries_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_tries')),
    sa.UniqueConstraint('enrolment_id', 'module', 'no', name=op.f('uq_quiz_tries_enrolment_id_module_no'))
    )
    with op.batch_alter_table('quiz_tries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quiz_tries_base_id'), ['base_id'], unique=False)

    op.create_table('task_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('work_id', sa.Integer(), nullable=False),
    sa.Column('task', sa.String(length=64), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('writer', sa.String(length=32), nullable=False),
    sa.Column('content', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('copies', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('ticks', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('saved_at', app.store.Instant(), nullable=False),
    sa.Column('handed_in_at', app.store.Instant(), nullable=True),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_task_answers_base_id_training_bases')),
    sa.ForeignKeyConstraint(['work_id'], ['exercise_works.id'], name=op.f('fk_task_answers_work_id_exercise_works')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_answers')),
    sa.UniqueConstraint('work_id', 'task', 'no', name=op.f('uq_task_answers_work_id_task_no'))
    )
    with op.batch_alter_table('task_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_answers_base_id'), ['base_id'], unique=False)

    op.create_table('task_comments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', app.store.Instant(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['task_answers.id'], name=op.f('fk_task_comments_answer_id_task_answers')),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_task_comments_base_id_training_bases')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_task_comments_by_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_comments'))
    )
    with op.batch_alter_table('task_comments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_comments_answer_id'), ['answer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_comments_base_id'), ['base_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('task_comments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_comments_base_id'))
        batch_op.drop_index(batch_op.f('ix_task_comments_answer_id'))

    op.drop_table('task_comments')
    with op.batch_alter_table('task_answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_answers_base_id'))

    op.drop_table('task_answers')
    with op.batch_alter_table('quiz_tries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quiz_tries_base_id'))

    op.drop_table('quiz_tries')
    with op.batch_alter_table('exercise_works', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exercise_works_base_id'))

    op.drop_table('exercise_works')
    with op.batch_alter_table('attendances', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendances_enrolment_id'))
        batch_op.drop_index(batch_op.f('ix_attendances_base_id'))

    op.drop_table('attendances')
    with op.batch_alter_table('admissions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_admissions_base_id'))

    op.drop_table('admissions')
    with op.batch_alter_table('study_rules', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_study_rules_base_id'))

    op.drop_table('study_rules')
    with op.batch_alter_table('live_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_live_sessions_base_id'))

    op.drop_table('live_sessions')
    op.drop_table('exercise_versions')
