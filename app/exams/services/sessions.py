"""Sessions 场次: announcing an exam, with its pool frozen and its secret committed to before anybody sits."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache
from time import perf_counter

from sqlalchemy import func, select

from app import clock
from app.banks import services as banks
from app.cohorts import services as cohorts
from app.cohorts.models import Programme
from app.exams.arrangement import Arrangement
from app.exams.assembly import PoolItem, Prepared, canonical_pool, pool_hash, pool_rows, prepare
from app.exams.assembly.trial import dry_draws
from app.exams.models import ExamPool, ExamSession
from app.exams.services.pools import freeze_pool
from app.jobs.services import ask
from app.ledger.services import record
from app.refusals import N_, NotFound, Refusal
from app.store import db, is_sqlite

_TRIAL_DRAWS = 20
PAPERS_BEFORE = timedelta(minutes=10)
"""How long before the opening the papers of everybody are made."""


class WindowTooShort(Refusal):
    """The window does not hold the exam."""

    message = N_("The window is shorter than the exam, which takes %(minutes)s minutes.")


class WindowPast(Refusal):
    """The window would already be over."""

    message = N_("The closing time is in the past.")


def create_session(
    *,
    key: str,
    cohort_id: int,
    specification: str,
    title_zh: str,
    title_en: str,
    opens_at: datetime,
    closes_at: datetime,
    attempts: int = 1,
    arrangement: Arrangement | None = None,
    by: int | None,
) -> ExamSession:
    """Announce a session; the same `key` (32 hex digits) again gives the session that it made.

    `arrangement` holds place, access code and the other rules; without one they are as usual, with so many `attempts`.

    It opens now at the earliest. Of two requests at once the second waits. The pool is what the bank holds now; the
    SHA-256 of the pool and of the secret go to the ledger. Twenty dry draws are made at once, a thousand as a job. Raises
    NotFound, WindowTooShort, WindowPast, and assembly.CannotFill when the pool cannot fill the specification.
    """
    _wait_turn(key)
    found = db.session.scalar(select(ExamSession).where(ExamSession.ref == key))
    if found is not None:
        return found
    cohort, wanted = cohorts.get_cohort(cohort_id), banks.get_specification(specification)
    opens_at = max(opens_at, clock.now())  # the commitment is in the ledger before anybody can come
    check_window(opens_at, closes_at, wanted.minutes)
    pool = freeze_pool(wanted, opens_at)
    _try_draws(pool, wanted.hash)
    digest, secret = pool_hash(pool), secrets.token_bytes(32)
    _wait_turn(digest)
    if db.session.get(ExamPool, digest) is None:
        db.session.add(ExamPool(hash=digest, items=pool_rows(pool)))
        db.session.flush()
    session = ExamSession(
        base_id=cohort.base_id, ref=key, cohort_id=cohort.id, specification_hash=wanted.hash, pool_hash=digest,
        title_zh=title_zh, title_en=title_en, opens_at=opens_at, closes_at=closes_at, minutes=wanted.minutes,
        secret=secret, commitment=hashlib.sha256(secret).hexdigest(), created_at=clock.now(),
        **asdict(arrangement or Arrangement(attempts=attempts)),
    )  # fmt: skip
    db.session.add(session)
    db.session.flush()
    facts = {
        "commitment": session.commitment, "pool": digest, "specification": wanted.hash, "cohort": cohort.id,
        "opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat(),
    }  # fmt: skip
    record(kind="session.created", base_id=cohort.base_id, actor_id=by, subject=f"session:{key}", facts=facts)
    ask_for_papers(session)
    ask(
        kind="exams.feasibility", key=f"feasibility:{wanted.hash}:{digest}",
        payload={"specification": wanted.hash, "pool": digest},
    )  # fmt: skip
    return session


def try_specification(specification: str, opens_at: datetime) -> None:
    """Freeze the pool and make the first dry draws as `create_session` will, which then finds both done.

    Call it before opening the transaction, so that nobody waits for the draws. Raises NotFound, assembly.CannotFill.
    """
    wanted = banks.get_specification(specification)
    _try_draws(freeze_pool(wanted, opens_at), wanted.hash)


def ask_for_papers(session: ExamSession) -> None:
    """Ask for the papers of everybody shortly before the session opens, so that the start has nothing left to make."""
    after = session.opens_at - PAPERS_BEFORE
    key = f"papers:{session.ref}:{int(session.opens_at.timestamp())}"
    ask(kind="exams.papers", key=key, payload={"session": session.ref}, after=max(after, clock.now()))


def get_session(ref: str) -> ExamSession:
    """The session of this reference. Raises NotFound."""
    found = db.session.scalar(select(ExamSession).where(ExamSession.ref == ref))
    if found is None:
        raise NotFound
    return found


def get_session_by_id(session_id: int) -> ExamSession:
    """The session of this id. Raises NotFound."""
    found = db.session.scalar(select(ExamSession).where(ExamSession.id == session_id))
    if found is None:
        raise NotFound
    return found


def session_programme(session: ExamSession) -> Programme:
    """The programme whose exam this is."""
    return cohorts.get_programme(cohorts.get_cohort(session.cohort_id).programme_id)


@lru_cache(maxsize=32)
def draw_facts(pool: str, specification: str) -> Prepared:
    """The pool of a hash made ready for the specification of another; kept, because what a hash names never changes."""
    rows = db.session.get(ExamPool, pool)
    if rows is None:
        raise NotFound
    return prepare(canonical_pool(rows.items), banks.get_specification_version(specification))


def _wait_turn(name: str) -> None:
    """Of two transactions that would make the row of this name (hex), the second waits and finds what the first made."""
    if not is_sqlite():  # SQLite writes one after the other anyway
        db.session.execute(select(func.pg_advisory_xact_lock(int(name[:15], 16))))


def check_window(opens_at: datetime, closes_at: datetime, minutes: int) -> None:
    """Raises WindowPast, WindowTooShort."""
    if closes_at <= clock.now():
        raise WindowPast
    if (closes_at - opens_at).total_seconds() < minutes * 60:
        raise WindowTooShort(minutes=minutes)


@lru_cache(maxsize=16)
def _try_draws(pool: tuple[PoolItem, ...], specification: str) -> None:
    dry_draws(prepare(pool, banks.get_specification_version(specification)), _TRIAL_DRAWS, "trial", perf_counter)
