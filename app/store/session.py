"""The session and its rules: writing begins IMMEDIATE on SQLite, and a tenant's rows stay with the tenant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Any, cast

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, ForeignKey, MetaData, Table, event
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, declared_attr, mapped_column, with_loader_criteria

from app.settings import Settings

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every row of the house."""

    metadata = MetaData(naming_convention=NAMES)


def table_of(row: type[Base]) -> Table:
    """The table of a kind of rows, for statements on hot paths: rows that are only added need not be mapped."""
    return cast("Table", row.__table__)


class InBase:
    """A row that belongs to a training base 培训基地; `scope_to` hides other bases' rows from every ORM query."""

    @declared_attr
    def base_id(cls) -> Mapped[int]:  # noqa: N805 -- SQLAlchemy hands the class
        return mapped_column(ForeignKey("training_bases.id"), index=True)


PATIENCE = 20.0
"""Seconds that a writer waits for others on SQLite, before somebody is told to try again."""

RESTED = 1.0
"""Seconds after which a connection is looked at before it is used."""

db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def settings() -> Settings:
    """The settings of the running application."""
    found = current_app.extensions["settings"]
    assert isinstance(found, Settings)
    return found


def is_sqlite() -> bool:
    """Whether the embedded database is in use."""
    return db.engine.dialect.name == "sqlite"


def scope_to(bases: Iterable[int] | None) -> None:
    """Limit every ORM query of this session to rows of these bases; None lifts the limit (platform, worker, commands)."""
    db.session().info["bases"] = None if bases is None else frozenset(bases)


def scoped_bases() -> frozenset[int] | None:
    """The bases that the session is limited to, or None."""
    found: frozenset[int] | None = db.session().info.get("bases")
    return found


@contextmanager
def unscoped() -> Iterator[None]:
    """Lift the tenant filter inside the block, for a rule that must see every base (a conflict of interest, say)."""
    before = scoped_bases()
    scope_to(None)
    try:
        yield
    finally:
        scope_to(before)


@contextmanager
def writing() -> Iterator[None]:
    """One write transaction: committed at the end, rolled back on any exception; an inner use joins the outer one.

    What was read before is forgotten, so that decisions rest on what is true inside the transaction.
    """
    session = db.session()
    if session.info.get("writing"):
        yield
        return
    session.rollback()
    with _turn():
        session.connection(execution_options={"writing": True})
        session.info["writing"] = True
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False


_turns: dict[str | None, Lock] = {}


@contextmanager
def _turn() -> Iterator[None]:
    """SQLite has one writer, and whoever must wait asks it again and again, in no order: its threads wait here instead.

    Raises OperationalError when it takes longer than a web process lets a request take.
    """
    if not is_sqlite():
        yield
        return
    turn = _turns.setdefault(db.engine.url.database, Lock())
    if not turn.acquire(timeout=PATIENCE):
        raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError("other writers take too long"))
    try:
        yield
    finally:
        turn.release()


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine the settings under which an acknowledged commit survives a power cut.

    A connection to PostgreSQL that has rested is asked whether it still lives before it is used; one that was used a
    moment ago is not, for under load that question would be a tenth of all there is to do.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "checkin", _remember_rest)
        event.listen(engine, "checkout", _wake)
        return
    event.listen(engine, "connect", _sqlite_pragmas)
    event.listen(engine, "begin", _sqlite_begin)


def _remember_rest(_connection: Any, record: Any) -> None:
    record.info["rests"] = monotonic()


def _wake(connection: Any, record: Any, _proxy: Any) -> None:
    """Raises InvalidatePoolError, upon which the pool makes its connections anew."""
    if monotonic() - record.info.get("rests", monotonic()) < RESTED:
        return
    try:
        alive = db.engine.dialect.do_ping(connection)
    except Exception as error:
        raise InvalidatePoolError from error
    if not alive:
        raise InvalidatePoolError


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    patience = f"busy_timeout={PATIENCE * 1000:.0f}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", patience):
        connection.execute(f"PRAGMA {pragma}").close()


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _keep_to_scope(state: ORMExecuteState) -> None:
    bases = state.session.info.get("bases")
    if bases is None or state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(_only_of(bases))


@lru_cache(maxsize=256)
def _only_of(bases: frozenset[int]) -> Any:
    """The filter for these bases; kept, because making one costs as much as a small query."""
    ids = sorted(bases)
    return with_loader_criteria(InBase, lambda cls: cls.base_id.in_(ids), include_aliases=True)


event.listen(db.session, "do_orm_execute", _keep_to_scope)
