"""Migrations: numbered, one line of them, and what they make is what the models say, on both engines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app import create_app
from app.settings import ROOT
from app.store import db
from app.web import readiness
from app.web.setup import migrate
from tests.postgres import Server

FOLDER = ROOT / "app" / "migrations"


def test_migrations_are_numbered_and_form_one_line() -> None:
    names = sorted(path.name for path in (FOLDER / "versions").glob("*.py"))
    assert names and all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in names)
    script = ScriptDirectory(str(FOLDER))
    assert len(script.get_heads()) == 1
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_migrating_makes_what_the_models_say(engine: str, tmp_path: Path, postgres: Server) -> None:
    options = {"database_url": postgres.fresh_database()} if engine == "postgresql" else {}
    app = create_app(instance_path=tmp_path, TESTING=True, **options)
    with app.app_context():
        assert "migrations" in readiness.missing()
        migrate()
        assert readiness.missing() == []
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        db.session.remove()
        command.check(config)
        db.session.remove()
        command.downgrade(config, "base")
        db.session.remove()
        migrate()
        db.session.remove()
        db.engine.dispose()
