"""Admission to an exam: when the access code was accepted, and why a session was cancelled."""

import sqlalchemy as sa
from alembic import op

import app.store

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('exam_candidates', schema=None) as batch_op:
        batch_op.add_column(sa.Column('entered_at', app.store.Instant(), nullable=True))
    with op.batch_alter_table('exam_sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cancelled_at', app.store.Instant(), nullable=True))
        batch_op.add_column(sa.Column('cancelled_reason', sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('exam_sessions', schema=None) as batch_op:
        batch_op.drop_column('cancelled_reason')
        batch_op.drop_column('cancelled_at')
    with op.batch_alter_table('exam_candidates', schema=None) as batch_op:
        batch_op.drop_column('entered_at')
