"""The desk: announcements to one room, and the names and the digest of the minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("announcements") as batch:
        batch.add_column(sa.Column("room", sa.String(length=60), nullable=False, server_default=""))
    with op.batch_alter_table("session_minutes") as batch:
        batch.add_column(sa.Column("first_name", sa.String(length=100), nullable=False, server_default=""))
        batch.add_column(sa.Column("second_name", sa.String(length=100), nullable=False, server_default=""))
        batch.add_column(sa.Column("digest", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("session_minutes") as batch:
        batch.drop_column("digest")
        batch.drop_column("second_name")
        batch.drop_column("first_name")
    with op.batch_alter_table("announcements") as batch:
        batch.drop_column("room")
