"""The account of a session for its minutes: who came, when, what happened, and the journals as they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.accounts.models import Person
from app.exams import journal
from app.exams.models import AnswerEntry, ExamSession, Outage, OutageCredit, QuestionReport, RefusedEntry, Sitting
from app.exams.sealing import Journal
from app.exams.seats import Place
from app.exams.services.incidents import incidents_of
from app.exams.services.steer import announcements_of
from app.exams.services.watch import changes_of
from app.store import db

LATE_AFTER = timedelta(minutes=5)
"""Who begins so long after the opening of a session in a room came late."""


def begun(session: ExamSession) -> Sequence[Sitting]:
    """The sittings of a session that began, in the order of their references."""
    return db.session.scalars(
        select(Sitting).where(Sitting.session_id == session.id, Sitting.state != "ready").order_by(Sitting.ref)
    ).all()


def is_over(session: ExamSession, places: Sequence[Place]) -> bool:
    """Whether nobody sits any more and nobody can begin."""
    at = clock.now()
    if any(place.state == "open" for place in places):
        return False
    too_late = session.late_minutes is not None and at >= session.opens_at + timedelta(minutes=session.late_minutes)
    everybody = session.attempts == 1 and bool(places) and all(place.state == "closed" for place in places)
    return at >= session.closes_at or too_late or everybody


def account(session: ExamSession, places: Sequence[Place]) -> dict[str, Any]:
    """Everything that the minutes say, as JSON: moments in ISO 8601, people by admission number and name."""
    sittings = begun(session)
    numbers = {place.ref: place.number for place in places if place.ref}
    ids = {sitting.id: numbers.get(sitting.ref, "") for sitting in sittings}
    people = [_person(session, place) for place in places]
    return {
        "session": _session(session),
        "counts": _counts(people),
        "people": people,
        "changes": _changes(ids),
        "incidents": _incidents(session),
        "announcements": [
            {"no": one.no, "room": one.room, "body": one.body, "by": one.by, "at": _time(one.at)}
            for one in reversed(announcements_of(session))
        ],
        "outages": _outages(list(ids)),
        "answers": {"late": sum(place.late for place in places), "refused": _refused(list(ids))},
        "reports": _number(QuestionReport.sitting_id, list(ids)),
        "papers": {
            "drawn": len(sittings),
            "outside_tolerance": sum(not sitting.within_tolerance for sitting in sittings),
            "repeats": sum(sitting.repeats_allowed for sitting in sittings),
        },
        "journals": [
            {"ref": one.ref, "entries": one.entries, "chain": one.chain} for one in journals(sittings)
        ],
    }  # fmt: skip


def journals(sittings: Sequence[Sitting]) -> list[Journal]:
    """The journals of these sittings as they stand now."""
    last = (
        select(
            AnswerEntry.sitting_id, AnswerEntry.chain,
            func.row_number().over(
                partition_by=AnswerEntry.sitting_id, order_by=(AnswerEntry.epoch.desc(), AnswerEntry.seq.desc())
            ).label("place"),
            func.count().over(partition_by=AnswerEntry.sitting_id).label("entries"),
        )
        .where(AnswerEntry.sitting_id.in_([sitting.id for sitting in sittings]))
        .subquery()
    )  # fmt: skip
    rows = db.session.execute(select(last.c.sitting_id, last.c.chain, last.c.entries).where(last.c.place == 1))
    found = {sitting_id: (int(entries), bytes(chain).hex()) for sitting_id, chain, entries in rows}
    return [Journal(sitting.ref, *found.get(sitting.id, (0, journal.root(sitting.ref).hex()))) for sitting in sittings]


def chains_of(sitting: Sitting) -> tuple[list[str], int]:
    """Every chain value of a sitting's journal from before its first line on, and the first broken line (0: none)."""
    rows = db.session.scalars(
        select(AnswerEntry).where(AnswerEntry.sitting_id == sitting.id).order_by(AnswerEntry.epoch, AnswerEntry.seq)
    ).all()
    chains, broken, previous = [journal.root(sitting.ref).hex()], 0, journal.root(sitting.ref)
    for number, row in enumerate(rows, 1):
        entry = journal.Entry(row.seq, row.slot, row.response, row.client_ms)
        previous = journal.link(previous, journal.line(row.epoch, entry))
        if previous != row.chain and not broken:
            broken = number
        chains.append(row.chain.hex())
    return chains, broken


def _session(session: ExamSession) -> dict[str, Any]:
    return {
        "ref": session.ref, "title": session.title, "opens_at": _time(session.opens_at),
        "closes_at": _time(session.closes_at), "minutes": session.minutes, "place_kind": session.place_kind,
        "place": session.place, "commitment": session.commitment,
    }  # fmt: skip


def _person(session: ExamSession, place: Place) -> dict[str, Any]:
    late = (
        session.place_kind == "room" and place.started_at is not None
        and place.started_at > session.opens_at + LATE_AFTER
    )  # fmt: skip
    return {
        "number": place.number, "name": place.name, "place": [place.room, place.seat],
        "state": "present" if place.started_at else "absent", "late": late, "medium": place.medium,
        "began_at": _time(place.started_at), "closed_at": _time(place.closed_at),
        "closed_by": place.closed_by, "answered": place.answered, "questions": place.questions,
        "extra_minutes": place.extra_minutes, "outage_seconds": place.outage_seconds, "takeovers": place.takeovers,
        "left": place.left, "late_answers": place.late,
    }  # fmt: skip


def _counts(people: Sequence[dict[str, Any]]) -> dict[str, int]:
    present = sum(person["state"] == "present" for person in people)
    return {
        "expected": len(people), "present": present, "absent": len(people) - present,
        "late": sum(person["late"] for person in people),
        "forced": sum(person["closed_by"] == "staff" for person in people),
        "by_time": sum(person["closed_by"] == "deadline" for person in people),
        "takeovers": sum(person["takeovers"] for person in people),
    }  # fmt: skip


def _changes(ids: dict[int, str]) -> list[dict[str, Any]]:
    found = [
        {"number": ids[sitting_id], "kind": one.kind, "minutes": one.minutes, "reason": one.reason, "by": one.by,
         "at": _time(one.at)}
        for sitting_id, changes in changes_of(list(ids)).items()
        for one in changes
    ]  # fmt: skip
    return sorted(found, key=lambda one: (str(one["at"]), str(one["number"])))


def _incidents(session: ExamSession) -> list[dict[str, Any]]:
    found = [
        {
            "number": case.number, "kind": case.incident.kind, "source": case.incident.source,
            "body": case.incident.body, "left": case.left if case.incident.kind == "left" else 0,
            "left_ms": case.left_ms if case.incident.kind == "left" else 0, "at": _time(case.incident.at),
            "noted_by": case.reporter, "reply": case.incident.reply, "decision": case.incident.decision,
            "why": case.incident.decision_why, "decided_by": case.decider, "ref": case.incident.ref,
        }
        for case in incidents_of(session)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (str(one["at"]), str(one["ref"])))


def _outages(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The downtimes of the service that sittings of the session were given back."""
    rows = db.session.execute(
        select(Outage.started_at, Outage.ended_at, func.count(OutageCredit.sitting_id))
        .join(OutageCredit, OutageCredit.outage_id == Outage.id)
        .where(OutageCredit.sitting_id.in_(ids))
        .group_by(Outage.id, Outage.started_at, Outage.ended_at)
        .order_by(Outage.started_at)
    )
    return [{"from": _time(start), "to": _time(end), "people": people} for start, end, people in rows]


def _refused(ids: Sequence[int]) -> dict[str, int]:
    """How many answers were refused, by reason."""
    rows = db.session.execute(
        select(RefusedEntry.reason, func.sum(RefusedEntry.count))
        .where(RefusedEntry.sitting_id.in_(ids))
        .group_by(RefusedEntry.reason)
    )
    return dict(Counter({reason: int(count) for reason, count in rows}))


def _number(column: Any, ids: Sequence[int]) -> int:
    return db.session.scalar(select(func.count()).where(column.in_(ids))) or 0


def name_of(person_id: int) -> str:
    """The name of a person."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
