"""How Alembic reaches the application's database; called by flask db and by the set-up."""

from __future__ import annotations

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run() -> None:
    """Apply migrations on the application's own engine, each in its transaction."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            user_module_prefix="app.store.",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
