"""An exception from the study rules can be withdrawn, a live session cancelled or moved.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.store

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Room for withdrawals and cancellations; of an enrolment's admissions one is in force at most."""
    with op.batch_alter_table("live_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved_from", app.store.Instant(), nullable=True))
        batch_op.add_column(sa.Column("cancelled_at", app.store.Instant(), nullable=True))
        batch_op.add_column(sa.Column("cancelled_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cancelled_why", sa.String(length=200), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_live_sessions_cancelled_by_people"), "people", ["cancelled_by"], ["id"]
        )
    with op.batch_alter_table("live_sessions", schema=None) as batch_op:
        batch_op.alter_column("cancelled_why", server_default=None, existing_type=sa.String(length=200))
    with op.batch_alter_table("admissions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_admissions_enrolment_id"), type_="unique")
        batch_op.add_column(sa.Column("withdrawn_at", app.store.Instant(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_why", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("withdrawn_salt", sa.String(length=32), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f("fk_admissions_withdrawn_by_people"), "people", ["withdrawn_by"], ["id"])
        batch_op.create_index("ix_admissions_enrolment_id", ["enrolment_id"], unique=False)
    with op.batch_alter_table("admissions", schema=None) as batch_op:
        batch_op.alter_column("withdrawn_why", server_default=None, existing_type=sa.Text())
        batch_op.alter_column("withdrawn_salt", server_default=None, existing_type=sa.String(length=32))
        batch_op.create_index(
            "uq_admissions_in_force", ["enrolment_id"], unique=True, sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )  # fmt: skip


def downgrade() -> None:
    """Admissions that were withdrawn, and sessions that were cancelled, are gone."""
    op.execute("DELETE FROM admissions WHERE withdrawn_at IS NOT NULL")
    op.execute(
        "DELETE FROM attendances WHERE session_id IN (SELECT id FROM live_sessions WHERE cancelled_at IS NOT NULL)"
    )
    op.execute("DELETE FROM live_sessions WHERE cancelled_at IS NOT NULL")
    with op.batch_alter_table("admissions", schema=None) as batch_op:
        batch_op.drop_index("uq_admissions_in_force")
        batch_op.drop_index("ix_admissions_enrolment_id")
        batch_op.drop_constraint(batch_op.f("fk_admissions_withdrawn_by_people"), type_="foreignkey")
        for column in ("withdrawn_at", "withdrawn_by", "withdrawn_why", "withdrawn_salt"):
            batch_op.drop_column(column)
        batch_op.create_unique_constraint(batch_op.f("uq_admissions_enrolment_id"), ["enrolment_id"])
    with op.batch_alter_table("live_sessions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_live_sessions_cancelled_by_people"), type_="foreignkey")
        for column in ("moved_from", "cancelled_at", "cancelled_by", "cancelled_why"):
            batch_op.drop_column(column)
