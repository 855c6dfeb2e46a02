"""Downtime and the clock: signs of life, outages given back by rule 停机补时, and steps of the server's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app import clock
from app.exams import downtime
from app.exams.models import ClockAlarm, Outage, OutageCredit, ServiceBeat, Sitting
from app.jobs.services import ask
from app.ledger.services import record
from app.refusals import NotFound
from app.store import db

WEB = "web"
CREDIT = "exams.credit-outage"


def beat() -> None:
    """Leave a sign of life of the web server. After an outage, keep it and ask for the job that gives it back."""
    at = clock.now()
    last = db.session.scalar(select(ServiceBeat).where(ServiceBeat.name == WEB).with_for_update())
    if last is None:
        db.session.add(ServiceBeat(name=WEB, at=at))
        return
    if downtime.is_outage(last.at, at):
        outage = Outage(started_at=last.at, ended_at=at)
        db.session.add(outage)
        db.session.flush()
        ask(kind=CREDIT, key=f"{CREDIT}:{outage.id}", payload={"outage": outage.id})
    last.at = at


def credit_outage(outage_id: int) -> int:
    """Give an outage back to every open sitting that it touched, once; returns how many got something.

    The time is given by rule, without anybody asking, and goes beyond the session's window.
    """
    outage = db.session.scalar(select(Outage).where(Outage.id == outage_id).with_for_update())
    if outage is None or outage.credited_at is not None:
        return 0
    sittings = db.session.scalars(
        select(Sitting)
        .where(Sitting.state == "open", Sitting.started_at < outage.ended_at, Sitting.deadline_at > outage.started_at)
        .order_by(Sitting.id)
        .with_for_update()
    ).all()
    outage.credited_at = clock.now()
    return sum(_credit(sitting, outage) for sitting in sittings)


def _credit(sitting: Sitting, outage: Outage) -> bool:
    assert sitting.started_at is not None and sitting.deadline_at is not None
    given = downtime.lost(sitting.started_at, sitting.deadline_at, outage.started_at, outage.ended_at)
    seconds = int(given.total_seconds())
    if not seconds:
        return False
    sitting.deadline_at += given
    sitting.outage_seconds += seconds
    db.session.add(OutageCredit(outage_id=outage.id, sitting_id=sitting.id, seconds=seconds, at=clock.now()))
    facts = {
        "seconds": seconds, "deadline": sitting.deadline_at.isoformat(), "since": outage.started_at.isoformat(),
        "until": outage.ended_at.isoformat(),
    }  # fmt: skip
    record(
        kind="sitting.credited", base_id=sitting.base_id, actor_id=None, subject=f"sitting:{sitting.ref}", facts=facts
    )
    return True


def may_close_by_time(at: datetime) -> bool:
    """Whether sittings may be closed by their deadlines now: the site lives, and every outage is given back."""
    last = db.session.scalar(select(ServiceBeat.at).where(ServiceBeat.name == WEB))
    owed = db.session.scalar(select(Outage.id).where(Outage.credited_at.is_(None)).limit(1))
    return owed is None and downtime.is_alive(last, at)


def note_clock(parted: timedelta) -> None:
    """Keep that the machine's clock parted from the running time by so much; when they agree again, settle it."""
    alarms = open_alarms()
    known = timedelta(milliseconds=alarms[-1].step_ms) if alarms else timedelta(0)
    if not downtime.is_news(parted, known):
        return
    for alarm in alarms:
        settle_clock(alarm.id, None)
    if downtime.is_news(parted, timedelta(0)):
        alarm = ClockAlarm(at=clock.now(), step_ms=round(parted.total_seconds() * 1000), facts={})
        db.session.add(alarm)
        db.session.flush()
        _record("clock.stepped", alarm, None)


def open_alarms() -> Sequence[ClockAlarm]:
    """The alarms that are not settled, the earliest first."""
    return db.session.scalars(select(ClockAlarm).where(ClockAlarm.settled_at.is_(None)).order_by(ClockAlarm.id)).all()


def settle_clock(alarm_id: int, by: int | None) -> None:
    """Say that somebody has seen to the clock (None: it agrees again); a second time changes nothing. Raises NotFound."""
    alarm = db.session.scalar(select(ClockAlarm).where(ClockAlarm.id == alarm_id).with_for_update())
    if alarm is None:
        raise NotFound
    if alarm.settled_at is None:
        alarm.settled_by, alarm.settled_at = by, clock.now()
        _record("clock.settled", alarm, by)


def _record(kind: str, alarm: ClockAlarm, by: int | None) -> None:
    record(kind=kind, base_id=None, actor_id=by, subject=f"clock:{alarm.id}", facts={"step_ms": alarm.step_ms})
