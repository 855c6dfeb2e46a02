"""Arranging a session 场次安排: its settings until it opens, who watches it, and taking it back with a reason."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select

from app import clock
from app.accounts.services import people
from app.banks import services as banks
from app.exams.arrangement import Arrangement, make_code
from app.exams.models import ExamPool, ExamSession, SessionInvigilator
from app.exams.services.access import invigilators_of
from app.exams.services.pools import is_in_force
from app.exams.services.sessions import ask_for_papers, check_window
from app.ledger.services import record, seal
from app.refusals import N_, NotFound, Refusal
from app.store import db


class OpenedAlready(Refusal):
    """A session that has opened is no longer changed."""

    message = N_("This session has opened; its settings can no longer be changed.")
    kept = N_("Nothing was changed.")
    todo = N_("For a single candidate, give extra time on the page of the session.")


class CancelledAlready(Refusal):
    """A cancelled session is no longer changed."""

    message = N_("This session was cancelled; it can no longer be changed.")
    kept = N_("Nothing was changed.")
    todo = N_("Announce a new session.")


class LawChanged(Refusal):
    """On the new day the law is another than the frozen pool rests on."""

    message = N_("On the new day, %(count)s questions of the frozen pool rest on law that is not in force.")
    kept = N_("Nothing was changed.")
    todo = N_("Cancel this session and announce a new one for that day: it freezes a new pool.")


class NoInvigilator(Refusal):
    """Only people with the role watch a session."""

    message = N_("One of the chosen people does not hold the role of an invigilator in this training base.")
    todo = N_("Reload the page and choose again; the base administrator gives the role.")


def change_session(
    ref: str,
    *,
    title_zh: str,
    title_en: str,
    opens_at: datetime,
    closes_at: datetime,
    arrangement: Arrangement,
    by: int,
) -> ExamSession:
    """Change a session that has not opened. Class, specification, pool and secret stay as they were committed to.

    Raises NotFound, CancelledAlready, OpenedAlready, WindowTooShort, WindowPast, LawChanged.
    """
    session = _not_opened(ref)
    check_window(opens_at, closes_at, session.minutes)
    if opens_at != session.opens_at:
        _check_law(session, opens_at)
    wanted = asdict(arrangement) | {
        "title_zh": title_zh, "title_en": title_en, "opens_at": opens_at, "closes_at": closes_at,
    }  # fmt: skip
    changed = sorted(name for name, value in wanted.items() if getattr(session, name) != value)
    if not changed:
        return session
    for name in changed:
        setattr(session, name, wanted[name])
    facts = {"changed": changed, "opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()}
    record(kind="session.changed", base_id=session.base_id, actor_id=by, subject=f"session:{ref}", facts=facts)
    ask_for_papers(session)
    return session


def cancel_session(ref: str, *, reason: str, by: int) -> ExamSession:
    """Cancel a session before it opens; cancelling twice is cancelling once. Raises NotFound, OpenedAlready."""
    session = _locked(ref)
    if session.cancelled_at is not None:
        return session
    session = _not_opened(ref)
    session.cancelled_at, session.cancelled_reason = clock.now(), reason
    record(
        kind="session.cancelled", base_id=session.base_id, actor_id=by, subject=f"session:{ref}",
        facts={"reason_hash": seal(reason)},
    )  # fmt: skip
    return session


def set_invigilators(ref: str, person_ids: Collection[int], *, by: int) -> None:
    """Say who watches a session. Also while it runs: somebody may fall ill. Raises NotFound, NoInvigilator."""
    session = _locked(ref)
    wanted, before = set(person_ids), set(invigilators_of(session.id))
    if wanted == before:
        return
    if wanted - before - possible_invigilators(session.base_id).keys():
        raise NoInvigilator
    gone = SessionInvigilator.session_id == session.id, SessionInvigilator.person_id.in_(sorted(before - wanted))
    db.session.execute(delete(SessionInvigilator).where(*gone))
    for person_id in sorted(wanted - before):
        db.session.add(SessionInvigilator(base_id=session.base_id, session_id=session.id, person_id=person_id))
    db.session.flush()
    record(
        kind="session.invigilators-set", base_id=session.base_id, actor_id=by, subject=f"session:{ref}",
        facts={"people": sorted(wanted)},
    )  # fmt: skip


def possible_invigilators(base_id: int) -> dict[int, str]:
    """The people who hold the role of an invigilator in a base, by name."""
    return {one.person_id: one.name for one in people.members(frozenset({base_id})) if "invigilator" in one.roles}


def renew_code(ref: str, *, by: int) -> ExamSession:
    """Draw a new access code; also while the session runs. Raises NotFound, also for a session without a code."""
    session = _locked(ref)
    if session.access_code is None:
        raise NotFound
    session.access_code = draw_code()
    record(
        kind="session.changed", base_id=session.base_id, actor_id=by, subject=f"session:{ref}",
        facts={"changed": ["access_code"]},
    )  # fmt: skip
    return session


def draw_code() -> str:
    """A new access code."""
    return make_code(secrets.randbelow)


def _locked(ref: str) -> ExamSession:
    session = db.session.scalar(select(ExamSession).where(ExamSession.ref == ref).with_for_update())
    if session is None:
        raise NotFound
    return session


def _not_opened(ref: str) -> ExamSession:
    session = _locked(ref)
    check_open_to_change(session)
    return session


def check_open_to_change(session: ExamSession) -> None:
    """Whether a session may still be changed or cancelled. Raises CancelledAlready, OpenedAlready."""
    if session.cancelled_at is not None:
        raise CancelledAlready
    if clock.now() >= session.opens_at:
        raise OpenedAlready


def _check_law(session: ExamSession, opens_at: datetime) -> None:
    """A new day must not bring law into the exam that its questions do not know."""
    pool = db.session.get_one(ExamPool, session.pool_hash)
    versions = banks.get_item_versions(row["version"] for row in pool.items)
    outdated = sum(not is_in_force(item, opens_at) for item in versions.values())
    if outdated:
        raise LawChanged(count=outdated)
