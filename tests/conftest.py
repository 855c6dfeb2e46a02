"""Fixtures of the service tests: an application of its own for each test module, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection

from app import create_app
from app.store import Base, db, scope_to
from tests.postgres import Server, server

ENGINES = ("sqlite", "postgresql")

# A busy machine is no fault of what is tested: no example has to be ready within so many milliseconds.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files in turn: one of the journeys, which mostly wait for a browser, then one that keeps a core busy."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    journeys = [path for path in files if path.parent.name == "journeys"]
    others = [path for path in files if path.parent.name != "journeys"]
    turns = chain.from_iterable(zip_longest(journeys, others))
    items[:] = [item for path in turns if path is not None for item in files[path]]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Server]:
    """A PostgreSQL server of this test run (one for each xdist worker)."""
    with server(tmp_path_factory.mktemp("pg"), durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The xdist worker, or master."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(params=ENGINES, scope="module")
def module_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose tables were made from the models."""
    folder: Path = tmp_path_factory.mktemp("instance")
    options: dict[str, object] = {"instance_path": folder, "TESTING": True, "origin": "http://localhost"}
    if request.param == "postgresql":
        options["database_url"] = request.getfixturevalue("postgres").fresh_database()
    app = create_app(**options)
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def _empty(connection: Connection) -> None:
    """Empty the tables that hold rows and start their numbers anew.

    TRUNCATE makes new files for each table and, by CASCADE, for nearly all of them: many times slower than deleting.
    """
    names = [table.name for table in Base.metadata.sorted_tables]
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)
    full = [name for (name,) in connection.exec_driver_sql(asked)]
    orders = ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{name}"' for name in full)]
    connection.exec_driver_sql("; ".join(orders))
    connection.exec_driver_sql(
        "SELECT setval(format('%%I.%%I', schemaname, sequencename), 1, false)"
        " FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    )


@pytest.fixture
def db_app(module_app: Flask) -> Iterator[Flask]:
    """The application with empty tables; the session sees all bases, as a worker does."""
    with module_app.app_context():
        db.session.rollback()
        scope_to(None)
        with db.engine.begin() as connection:
            if db.engine.dialect.name == "postgresql":
                _empty(connection)
            else:
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
                for table in reversed(Base.metadata.sorted_tables):
                    connection.execute(table.delete())
        yield module_app
        db.session.rollback()
        db.session.remove()
