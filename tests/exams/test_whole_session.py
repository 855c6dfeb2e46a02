"""A session with 30 candidates from admission cards to sealed minutes, by the routes that its people use, on both engines.

What happens: one has 150 % of the time, one never comes, one is offline at the end and in time, one too late, one goes on
in another window, one gets extra time, one goes on on paper and is keyed by two, one is handed in by the staff, one leaves
the page, one is found with a telephone, and one lets the time run out. All others hand in.
"""

from __future__ import annotations

import json
import re

from sqlalchemy import select, update

from app.exams import journal
from app.exams.models import AnswerEntry, ExamSession, Incident, Sitting
from app.exams.tasks import reveal_secrets
from app.jobs import services as jobs
from app.ledger.models import Entry
from app.marking.models import Result
from app.marking.tasks import close_due
from app.store import db, writing
from tests.exams.crowd import PASSWORD, Candidate, everybody
from tests.exams.hall import (
    ABSENT,
    BELL,
    EASED,
    EXTENDED,
    FORCED,
    LEAVER,
    MINUTE,
    MOVED,
    OFFLINE,
    PAPER,
    PHONE,
    SLEEPER,
    TOO_LATE,
    Hall,
    hall,
)
from tests.exams.pools import SPECIFICATION

__all__ = ["hall"]


def test_a_session_of_thirty_from_admission_cards_to_sealed_minutes(hall: Hall) -> None:
    announce(hall)
    wait_for_the_bell(hall)
    sit(hall)
    things_happen(hall)
    hand_in(hall)
    time_runs_out(hall)
    key_the_sheet(hall)
    decide(hall)
    seal(hall)
    check_everything(hall)


def announce(hall: Hall) -> None:
    """The day before: the session, its rooms, one accommodation, cards and lists."""
    officer = hall.staff["officer"]
    officer.enter()
    made = officer.post(
        "/exam-sessions", key="d" * 32, cohort=str(hall.cohort), specification=SPECIFICATION.code, title_zh="结业考试",
        title_en="Final exam", opens="2026-11-23T09:00", closes="2026-11-23T11:00", place_kind="room",
        place="2 Example Road", with_code="y", late_minutes="30", invigilators=[str(one) for one in hall.invigilators],
    )  # fmt: skip
    hall.ref = str(made.location).rsplit("/", 1)[1]
    session = db.session.scalars(select(ExamSession)).one()
    hall.code = session.access_code or ""
    assert len(hall.code) == 6
    officer.post(f"{hall.page}/rooms", rooms="Room 301 16\nRoom 302 16", apart="")
    listed = officer.get(f"{hall.page}/candidates").text
    assert "Room 301" in listed and listed.count("Room 302") >= 14
    eased = re.findall(rf"{re.escape(hall.page)}/candidates/\d+/accommodation", listed)[EASED]
    officer.post(eased, scope="session", percent="150", font="100", reason="a broken hand")
    hall.pdf(officer.post(f"{hall.page}/admission-cards", 200), "Candidate p00", "Candidate p29", "Room 302")
    hall.pdf(officer.get(f"{hall.page}/candidates.pdf"), "Candidate p29", "2026-01-0029")
    hall.pdf(officer.get(f"{hall.page}/door.pdf"), "2026-01-0000", "2026-01-0029")


def wait_for_the_bell(hall: Hall) -> None:
    """29 come, one mistypes the code, and the papers lie ready before the bell."""
    hall.at(-20)
    for one in hall.staff.values():
        one.enter()
    everybody(Candidate.enter, hall.came)
    everybody(lambda one: one.arrive(hall.ref), hall.came)
    wrong = hall.crowd[LEAVER]
    said = wrong.post(f"/sittings/{wrong.ref}/begin", 422, mine="y", accept="y", code="AAAAAA")
    assert "access code" in said.text
    everybody(lambda one: one.promise(hall.code), hall.came)
    hall.at(-5)
    jobs.run_everything_due()
    assert len(db.session.scalars(select(Sitting.id)).all()) == 30, "the one who is absent has a paper, too"
    counts = hall.counts()
    assert (counts["all"], counts["waiting"], counts["absent"]) == (30, 29, 1)


def sit(hall: Hall) -> None:
    """All begin at the same moment and answer in several batches."""
    hall.at(0)
    everybody(Candidate.begin, hall.came)
    assert hall.counts()["sitting"] == 29
    assert {len(one.kinds) for one in hall.came} == {SPECIFICATION.count}
    ends = {hall.row(number).deadline_at for number in range(30) if number != ABSENT}
    assert ends == {BELL + 90 * MINUTE, BELL + 135 * MINUTE}
    for minutes, slots in ((5, range(1, 9)), (10, range(5, 17)), (15, range(17, 25))):
        hall.at(minutes)
        everybody(lambda one, slots=slots: one.save(slots), hall.came)  # type: ignore[misc]
        everybody(Candidate.pulse, hall.came)
    hall.at(16)
    assert hall.counts()["lost"] == 0
    seats = json.loads(hall.staff["watch"].get(f"{hall.page}/desk/seats").text)["seats"]
    assert [one["answered"] for one in seats if one["ref"] in {who.ref for who in hall.came}] == ["24 / 44"] * 29


def things_happen(hall: Hall) -> None:
    """What an invigilator has to do with, and what candidates do meanwhile."""
    watch, officer = hall.staff["watch"], hall.staff["officer"]
    watch.post(f"{hall.page}/announcements", after="0", room="", body="Question 3: read 2019.")
    heard = everybody(Candidate.pulse, hall.came)
    assert {one["announcements"][0]["text"] for one in heard} == {"Question 3: read 2019."}

    extended = hall.crowd[EXTENDED]
    seat = f"/exam-sessions/sittings/{extended.ref}"
    watch.post(f"{seat}/extra-time", before="0", minutes="15", reason="fire drill")
    told = extended.pulse()
    assert told["deadline"] - told["now"] == (90 + 15 - 16) * 60_000

    moved = hall.crowd[MOVED]
    old_writer = moved.writer
    moved.take_over()
    stale = {"epoch": 1, "writer": old_writer, "entries": [{"seq": 29, "slot": 1, "value": "A", "ms": 1}]}
    assert moved.ask(f"/sittings/{moved.ref}/answers", 409, **stale)["code"] == "TakenOver"
    moved.save([1, 2])

    person = str(hall.row(PAPER).person_id)
    officer.post(f"{hall.page}/paper/switch", person=person, reason="his screen went dark", minutes="0")
    for what in ("booklet", "sheet"):
        hall.pdf(officer.post(f"{hall.page}/paper/print", 200, person=person, what=what, language="en"), "2026-01-0006")
    on_paper = hall.crowd[PAPER]
    late = {"epoch": 1, "writer": on_paper.writer, "entries": [{"seq": 29, "slot": 1, "value": "A", "ms": 1}]}
    assert on_paper.ask(f"/sittings/{on_paper.ref}/answers", 410, **late)["code"] == "OnPaper"

    forced = hall.crowd[FORCED]
    watch.post(f"/exam-sessions/sittings/{forced.ref}/hand-in", reason="taken ill")
    assert forced.pulse()["closed"] == {"by": "staff", "reason": "taken ill"}

    asked = hall.crowd[LEAVER].pulse(left=3)["incidents"]
    assert [one["kind"] for one in asked] == ["left"]
    reply = f"/sittings/{hall.crowd[LEAVER].ref}/incidents/{asked[0]['ref']}/reply"
    assert hall.crowd[LEAVER].ask(reply, body="My mother called.") == {"kept": True}
    watch.post(
        f"{hall.page}/incidents/new?sitting={hall.crowd[PHONE].ref}", key="e" * 32, kind="aid", body="A telephone."
    )
    assert hall.counts()["attention"] == 2


def hand_in(hall: Hall) -> None:
    """The last batch, the digests of both sides, and the receipts."""
    hall.at(80)
    sitting = hall.those(PAPER, FORCED, OFFLINE, TOO_LATE)
    everybody(lambda one: one.save(range(25, 45)), sitting)
    usual = hall.those(EASED, PAPER, FORCED, OFFLINE, TOO_LATE, EXTENDED, SLEEPER)
    odd = usual[0]
    shown = odd.digest
    other = journal.digest(odd.ref, {})
    said = odd.ask(f"/sittings/{odd.ref}/hand-in", 409, digest=other, accepted="")
    assert (said["code"], said["digest"]) == ("Differs", shown)
    assert len(set(everybody(Candidate.hand_in, usual))) == len(usual)
    assert hall.counts()["closed"] == len(usual) + 1


def time_runs_out(hall: Hall) -> None:
    """The deadline passes: what was on its way in the grace counts, what came after it is kept aside."""
    hall.at(90.5)
    close_due()
    reply = hall.crowd[OFFLINE].save(range(25, 45), written=BELL + 89 * MINUTE)
    assert not reply["late"]
    hall.at(91.5)
    kept = dict(hall.crowd[TOO_LATE].answers)
    assert hall.crowd[TOO_LATE].save(range(25, 45), written=BELL + 89 * MINUTE)["late"]
    hall.crowd[TOO_LATE].answers = kept
    close_due()
    for number in (OFFLINE, TOO_LATE, SLEEPER):
        row = hall.row(number)
        assert (row.state, row.closed_by, row.digest) == ("closed", "deadline", hall.crowd[number].digest)
    seat = hall.staff["watch"].get(f"/exam-sessions/sittings/{hall.crowd[TOO_LATE].ref}/uncounted").text
    assert seat.count("Late, not counted") >= 20
    hall.at(100)
    hall.crowd[EXTENDED].save([44])
    hall.crowd[EXTENDED].hand_in()
    hall.at(130)
    assert "The session is not over." in hall.staff["watch"].get(f"{hall.page}/minutes").text
    hall.crowd[EASED].save([44])
    hall.crowd[EASED].hand_in()
    assert hall.row(EASED).closed_by == hall.row(EXTENDED).closed_by == "candidate"


def key_the_sheet(hall: Hall) -> None:
    """Two people key the answer sheet, differ in one field, and decide with the sheet at hand."""
    paper = hall.crowd[PAPER]
    address = f"/exam-sessions/sittings/{paper.ref}/sheet"
    slots = [slot for slot, kind in enumerate(paper.kinds, 1) if kind == "judge"][-2:]
    typed = {f"f-{slots[0]}": "T", f"f-{slots[1]}": "T"}
    hall.staff["officer"].post(address, act="done", **typed)
    hall.staff["watch"].post(address, act="done", **typed | {f"f-{slots[1]}": "F"})
    hall.staff["watch"].post(f"{address}/differences", **{f"c-{slots[1]}": "1"})
    assert (hall.row(PAPER).state, hall.row(PAPER).closed_by) == ("closed", "paper")


def decide(hall: Hall) -> None:
    """A person decides on every incident, and on none before the candidate was heard."""
    officer, watch = hall.staff["officer"], hall.staff["watch"]
    listed = officer.get(f"{hall.page}/incidents").text
    left, phone = _incident(hall, "left"), _incident(hall, "aid")
    assert left in listed and phone in listed
    watch.post(f"/incidents/{phone}/decision", 403, decision="void", why="A telephone.", seen="")
    early = officer.post(f"/incidents/{phone}/decision", 422, decision="void", why="A telephone.", seen="")
    assert "has not answered yet" in early.text and "A telephone." in early.text
    culprit = hall.crowd[PHONE]
    own = f"/sittings/{culprit.ref}/incidents"
    assert "A telephone." in culprit.get(own).text
    culprit.post(f"{own}/{phone}", body="I forgot to hand it in.")
    for ref, decision, why in ((left, "warned", "A short call."), (phone, "void", "A telephone in use.")):
        page = officer.get(f"/incidents/{ref}/decision").text
        seen = re.search(r'name="seen"[^>]* value="([^"]*)"', page)
        assert seen is not None
        officer.post(f"/incidents/{ref}/decision", decision=decision, why=why, seen=seen[1])
    assert "A telephone in use." in culprit.get(own).text


def seal(hall: Hall) -> None:
    """Nobody sits any more: two people sign, and the secret is told."""
    hall.at(140)
    close_due()
    reveal_secrets()
    assert {row.state for row in db.session.scalars(select(Sitting).where(Sitting.started_at.is_not(None)))} == {
        "closed"
    }
    address = f"{hall.page}/minutes"
    for name, turn in (("watch", "first"), ("officer", "second")):
        page = hall.staff[name].get(address).text
        seen = re.search(r'name="seen"[^>]* value="([0-9a-f]{64})"', page)
        assert seen is not None
        hall.staff[name].post(f"{address}/{turn}", seen=seen[1], remarks="All went well.", password=PASSWORD)
    page = hall.staff["other"].get(address).text
    assert "Sealed." in page and "fire drill" in page and "taken ill" in page and "Question 3: read 2019." in page
    hall.pdf(hall.staff["officer"].get(f"{address}.pdf"), "Staff watch", "Staff officer", "A telephone in use.")


def check_everything(hall: Hall) -> None:
    """The root of the journals is equal, every paper is drawn again, everybody who sat has a result; tampering shows."""
    run = hall.app.test_cli_runner().invoke
    entry = db.session.scalars(select(Entry).where(Entry.kind == "session.sealed")).one()
    checked = run(args=["exams", "minutes", hall.ref, "--check"])
    assert checked.exit_code == 0 and "equal: 29 journals" in checked.output, checked.output
    assert f"today  {entry.facts['root']}" in checked.output
    drawn = run(args=["exams", "redraw", hall.ref, "--json"])
    assert drawn.exit_code == 0, drawn.output
    told = json.loads(drawn.output)
    papers = set(db.session.scalars(select(Sitting.ref)))
    assert told["equal"] and {one["subject"] for one in told["checked"]} == {"session", *papers}, told
    assert len(db.session.scalars(select(Result.sitting_id).distinct()).all()) == 29
    results = hall.staff["officer"].get(f"{hall.page}/results").text
    assert results.count("Candidate p") >= 29 and "Void" in results
    ref = hall.crowd[SLEEPER].ref
    with writing():
        db.session.execute(
            update(AnswerEntry)
            .where(AnswerEntry.sitting_id == hall.row(SLEEPER).id, AnswerEntry.seq == 7)
            .values(response='"D"')
        )
    checked = run(args=["exams", "minutes", hall.ref, "--check"])
    assert checked.exit_code == 1 and f"sitting {ref}: broken at line 7" in checked.output, checked.output


def _incident(hall: Hall, kind: str) -> str:
    return str(db.session.scalars(select(Incident.ref).where(Incident.kind == kind)).one())
