"""A course rests on as many editions as its lessons name: the column of the one edition goes.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the column out; what was stored keeps its edition in its content."""
    with op.batch_alter_table("course_versions", schema=None) as batch_op:
        batch_op.drop_column("edition")


def downgrade() -> None:
    """Put it back."""
    with op.batch_alter_table("course_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edition", sa.String(length=64), nullable=False, server_default=""))
