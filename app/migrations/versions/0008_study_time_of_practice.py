"""Study time of practical audits, practice and mock exams beside that of lessons.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of each visit what it was spent on; until now that was always a lesson."""
    with op.batch_alter_table("study_visits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=16), nullable=False, server_default="lesson"))
        batch_op.alter_column("lesson", new_column_name="about", existing_type=sa.String(length=64))
    with op.batch_alter_table("study_visits", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None, existing_type=sa.String(length=16))


def downgrade() -> None:
    """Lessons alone."""
    op.execute("DELETE FROM study_visits WHERE kind <> 'lesson'")
    with op.batch_alter_table("study_visits", schema=None) as batch_op:
        batch_op.alter_column("about", new_column_name="lesson", existing_type=sa.String(length=64))
        batch_op.drop_column("kind")
