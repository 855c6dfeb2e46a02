"""From screen to paper and back into the journal: nothing saved is lost, two people key, and the score is the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.banks.items import Choice, Item, content_of
from app.banks.models import BankRow, ItemRow, ItemVersion
from app.cohorts import services as cohorts
from app.cohorts.models import Enrolment
from app.cohorts.study_rules import Rules
from app.exams import journal, timing
from app.exams import services as exams
from app.exams.keying import fields
from app.exams.models import Answer, AnswerEntry, SheetKeying, Sitting, SittingChange
from app.exams.paper import form_of
from app.exams.services.admit import candidate_of
from app.ledger.models import Entry
from app.marking import services, tasks
from app.marking.models import Result, Script
from app.store import db, scope_to, writing
from tests.banks.samples import blank
from tests.exams import rooms
from tests.exams.sheets import answers_to, marked
from tests.marking.world import ALL_RIGHT, ITEMS, NOW, ORDERS, Sat, World, make_world, sit

GAPS = {6: 2}
WRITER = "f" * 32
NUMBERS = count(1)
EVERY_KIND: list[Item] = [*ITEMS, blank()]
FORM = [
    {"slot": slot, "id": item.id, "version": item.hash, "kind": item.kind, "marks": marks,
     "options": ORDERS[slot - 1] if isinstance(item, Choice) else []}
    for slot, (item, marks) in enumerate(zip(EVERY_KIND, [2, 2, 1, 5, 10, 2], strict=True), 1)
]  # fmt: skip
SHEET = fields(form_of(FORM), GAPS)


@pytest.fixture
def world(db_app: Flask) -> Iterator[World]:
    with clock.frozen(NOW):
        yield make_world()
    exams.release_stores()


def two_keyers() -> tuple[int, int]:
    with writing():
        return rooms.person(f"k{next(NUMBERS)}").id, rooms.person(f"k{next(NUMBERS)}").id


def save(sat: Sat, answers: dict[int, Any], epoch: int = 1, writer: str = "w" * 32, first: int = 1) -> None:
    entries = [
        {"seq": seq, "slot": slot, "value": value, "ms": int(clock.now().timestamp() * 1000)}
        for seq, (slot, value) in enumerate(answers.items(), first)
    ]
    exams.record_answers(sat.ref, sat.person, epoch, writer, entries)


def to_paper(world: World, *people: int, minutes: int = 0) -> exams.Moved:
    with writing():
        return exams.to_paper(world.session_ref, people, reason="停电", minutes=minutes, by=world.officer)


def key(ref: str, by: int, typed: dict[str, str]) -> bool:
    with writing():
        exams.keep_draft(ref, typed, by=by)
    with writing():
        return exams.finish_keying(ref, by=by)


def written(sat: Sat, answers: dict[int, Any]) -> dict[str, str]:
    sitting = db.session.scalars(select(Sitting).where(Sitting.id == sat.id)).one()
    return marked(fields(form_of(sitting.form), GAPS), answers)


def sitting_of(sat: Sat) -> Sitting:
    return db.session.scalars(
        select(Sitting).where(Sitting.id == sat.id).execution_options(populate_existing=True)
    ).one()


def kinds(ref: str) -> list[str]:
    found = db.session.scalars(select(Entry.kind).where(Entry.subject == f"sitting:{ref}").order_by(Entry.id))
    return list(found)


def test_what_was_saved_stays_and_the_screen_takes_nothing_more(world: World) -> None:
    sat = sit(world, {})
    save(sat, {1: "B", 3: "correct"})
    moved = to_paper(world, sat.person, minutes=10)
    assert [one.ref for one in moved.sittings] == [sat.ref]
    own = sitting_of(sat)
    assert (own.medium, own.epoch, own.extra_minutes) == ("paper", 2, 10)
    assert own.deadline_at == NOW + timedelta(minutes=70)
    with pytest.raises(timing.OnPaper):
        save(sat, {1: "C"}, first=3)
    with pytest.raises(timing.OnPaper):
        exams.record_form(sat.ref, sat.person, 1, {1: "C"})
    with pytest.raises(timing.OnPaper), writing():
        exams.lease(sat.ref, sat.person, WRITER, take_over=True)
    with pytest.raises(timing.OnPaper), writing():
        services.hand_in(sat.ref, "candidate", clock.now(), person_id=sat.person)
    assert exams.present_answers(sat.ref, sat.person) == {1: "B", 3: "correct"}
    told = db.session.scalars(select(Entry).where(Entry.kind == "sitting.to-paper")).one()
    assert "停电" not in repr(told.facts)
    assert db.session.scalars(select(SittingChange.reason)).all() == ["停电"]


def test_moving_twice_changes_nothing_and_a_closed_sitting_is_named(world: World) -> None:
    sat, other = sit(world, {}), sit(world, ALL_RIGHT, account="li")
    with writing():
        services.hand_in(other.ref, "candidate", clock.now())
    to_paper(world, sat.person)
    moved = to_paper(world, sat.person, other.person, minutes=5)
    assert [person for person, _ in moved.refused] == [other.person]
    assert (sitting_of(sat).epoch, sitting_of(sat).extra_minutes) == (2, 0)
    assert kinds(sat.ref) == ["sitting.to-paper"]


def test_time_does_not_close_a_paper_sitting(world: World) -> None:
    sat = sit(world, {})
    to_paper(world, sat.person)
    with clock.frozen(NOW + timedelta(hours=3)):
        scope_to(None)
        tasks.close_due()
        assert sitting_of(sat).state == "open"


def test_the_room_declares_the_start_and_each_has_the_own_time(world: World) -> None:
    sat = sit(world, {})
    with writing():
        own = sitting_of(sat)
        own.state, own.started_at, own.deadline_at = "ready", None, None
        session = exams.get_session(world.session_ref)
        candidate_of(session, db.session.get_one(Enrolment, own.enrolment_id)).percent = 150
    to_paper(world, sat.person)
    for at in (NOW - timedelta(hours=2), NOW + timedelta(minutes=1)):
        with pytest.raises(exams.StartOutside), writing():
            exams.declare_start(world.session_ref, at, by=world.officer)
    with writing():
        assert exams.declare_start(world.session_ref, NOW - timedelta(minutes=5), by=world.officer).count == 1
        assert exams.declare_start(world.session_ref, NOW, by=world.officer).count == 0
    own = sitting_of(sat)
    assert (own.state, own.deadline_at) == ("open", NOW - timedelta(minutes=5) + timedelta(minutes=135))


def test_who_may_not_sit_any_more_does_not_begin_on_paper(world: World) -> None:
    sat = sit(world, {})
    with writing():
        own = sitting_of(sat)
        own.state, own.started_at, own.deadline_at = "ready", None, None
        own.created_at = NOW - timedelta(days=2)
        enrolment = own.enrolment_id
        cohort = db.session.get_one(Enrolment, enrolment).cohort_id
    to_paper(world, sat.person)
    with writing():
        cohorts.set_rules(cohort, Rules(hours=8), by=world.officer)
        cohorts.admit(enrolment, reason="出差", missing=["hours"], by=world.officer)
        cohorts.withdraw_admission(enrolment, reason="情况有变", by=world.officer)
    with writing():
        begun = exams.declare_start(world.session_ref, NOW - timedelta(minutes=5), by=world.officer)
    assert begun.count == 0 and [person for person, _ in begun.refused] == [sat.person]
    assert sitting_of(sat).state == "ready"


def test_back_to_the_screen_until_somebody_keys(world: World) -> None:
    sat = sit(world, {})
    save(sat, {1: "B"})
    to_paper(world, sat.person)
    with writing():
        exams.to_screen(sat.ref, reason="电来了", by=world.officer)
    with writing():
        held = exams.lease(sat.ref, sat.person, WRITER, take_over=False)
    assert held.granted
    save(sat, {1: "C"}, epoch=held.epoch, writer=WRITER)
    to_paper(world, sat.person)
    one, _ = two_keyers()
    with writing():
        exams.keep_draft(sat.ref, {"1": "D"}, by=one)
    with pytest.raises(exams.KeyingBegun), writing():
        exams.to_screen(sat.ref, reason="", by=world.officer)


def test_two_people_key_and_neither_sees_the_other(world: World) -> None:
    sat = sit(world, {})
    to_paper(world, sat.person)
    one, other = two_keyers()
    assert not key(sat.ref, one, {"1": "b"})
    assert exams.get_sheet(sat.ref, other).typed == {}
    assert (exams.get_sheet(sat.ref, one).typed, exams.get_sheet(sat.ref, one).done) == ({"1": "B"}, True)
    assert not key(sat.ref, one, {"1": "C"}), "the same person again is no second reading"
    with pytest.raises(exams.NotOnPaper):
        exams.compare(sat.ref)
    assert key(sat.ref, other, {"1": "B"})
    third, _ = two_keyers()
    with pytest.raises(exams.TwoKeyed), writing():
        exams.keep_draft(sat.ref, {"1": "A"}, by=third)
    assert exams.compare(sat.ref).fields == []


def test_the_database_itself_holds_two_readings_to_two_people(world: World) -> None:
    sat = sit(world, {})
    to_paper(world, sat.person)
    one, _ = two_keyers()
    row = {"base_id": world.base, "sitting_id": sat.id, "responses": {}, "by_id": one, "at": NOW}
    with pytest.raises(IntegrityError), writing():
        db.session.add_all([SheetKeying(no=1, **row), SheetKeying(no=2, **row)])
    with writing():
        db.session.add_all([SheetKeying(no=1, **row), SheetKeying(no=3, **row)])


def test_a_draft_is_kept_as_it_was_typed_even_where_it_cannot_stand(world: World) -> None:
    sat = sit(world, {})
    to_paper(world, sat.person)
    one, _ = two_keyers()
    with pytest.raises(exams.Unkeyed) as refused:
        key(sat.ref, one, {"1": "Z", "4": " 写了一半", "9": "no such field"})
    assert set(refused.value.problems) == {"1"}
    held = exams.get_sheet(sat.ref, one)
    assert (held.typed, held.done, held.no) == ({"1": "Z", "4": " 写了一半"}, False, 1)


def test_a_difference_is_settled_and_the_sheet_is_scored_as_any_exam(world: World) -> None:
    sat = sit(world, {})
    save(sat, {1: "A", 2: ["A", "D"]})
    to_paper(world, sat.person)
    one, other = two_keyers()
    sheet = {"1": "B", "3": "T", "4": "一二三"}
    key(sat.ref, one, sheet)
    assert key(sat.ref, other, sheet | {"3": "F", "4": "一 二三"})
    compared = exams.compare(sat.ref)
    assert [field.key for field in compared.fields] == ["3"]
    with pytest.raises(exams.Unkeyed), writing():
        exams.settle(sat.ref, {}, by=one)
    assert exams.sheets_agreed() == []
    with writing():
        exams.settle(sat.ref, {"3": "T"}, by=one)
    with clock.frozen(NOW + timedelta(days=1)):
        result = services.take_in_sheet(sat.ref)
        assert services.take_in_sheet(sat.ref) is None
    assert result is not None
    assert result.total == "5"
    own = sitting_of(sat)
    assert (own.state, own.closed_by, own.closed_at) == ("closed", "paper", NOW + timedelta(minutes=60))
    assert exams.present_answers(sat.ref, sat.person) == {1: "B", 2: ["A", "D"], 3: "correct", 4: "一二三"}
    lines = db.session.scalars(
        select(AnswerEntry).where(AnswerEntry.sitting_id == sat.id).order_by(AnswerEntry.epoch, AnswerEntry.seq)
    ).all()
    assert [(line.epoch, line.seq, line.slot, line.late) for line in lines[2:]] == [
        (2, 1, 1, False), (2, 2, 3, False), (2, 3, 4, False),
    ]  # fmt: skip
    chained = [
        (line.epoch, journal.Entry(line.seq, line.slot, line.response, line.client_ms), line.chain) for line in lines
    ]
    assert journal.broken_at(sat.ref, chained) is None
    assert own.digest == journal.digest(sat.ref, _texts(sat))
    assert kinds(sat.ref) == [
        "sitting.to-paper", "sheet.keyed", "sheet.keyed", "sheet.settled", "sitting.closed", "result.provisional",
    ]  # fmt: skip


def test_what_was_left_half_done_is_finished_and_twice_is_once(world: World) -> None:
    sat = sit(world, {})
    save(sat, {1: "A"})
    to_paper(world, sat.person)
    one, other = two_keyers()
    key(sat.ref, one, {"1": "B", "3": "T"})
    key(sat.ref, other, {"1": "B", "3": "T"})
    exams.write_down(sat.ref)  # and then the process died
    assert sitting_of(sat).state == "open"
    exams.write_down(sat.ref)
    scope_to(None)
    tasks.take_in_sheets()
    own = sitting_of(sat)
    assert (own.state, own.closed_by) == ("closed", "paper")
    assert len(db.session.scalars(select(AnswerEntry).where(AnswerEntry.sitting_id == sat.id)).all()) == 3
    assert exams.present_answers(sat.ref, sat.person) == {1: "B", 3: "correct"}


def _texts(sat: Sat) -> dict[int, str]:
    return dict(db.session.execute(select(Answer.slot, Answer.response).where(Answer.sitting_id == sat.id)).all())


def _store_blank() -> None:
    owner, item = db.session.scalars(select(BankRow)).one(), EVERY_KIND[-1]
    row = ItemRow(
        bank_id=owner.id, code=item.id, kind=item.kind, clause=item.clause, group=item.group, topic=item.topic,
        level=item.level, pool="exam", status="approved", rating=["0.6", "0.7"], enemies=[], readings=[], hash=item.hash,
    )  # fmt: skip
    row.versions.append(ItemVersion(hash=item.hash, content=content_of(item), made_at=NOW))
    db.session.add(row)


def _outcome(sat: Sat) -> tuple[Any, ...]:
    """What the marking has of a sitting: snapshot, first result, and what waits for a person."""
    result = db.session.scalars(select(Result).where(Result.sitting_id == sat.id).order_by(Result.version)).first()
    assert result is not None
    scripts = db.session.execute(
        select(Script.slot, Script.response).where(Script.sitting_id == sat.id).order_by(Script.slot)
    )
    return exams.present_answers(sat.ref, sat.person), result.total, result.scores, [tuple(row) for row in scripts]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers_to(form_of(FORM), GAPS), answers_to(form_of(FORM), GAPS))
def test_paper_scores_as_the_screen_does(world: World, before: dict[int, Any], answers: dict[int, Any]) -> None:
    """The same answers, given on screen or written on a sheet of which some were on screen before."""
    with writing():
        if db.session.scalar(select(ItemRow.id).where(ItemRow.code == EVERY_KIND[-1].id)) is None:
            _store_blank()
    screen = sit(world, {}, account=f"s{next(NUMBERS)}")
    sheet = sit(world, {}, account=f"p{next(NUMBERS)}")
    with writing():
        for sat in (screen, sheet):
            sitting_of(sat).form = FORM
    save(screen, answers)
    with writing():
        services.hand_in(screen.ref, "candidate", clock.now())
    save(sheet, before)
    to_paper(world, sheet.person)
    typed = {field.key: "-" for field in SHEET} | marked(SHEET, answers)  # everything is written anew or taken back
    one, other = two_keyers()
    key(sheet.ref, one, typed)
    assert key(sheet.ref, other, typed)
    services.take_in_sheet(sheet.ref)
    assert _outcome(sheet) == _outcome(screen)
