"""Lessons with a video: where it was left, and what was watched."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import app.store

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('video_views',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('lesson', sa.String(length=64), nullable=False),
    sa.Column('video', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('spans', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('begun_at', app.store.Instant(), nullable=False),
    sa.Column('seen_at', app.store.Instant(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['training_bases.id'], name=op.f('fk_video_views_base_id_training_bases')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_video_views_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_video_views')),
    sa.UniqueConstraint('enrolment_id', 'lesson', name=op.f('uq_video_views_enrolment_id_lesson'))
    )
    with op.batch_alter_table('video_views', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_video_views_base_id'), ['base_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('video_views', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_video_views_base_id'))

    op.drop_table('video_views')
