"""The clause of an item in each edition for which it is valid."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("clause", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_editions_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_editions")),
        sa.UniqueConstraint("item_id", "edition", name=op.f("uq_item_editions_item_id_edition")),
    )
    with op.batch_alter_table("item_editions", schema=None) as batch_op:
        batch_op.create_index("ix_item_editions_edition", ["edition"], unique=False)
    # Items that were loaded before belong to the edition of their bank.
    op.execute(
        "INSERT INTO item_editions (item_id, edition, clause)"
        " SELECT items.id, banks.edition, items.clause FROM items JOIN banks ON banks.id = items.bank_id"
    )


def downgrade() -> None:
    with op.batch_alter_table("item_editions", schema=None) as batch_op:
        batch_op.drop_index("ix_item_editions_edition")
    op.drop_table("item_editions")
