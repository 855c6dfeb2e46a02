"""A sitting from admission to closing, on both databases."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.exams import journal, services, timing
from app.exams.assembly import assemble, canonical_pool, form_rows
from app.exams.assembly.redraw import paper_seed, sitting_name
from app.exams.models import Answer, ExamPool, ExamSession, Sitting, SittingChange
from app.exams.services.prepare import NoAttempts, SatAlready
from app.ledger.models import Entry as LedgerEntry
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.exams import rooms
from tests.exams.pools import SPECIFICATION
from tests.exams.rooms import NOW, Room, whole_room

pytestmark = pytest.mark.usefixtures("now")
WRITER = "a" * 32


def prepare(room: Room, person: int = 0) -> Sitting:
    with writing():
        return services.prepare_sitting(room.session, room.people[person])


def begin(room: Room, person: int = 0) -> Sitting:
    sitting = prepare(room, person)
    with writing():
        opened = services.open_sitting(sitting.ref, room.people[person], "zh_CN")
    with writing():
        services.lease(sitting.ref, room.people[person], WRITER, take_over=False)
    return opened


def entry(seq: int, slot: int, value: object) -> dict[str, object]:
    return {"seq": seq, "slot": slot, "value": value, "ms": 1000}


def kinds() -> list[str]:
    return [row["kind"] for row in ledger_rows()]


def ledger_rows() -> list[dict[str, object]]:
    db.session.rollback()
    rows = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))
    return [{"kind": row.kind, "subject": row.subject, "facts": row.facts} for row in rows]


def test_the_paper_is_fixed_when_the_sitting_is_made(db_app: Flask) -> None:
    room = whole_room()
    first = prepare(room)
    form, ref = first.form, first.ref
    again = prepare(room)
    assert (again.ref, again.form, again.state) == (ref, form, "ready")
    assert len(form) == SPECIFICATION.count
    assert kinds().count("sitting.prepared") == 1
    assert prepare(room, 1).form != form


def test_the_paper_can_be_drawn_again_from_what_was_kept(db_app: Flask) -> None:
    room = whole_room()
    sitting = prepare(room)
    session = db.session.scalar(select(ExamSession))
    assert session is not None
    pool = canonical_pool(db.session.get_one(ExamPool, session.pool_hash).items)
    name = sitting_name(session.ref, sitting.enrolment_id, sitting.attempt_no)
    seed = paper_seed(session.secret, name, sitting.nonce)
    assert form_rows(assemble(pool, SPECIFICATION, seed, sitting.excluded).items) == sitting.form


def test_clicks_at_the_same_time_make_one_sitting(db_app: Flask) -> None:
    room = whole_room()
    refs: list[str] = []
    begun = threading.Barrier(5)

    def click() -> None:
        with db_app.app_context():
            begun.wait()
            with writing():
                refs.append(services.prepare_sitting(room.session, room.people[0]).ref)
            db.session.remove()

    threads = [threading.Thread(target=click) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refs) == 5 and len(set(refs)) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 1


def test_nobody_sits_more_often_than_the_session_and_the_programme_allow(db_app: Flask) -> None:
    room = whole_room(attempts=3, programme={"attempts": 2})
    for _ in range(2):
        sitting = begin(room)
        with writing():
            services.close_sitting(sitting.id, "candidate", clock.now())
    with pytest.raises(NoAttempts):
        prepare(room)
    other = begin(room, 1)
    with writing():
        services.close_sitting(other.id, "candidate", clock.now())
        db.session.scalars(select(ExamSession)).one().attempts = 1
    with pytest.raises(SatAlready):
        prepare(room, 1)


def test_a_second_paper_has_no_item_of_the_first_or_says_that_it_may(db_app: Flask) -> None:
    room = whole_room(attempts=2)
    first = begin(room)
    seen = {row["id"] for row in first.form}
    with writing():
        services.close_sitting(first.id, "candidate", clock.now())
    second = prepare(room)
    again = seen & {row["id"] for row in second.form}
    assert set(second.excluded) <= seen and not again & set(second.excluded)
    assert second.repeats_allowed == (set(second.excluded) != seen) and len(again) < len(seen) / 2


def test_strangers_and_other_bases_find_nothing(db_app: Flask) -> None:
    room = whole_room()
    with writing():
        stranger = rooms.person("stranger").id
    with pytest.raises(NotFound), writing():
        services.prepare_sitting(room.session, stranger)
    sitting = prepare(room)
    with pytest.raises(NotFound):
        services.get_sitting(sitting.ref, room.people[1])
    with pytest.raises(NotFound), writing():
        services.open_sitting(sitting.ref, room.people[1], "en")
    scope_to([room.base + 1])
    with pytest.raises(NotFound), writing():
        services.prepare_sitting(room.session, room.people[0])
    scope_to(None)


def test_the_clock_starts_with_the_statement_and_never_twice(db_app: Flask) -> None:
    room = whole_room()
    sitting = begin(room)
    assert sitting.deadline_at == NOW + timedelta(minutes=90)
    with clock.frozen(NOW + timedelta(minutes=10)), writing():
        again = services.open_sitting(sitting.ref, room.people[0], "en")
        assert (again.deadline_at, again.language) == (NOW + timedelta(minutes=90), "zh_CN")
    assert kinds().count("sitting.opened") == 1


def test_the_window_cuts_the_deadline(db_app: Flask) -> None:
    room = whole_room(closes_at=NOW + timedelta(minutes=30))
    assert begin(room).deadline_at == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("window", "refusal"),
    [
        ({"opens_at": NOW + timedelta(seconds=1)}, timing.NotOpenYet),
        ({"closes_at": NOW}, timing.WindowOver),
    ],
)
def test_outside_the_window_the_clock_does_not_start(
    db_app: Flask, window: dict[str, object], refusal: type[Exception]
) -> None:
    room = whole_room(**window)
    with pytest.raises(refusal):
        begin(room)


def test_answers_are_saved_shown_again_and_handed_in(db_app: Flask) -> None:
    room = whole_room()
    sitting = begin(room)
    saved = services.record_answers(
        sitting.ref,
        room.people[0],
        1,
        WRITER,
        [
            entry(1, 1, "B"),
            entry(2, 21, ["C", "A"]),
            entry(3, 31, "correct"),
            entry(4, 41, "  回答 "),
            entry(5, 43, {"facts": "三份合同", "clause": "6.1.3", "grade": "minor"}),
            entry(6, 0, [1, 44]),
            entry(7, 2, "A"),
            entry(8, 2, None),
        ],
    )
    assert saved.acked == tuple(range(1, 9))
    paper = services.get_paper(services.get_sitting(sitting.ref, room.people[0]), "zh_CN")
    by_slot = {question.slot: question for question in paper.questions}
    assert (by_slot[1].response, paper.numbers[1], by_slot[1].flagged) == ("B", (1, 1), True)
    assert by_slot[21].response == ["A", "C"]
    assert (by_slot[2].response, by_slot[2].answered) == (None, False)
    assert (paper.answered, paper.last) == (5, 8)
    assert [part.kind for part in paper.parts] == ["single", "multiple", "judge", "short", "case"]
    assert {question.slot for question in paper.to_look_at} == set(range(1, 45)) - {21, 31, 41, 43}
    with writing():
        closed = services.close_sitting(sitting.id, "candidate", clock.now())
    assert set(closed.snapshot) == set(range(1, 45))
    assert closed.snapshot[43] == {"facts": "三份合同", "clause": "6.1.3", "grade": "minor"}
    assert (closed.snapshot[2], closed.snapshot[3]) == (None, None)
    assert closed.receipt.replace("-", "").lower() == closed.digest[:12]
    rows = {row.slot: row.response for row in db.session.scalars(select(Answer).where(Answer.slot != 0))}
    assert closed.digest == journal.digest(sitting.ref, rows)


def test_the_paper_never_holds_the_key(db_app: Flask) -> None:
    room = whole_room()
    sitting = begin(room)
    for language in ("zh_CN", "en"):
        shown = repr(services.get_paper(services.get_sitting(sitting.ref, room.people[0]), language).questions)
        assert "题干" in shown or "Stem" in shown
        assert "SECRET" not in shown and "机密" not in shown and "right" not in shown


def test_the_order_of_options_is_that_of_the_form(db_app: Flask) -> None:
    room = whole_room()
    sitting = begin(room)
    paper = services.get_paper(services.get_sitting(sitting.ref, room.people[0]), "en")
    for row, question in zip(sitting.form, paper.questions, strict=True):
        if row["options"]:
            assert [text for _, text in question.shown.options] == [f"Option {place}" for place in row["options"]]


@pytest.mark.parametrize(
    ("slot", "value"),
    [(1, "E"), (1, ["A"]), (21, ["A", "Z"]), (31, "A"), (41, {"a": 1}), (43, {"grade": "huge"}), (0, [45]), (0, "x"),
     (45, "A"), (-1, "A")],
)  # fmt: skip
def test_what_the_page_cannot_have_sent_is_refused_whole(db_app: Flask, slot: int, value: object) -> None:
    room = whole_room()
    sitting = begin(room)
    with pytest.raises(journal.BadEntry):
        services.record_answers(sitting.ref, room.people[0], 1, WRITER, [entry(1, 2, "A"), entry(2, slot, value)])
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 0


def test_only_one_device_holds_the_pen(db_app: Flask) -> None:
    room = whole_room()
    sitting, me, other = begin(room), room.people[0], "b" * 32
    services.record_answers(sitting.ref, me, 1, WRITER, [entry(1, 1, "A")])
    with writing():
        asked = services.lease(sitting.ref, me, other, take_over=False)
    assert not asked.granted
    with writing():
        taken = services.lease(sitting.ref, me, other, take_over=True)
    assert (taken.granted, taken.epoch, taken.last) == (True, 2, 0)
    with pytest.raises(journal.TakenOver):
        services.record_answers(sitting.ref, me, 1, WRITER, [entry(2, 1, "B")])
    services.record_answers(sitting.ref, me, 2, other, [entry(1, 1, "C")])
    with writing():
        again = services.lease(sitting.ref, me, other, take_over=True)
    assert (again.epoch, again.last) == (2, 1)
    assert kinds().count("sitting.taken-over") == 1


def test_closing_twice_is_closing_once(db_app: Flask) -> None:
    room = whole_room()
    sitting = begin(room)
    with writing():
        first = services.close_sitting(sitting.id, "candidate", clock.now())
    with clock.frozen(NOW + timedelta(hours=3)), writing():
        again = services.close_sitting(sitting.id, "deadline", clock.now())
        assert (again.digest, again.sitting.closed_by) == (first.digest, "candidate")
    assert kinds().count("sitting.closed") == 1
    with pytest.raises(timing.Closed):
        services.record_answers(sitting.ref, room.people[0], 1, WRITER, [entry(1, 1, "A")])


def test_a_sitting_that_never_began_cannot_be_handed_in(db_app: Flask) -> None:
    room = whole_room()
    sitting = prepare(room)
    with pytest.raises(NotFound), writing():
        services.close_sitting(sitting.id, "candidate", clock.now())


def test_the_worker_finds_what_is_due_and_finishes_it_at_the_deadline(db_app: Flask) -> None:
    room = whole_room()
    sitting, other = begin(room), begin(room, 1)
    ends = NOW + timedelta(minutes=90)
    over = ends + timedelta(seconds=61)  # a minute of grace
    assert services.sittings_due(over - timedelta(seconds=1)) == []
    assert set(services.sittings_due(over)) == {sitting.id, other.id}
    with writing():
        closed = services.close_sitting(sitting.id, "deadline", ends + timedelta(minutes=7))
        assert closed.sitting.closed_at == ends
    assert services.sittings_due(over) == [other.id]


def test_each_session_waits_for_its_own_grace(db_app: Flask) -> None:
    with writing():
        place = rooms.cohort(rooms.programme(rooms.base().id))
        long, short = rooms.session(place, grace_seconds=60), rooms.session(place, grace_seconds=0)
        by = [rooms.enrol(place, rooms.person(f"p{turn}"), str(turn)) for turn in range(4)]
        ends = NOW + timedelta(minutes=30)
        late = rooms.sitting(long, by[0], deadline_at=ends - timedelta(seconds=45)).id
        soon = rooms.sitting(short, by[1], deadline_at=ends).id
        rooms.sitting(long, by[2], deadline_at=ends)
        sooner = rooms.sitting(short, by[3], deadline_at=ends - timedelta(seconds=1)).id
    assert services.sittings_due(ends + timedelta(seconds=5)) == [sooner, soon]
    assert services.sittings_due(ends + timedelta(seconds=16)) == [late, sooner, soon]


def test_a_hand_in_after_the_deadline_closes_by_it(db_app: Flask) -> None:
    room = whole_room()
    sitting, ends = begin(room), NOW + timedelta(minutes=90)
    with writing():
        closed = services.close_sitting(sitting.id, "candidate", ends + timedelta(seconds=20))
    assert (closed.sitting.closed_by, closed.sitting.closed_at) == ("deadline", ends)


def test_the_form_without_a_script_saves_too(db_app: Flask) -> None:
    room = whole_room()
    sitting = begin(room)
    services.record_form(sitting.ref, room.people[0], 1, {1: "A", 21: ["B"], 41: "text"})
    paper = services.get_paper(services.get_sitting(sitting.ref, room.people[0]), "en")
    assert paper.answered == 3


def test_extra_time_is_given_once_and_recorded(db_app: Flask) -> None:
    room = whole_room(closes_at=NOW + timedelta(minutes=30))
    sitting = begin(room)
    for _ in range(2):
        with writing():
            given = services.extend_sitting(
                sitting.ref, minutes=20, before=0, reason="power cut in the room", by=room.people[2]
            )
            assert given.deadline_at == NOW + timedelta(minutes=50)
    facts = [row["facts"] for row in ledger_rows() if row["kind"] == "sitting.extended"]
    (change,) = db.session.scalars(select(SittingChange))
    assert (change.kind, change.minutes, change.reason) == ("extra-time", 20, "power cut in the room")
    assert (change.sitting_id, change.by_id, change.at) == (sitting.id, room.people[2], NOW)
    told = hashlib.sha256(f"{change.salt}|power cut in the room".encode()).hexdigest()
    assert facts == [{"minutes": 20, "reason_hash": told, "deadline": (NOW + timedelta(minutes=50)).isoformat()}]
    later = services.record_answers(sitting.ref, room.people[0], 1, WRITER, [])
    assert later.deadline_at == NOW + timedelta(minutes=50)
