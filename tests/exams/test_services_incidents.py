"""Incidents: a person decides, the candidate is heard first, and reports of questions are answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.exams import services, timing
from app.exams.journal import BadEntry
from app.exams.models import ExamSession, Incident, QuestionReport, Sitting
from app.exams.services import incidents, reports
from app.ledger.models import Entry
from app.refusals import NotFound
from app.store import db, writing
from tests.exams.rooms import NOW, one_sitting, person

pytestmark = pytest.mark.usefixtures("now", "db_app")
KEY = "a" * 32


def world() -> tuple[Sitting, ExamSession, int, int]:
    """An open sitting, its session, an invigilator and an officer."""
    _, _, own = one_sitting()
    with writing():
        watcher, officer = person("watcher").id, person("officer").id
    sitting = db.session.get_one(Sitting, own)
    return sitting, db.session.get_one(ExamSession, sitting.session_id), watcher, officer


def reported(sitting: Sitting, session: ExamSession, by: int, key: str = KEY) -> Incident:
    with writing():
        return incidents.report_incident(
            session, key=key, sitting_ref=sitting.ref, kind="phone", body="A phone on the desk.", by=by
        )


def test_sending_the_report_twice_makes_one_incident() -> None:
    sitting, session, watcher, _ = world()
    assert reported(sitting, session, watcher).id == reported(sitting, session, watcher).id
    entry = db.session.scalars(select(Entry).where(Entry.kind == "incident.raised")).one()
    assert "phone on the desk" not in str(entry.facts), "words may name people"
    with pytest.raises(NotFound), writing():
        incidents.report_incident(session, key="b" * 32, sitting_ref="0" * 32, kind="phone", body="x", by=watcher)


def test_the_candidate_answers_and_may_add_to_it_until_it_is_decided() -> None:
    sitting, session, watcher, officer = world()
    ref = reported(sitting, session, watcher).ref
    for words in ("It was off.", "It was off.", "It is my mother's."):
        with writing():
            incidents.reply(sitting, ref, words)
    case = incidents.get_incident(ref)
    assert case.incident.reply == "It was off.\n\nIt is my mother's."
    with writing():
        incidents.decide_incident(ref, decision="noted", why="Heard.", seen=case.seen, by=officer)
    with pytest.raises(incidents.AlreadyDecided), writing():
        incidents.reply(sitting, ref, "And another thing.")
    with writing(), pytest.raises(NotFound):
        incidents.reply(sitting, "0" * 32, "x")


def test_an_answer_has_its_limit_and_keeps_what_was_there() -> None:
    sitting, session, watcher, _ = world()
    ref = reported(sitting, session, watcher).ref
    for number in range(4):
        with writing():
            incidents.reply(sitting, ref, f"{number}" * 1990)
    with pytest.raises(incidents.ReplyTooLong), writing():
        incidents.reply(sitting, ref, "x" * 100)
    assert len(incidents.get_incident(ref).incident.reply or "") == 4 * 1990 + 6


def test_void_needs_an_answer_or_three_days_and_somebody_who_did_not_report() -> None:
    sitting, session, watcher, officer = world()
    ref = reported(sitting, session, watcher).ref
    with pytest.raises(incidents.OwnReport), writing():
        incidents.decide_incident(ref, decision="void", why="x", seen="", by=watcher)
    with pytest.raises(incidents.NotHeardYet), writing():
        incidents.decide_incident(ref, decision="void", why="x", seen="", by=officer)
    assert not incidents.void_among([sitting.id])
    with clock.frozen(NOW + timedelta(days=3)), writing():
        incidents.decide_incident(ref, decision="void", why="x", seen="", by=officer)
    assert incidents.void_among([sitting.id])
    entry = db.session.scalars(select(Entry).where(Entry.kind == "incident.decided")).one()
    assert entry.facts["outcome"] == "void" and entry.subject == f"sitting:{sitting.ref}"


def test_who_decides_has_read_the_answer() -> None:
    sitting, session, watcher, officer = world()
    ref = reported(sitting, session, watcher).ref
    before = incidents.get_incident(ref).seen
    with writing():
        incidents.reply(sitting, ref, "It was off.")
    with pytest.raises(incidents.AnswerUnread), writing():
        incidents.decide_incident(ref, decision="void", why="x", seen=before, by=officer)
    with writing():
        incidents.decide_incident(ref, decision="void", why="x", seen=incidents.get_incident(ref).seen, by=officer)
    with writing():
        same = incidents.decide_incident(ref, decision="void", why="x", seen="", by=officer)
    assert same.decision == "void", "the same decision again changes nothing"
    with pytest.raises(incidents.AlreadyDecided), writing():
        incidents.decide_incident(ref, decision="none", why="y", seen="", by=officer)


def test_an_incident_of_the_whole_session_voids_nobody() -> None:
    _, session, watcher, officer = world()
    with writing():
        incidents.report_incident(session, key=KEY, sitting_ref=None, kind="power", body="Dark.", by=watcher)
    with pytest.raises(NotFound), writing():
        incidents.decide_incident(KEY, decision="void", why="x", seen="", by=officer)
    with writing():
        incidents.decide_incident(KEY, decision="noted", why="Ten minutes.", seen="", by=officer)
    assert [case.incident.decision for case in incidents.incidents_of(session)] == ["noted"]


def test_a_report_of_a_question_names_the_item_and_comes_once() -> None:
    sitting, session, _, officer = world()
    for _ in range(2):
        with writing():
            services.report_question(sitting.ref, sitting.person_id, key=KEY, slot=2, body="Two options are equal.")
    report = db.session.scalars(select(QuestionReport)).one()
    assert (report.item, report.version) == ("b", "1" * 64)
    with writing():
        reports.answer_report(session, report.id, answer="Both count.", by=officer)
    with pytest.raises(reports.AnsweredAlready), writing():
        reports.answer_report(session, report.id, answer="Neither.", by=officer)
    assert [one.answer for one in reports.own_reports(sitting)] == ["Both count."]


def test_reports_have_their_limits() -> None:
    sitting, _, _, _ = world()
    with pytest.raises(BadEntry), writing():
        services.report_question(sitting.ref, sitting.person_id, key=KEY, slot=99, body="x")
    with pytest.raises(NotFound), writing():
        services.report_question(sitting.ref, sitting.person_id + 1, key=KEY, slot=1, body="x")
    with clock.frozen(NOW + timedelta(days=2)), pytest.raises(timing.Closed), writing():
        services.report_question(sitting.ref, sitting.person_id, key=KEY, slot=1, body="x")
    for number in range(reports.MOST_REPORTS):
        with writing():
            services.report_question(sitting.ref, sitting.person_id, key=f"{number:032x}", slot=1, body="x")
    with pytest.raises(reports.TooManyReports), writing():
        services.report_question(sitting.ref, sitting.person_id, key=KEY, slot=1, body="x")
    assert db.session.scalar(select(func.count()).select_from(QuestionReport)) == reports.MOST_REPORTS
