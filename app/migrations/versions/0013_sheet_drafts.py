"""Answer sheets: when a reading was finished, and that two readings are of two people."""

import sqlalchemy as sa
from alembic import op

import app.store

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('sheet_keyings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('done_at', app.store.Instant(), nullable=True))
        batch_op.create_index('ix_sheet_keyings_two_people', ['sitting_id', 'by_id'], unique=True, sqlite_where=sa.text('no < 3'), postgresql_where=sa.text('no < 3'))


def downgrade() -> None:
    with op.batch_alter_table('sheet_keyings', schema=None) as batch_op:
        batch_op.drop_index('ix_sheet_keyings_two_people', sqlite_where=sa.text('no < 3'), postgresql_where=sa.text('no < 3'))
        batch_op.drop_column('done_at')
