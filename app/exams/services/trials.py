"""Trials 试组卷: a thousand dry draws of each specification, from the day it is published on, for people to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import thread_time
from typing import Any

from sqlalchemy import and_, func, select

from app import clock
from app.banks import services as banks
from app.banks.specification import Specification
from app.exams.assembly import CannotFill, PoolItem, pool_hash, pool_rows, prepare
from app.exams.assembly.trial import DRAWS, report
from app.exams.models import ExamPool, Feasibility
from app.exams.services.pools import freeze_pool, plain_pool
from app.exams.services.sessions import draw_facts
from app.jobs.services import ask
from app.store import db

TRIAL = "exams.trial"
_APART = timedelta(minutes=1)


@dataclass(frozen=True)
class Trial:
    """A specification in use with its latest report, None while there is none.

    `stale` says that a bank was loaded after the report was made.
    """

    specification: Specification
    report: dict[str, Any] | None
    made_at: datetime | None
    stale: bool


@dataclass(frozen=True)
class Tried:
    """A trial that was just made and is not stored yet."""

    specification: Specification
    pool: Sequence[PoolItem]
    report: dict[str, Any]


def list_trials() -> list[Trial]:
    """The specifications in use and their latest reports."""
    wanted, loaded = banks.list_specifications(), banks.last_loaded()
    latest = (
        select(Feasibility.specification_hash, func.max(Feasibility.made_at).label("made_at"))
        .where(Feasibility.specification_hash.in_(one.hash for one in wanted))
        .group_by(Feasibility.specification_hash)
        .subquery()
    )
    rows = db.session.scalars(
        select(Feasibility).join(
            latest,
            and_(
                latest.c.specification_hash == Feasibility.specification_hash,
                latest.c.made_at == Feasibility.made_at,
            ),
        )
    )
    found = {row.specification_hash: row for row in rows}
    return [_trial(one, found.get(one.hash), loaded) for one in wanted]


def get_trial(code: str) -> Trial:
    """One specification in use with its latest report. Raises NotFound."""
    wanted = banks.get_specification(code)
    row = db.session.scalar(
        select(Feasibility)
        .where(Feasibility.specification_hash == wanted.hash)
        .order_by(Feasibility.made_at.desc())
        .limit(1)
    )
    return _trial(wanted, row, banks.last_loaded())


def untried() -> list[Trial]:
    """The specifications that nobody has tried since a bank was last loaded."""
    return [trial for trial in list_trials() if trial.report is None or trial.stale]


def ask_for_trials() -> None:
    """Ask for the trial of every specification that waits for one, one a minute, so that the worker has other turns."""
    loaded = banks.last_loaded()
    for turn, trial in enumerate(untried()):
        wanted = trial.specification
        key = f"trial:{wanted.hash}:{loaded.timestamp() if loaded else 0}"
        ask(kind=TRIAL, key=key, payload={"specification": wanted.code}, after=clock.now() + turn * _APART)


def ask_for_trial(code: str) -> None:
    """Ask for a trial now, once a minute at most. Raises NotFound."""
    wanted, at = banks.get_specification(code), clock.now()
    ask(kind=TRIAL, key=f"trial:{wanted.hash}:{at:%Y%m%d%H%M}", payload={"specification": code})


def try_draws(code: str) -> Tried:
    """Make a thousand dry draws as a session announced now would draw them; takes seconds and writes nothing.

    What stands in the way of a specification that cannot be filled is part of the report. Raises NotFound.
    """
    wanted, at = banks.get_specification(code), clock.now()
    try:
        pool = freeze_pool(wanted, at)
    except CannotFill:
        pool = plain_pool(wanted, at)
    return Tried(wanted, pool, report(prepare(pool, wanted), DRAWS, thread_time))


def keep_trial(tried: Tried) -> None:
    """Store a report and the pool that it speaks of; of the same pool a newer one takes the older one's place."""
    wanted, digest = tried.specification, pool_hash(tried.pool)
    if db.session.get(ExamPool, digest) is None:
        db.session.add(ExamPool(hash=digest, items=pool_rows(tried.pool)))
        db.session.flush()
    row = db.session.get(Feasibility, (wanted.hash, digest))
    if row is None:
        keep_report(wanted.hash, digest, tried.report)
    else:
        row.report, row.made_at = tried.report, clock.now()


def is_reported(specification: str, pool: str) -> bool:
    """Whether the report of two hashes is stored."""
    return db.session.get(Feasibility, (specification, pool)) is not None


def make_report(specification: str, pool: str) -> dict[str, Any]:
    """Make a thousand dry draws of two hashes; takes seconds and writes nothing. Raises NotFound."""
    return report(draw_facts(pool, specification), DRAWS, thread_time)


def keep_report(specification: str, pool: str, facts: dict[str, Any]) -> None:
    """Store the report of two hashes, once."""
    if not is_reported(specification, pool):
        db.session.add(Feasibility(specification_hash=specification, pool_hash=pool, report=facts, made_at=clock.now()))
        db.session.flush()


def _trial(wanted: Specification, row: Feasibility | None, loaded: datetime | None) -> Trial:
    if row is None:
        return Trial(wanted, None, None, False)
    return Trial(wanted, row.report, row.made_at, loaded is not None and row.made_at < loaded)
