"""Whether the site can serve."""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from app.office.services import demonstration
from app.settings import ROOT
from app.store import db, settings


def missing() -> list[str]:
    """Names of what is missing: database, migrations, keys."""
    try:
        db.session.execute(select(text("1")))
        there = MigrationContext.configure(db.session.connection()).get_current_heads()
    except SQLAlchemyError:
        return ["database"]
    wanted = ScriptDirectory(str(ROOT / "app" / "migrations")).get_heads()
    found = [] if set(there) == set(wanted) else ["migrations"]
    if not (settings().instance_path / "secrets.json").exists() and not settings().production:
        found.append("keys")
    elif settings().production and "migrations" not in found and demonstration.exists():
        found.append("a database without the demonstration")
    return found
