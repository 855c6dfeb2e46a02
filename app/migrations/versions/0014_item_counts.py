"""Counts of what candidates earned on each item, and which result of a sitting is in them.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables; the first fills from final results as the worker finds them."""
    op.create_table(
        "item_facilities",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("earned", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_item_facilities")),
    )
    op.create_table(
        "counted_results",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["results.id"], name=op.f("fk_counted_results_result_id_results")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_counted_results_sitting_id_sittings")
        ),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_counted_results")),
    )


def downgrade() -> None:
    """The counts can be made again from the results."""
    op.drop_table("counted_results")
    op.drop_table("item_facilities")
