"""The minutes: two people, the same facts, one seal, and a check that finds what was changed, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select, update

from app import clock
from app.exams import services
from app.exams.minutes_book import Minutes, compose
from app.exams.models import AnswerEntry, ExamSession, SessionMinutes, Sitting
from app.exams.services import incidents, minutes
from app.exams.services.close import close_sitting
from app.exams.views.minutes import _speech as speech_of
from app.ledger.models import Entry
from app.refusals import NotFound
from app.store import db, writing
from tests.exams import rooms
from tests.exams.rooms import NOW

pytestmark = pytest.mark.usefixtures("now", "db_app")
WRITER = "w" * 32


def world(close: bool = True) -> tuple[ExamSession, list[Sitting], int, int]:
    """A session with two sittings that were answered and handed in, and two people who may sign."""
    with writing():
        room = rooms.cohort(rooms.programme(rooms.base().id))
        rooms.specification()
        session = rooms.session(room)
        first, second = rooms.person("first").id, rooms.person("second").id
        refs = [
            (rooms.sitting(session, rooms.enrol(room, who, f"2026-01-{n:04d}")).ref, who.id)
            for n, who in enumerate((rooms.person("zhang"), rooms.person("li")), 1)
        ]
        session_id = session.id
    for ref, who in refs:
        entries = [{"seq": n, "slot": 1, "value": value, "ms": n} for n, value in enumerate("ABC", 1)]
        services.record_answers(ref, who, 1, WRITER, entries)
    if close:
        with writing():
            for sitting in db.session.scalars(select(Sitting)):
                close_sitting(sitting.id, "candidate", clock.now())
    sittings = list(db.session.scalars(select(Sitting).order_by(Sitting.id)))
    return db.session.get_one(ExamSession, session_id), sittings, first, second


def sign(session: ExamSession, by: int, turn: str, remarks: str = "", seen: str | None = None) -> SessionMinutes:
    with writing():
        shown = seen if seen is not None else minutes.get_minutes(session).seen
        return minutes.sign_minutes(session, turn=turn, seen=shown, remarks=remarks, by=by)


def test_two_people_sign_and_the_root_is_in_the_ledger() -> None:
    session, _, first, second = world()
    sign(session, first, "first", "All went well.")
    assert minutes.get_minutes(session).turn == "second"
    sealed = sign(session, second, "second")
    view = minutes.get_minutes(session)
    assert view.sealed and view.turn == "" and view.facts["counts"]["present"] == 2
    entry = db.session.scalars(select(Entry).where(Entry.kind == "session.sealed")).one()
    assert (entry.facts["root"], entry.facts["minutes_digest"]) == (sealed.root, sealed.digest)
    assert "All went well" not in str(entry.facts)
    check = minutes.check_minutes(session)
    assert check.holds and check.root == sealed.root and check.sittings == 2
    assert sign(session, second, "second").second_by == second, "signing twice changes nothing"
    for turn in ("first", "second"):
        with pytest.raises(minutes.Sealed):
            sign(session, first, turn)


def test_the_second_signature_is_another_persons() -> None:
    session, _, first, second = world()
    sign(session, first, "first")
    sign(session, first, "first", "A remark that came later.")
    with pytest.raises(minutes.SamePerson):
        sign(session, first, "second")
    with pytest.raises(minutes.FactsChanged):
        sign(session, second, "first", "Other remarks")
    assert sign(session, second, "second").remarks == "A remark that came later."


def test_nothing_is_signed_while_somebody_sits() -> None:
    session, sittings, first, _ = world(close=False)
    with clock.frozen(NOW + timedelta(hours=9)), pytest.raises(minutes.NotOver):
        sign(session, first, "first")
    with writing():
        for sitting in sittings:
            close_sitting(sitting.id, "staff", clock.now())
    assert sign(session, first, "first").first_by == first, "everybody has handed in, so it need not wait"


def test_what_happens_after_the_first_signature_asks_for_a_new_one() -> None:
    session, sittings, first, second = world()
    before = minutes.get_minutes(session).seen
    sign(session, first, "first")
    with writing():
        incidents.report_incident(
            session, key="a" * 32, sitting_ref=sittings[0].ref, kind="talk", body="Whispering.", by=first
        )
    view = minutes.get_minutes(session)
    assert view.stale and view.turn == "first"
    with pytest.raises(minutes.FirstAgain):
        sign(session, second, "second", seen=before)
    with pytest.raises(minutes.FactsChanged):
        sign(session, second, "first", seen=before)
    sign(session, second, "first")
    sealed = sign(session, first, "second")
    assert (sealed.first_by, sealed.second_by) == (second, first)
    assert sealed.facts["incidents"][0]["body"] == "Whispering."


def test_answers_that_come_after_the_seal_do_not_break_it() -> None:
    session, sittings, first, second = world(close=False)
    with writing():
        for sitting in db.session.scalars(select(Sitting)):
            close_sitting(sitting.id, "deadline", NOW + timedelta(minutes=91))
    sign(session, first, "first")
    sign(session, second, "second")
    with clock.frozen(NOW + timedelta(minutes=95)):
        entry = {"seq": 4, "slot": 2, "value": ["A"], "ms": 9}
        assert services.record_answers(sittings[0].ref, sittings[0].person_id, 1, WRITER, [entry]).late
    assert minutes.check_minutes(session).holds


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (update(AnswerEntry).where(AnswerEntry.seq == 2).values(response='"D"'), "broken"),
        (update(AnswerEntry).where(AnswerEntry.seq == 3).values(chain=b"x" * 32), "broken"),
        (AnswerEntry.__table__.delete().where(AnswerEntry.seq == 3), "shorter"),
    ],
)
def test_a_changed_journal_is_found(change: object, what: str, db_app: Flask) -> None:
    session, _, first, second = world()
    sign(session, first, "first")
    sign(session, second, "second")
    with writing():
        db.session.execute(change)  # type: ignore[call-overload]
    check = minutes.check_minutes(session)
    assert not check.holds and {one.what for one in check.differences} == {what}
    said = db_app.test_cli_runner().invoke(args=["exams", "minutes", session.ref, "--check"])
    assert said.exit_code == 1 and what in said.output and "not equal" in said.output


@pytest.mark.parametrize(
    "change", [{"remarks": "x"}, {"root": "0" * 64}, {"second_name": "x"}, {"facts": {"journals": []}}]
)
def test_changed_minutes_are_found(change: dict[str, object]) -> None:
    session, _, first, second = world()
    sign(session, first, "first")
    sign(session, second, "second")
    with writing():
        db.session.execute(update(SessionMinutes).values(**change))
    assert not minutes.check_minutes(session).holds


def test_the_command_says_equal(db_app: Flask) -> None:
    session, _, first, second = world()
    ref = session.ref
    assert db_app.test_cli_runner().invoke(args=["exams", "minutes", ref]).exit_code == 1
    with pytest.raises(NotFound):
        minutes.check_minutes(session)
    sign(session, first, "first")
    sign(session, second, "second")
    said = db_app.test_cli_runner().invoke(args=["exams", "minutes", ref, "--check"])
    assert said.exit_code == 0 and "equal: 2 journals" in said.output


def test_the_minutes_say_when_and_how_each_sitting_was_handed_in(db_app: Flask) -> None:
    session, sittings, _, _ = world(close=False)
    handed_in, forced = NOW + timedelta(minutes=20), NOW + timedelta(minutes=25)
    with writing():
        close_sitting(sittings[0].id, "candidate", handed_in)
        close_sitting(sittings[1].id, "staff", forced)
    facts = minutes.get_minutes(session).facts
    ends = {one["number"]: (one["closed_at"], one["closed_by"]) for one in facts["people"] if one["state"] == "present"}
    assert ends == {
        "2026-01-0001": (handed_in.isoformat(timespec="seconds"), "candidate"),
        "2026-01-0002": (forced.isoformat(timespec="seconds"), "staff"),
    }
    for locale, first, second in (
        ("en", "by the candidate", "by the staff"),
        ("zh_Hans_CN", "考生交卷", "工作人员收卷"),
    ):
        with db_app.test_request_context(), force_locale(locale):
            book = repr(compose(Minutes(facts, "", "", "", ()), speech_of(NOW)))
        assert f"09:20:00 {first}" in book and f"09:25:00 {second}" in book, book
    older = {**facts, "people": [{k: v for k, v in one.items() if k != "closed_at"} for one in facts["people"]]}
    with db_app.test_request_context(), force_locale("en"):
        assert "by the candidate" in repr(compose(Minutes(older, "", "", "", ()), speech_of(NOW)))
