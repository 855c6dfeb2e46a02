"""Own marks of a candidate, and what device and server compare at the hand-in, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from app import clock
from app.exams import journal, services
from app.exams.models import Sitting
from app.exams.services.watch import watch
from app.refusals import NotFound
from app.store import writing
from tests.exams.rooms import whole_room
from tests.exams.test_services_sitting import WRITER, begin, entry, ledger_rows

pytestmark = pytest.mark.usefixtures("now")
OWN = {"note": "  想一想\u3000", "struck": ["D", "B", "B"]}


def slot_of(sitting: Sitting, kind: str) -> int:
    return next(int(row["slot"]) for row in sitting.form if row["kind"] == kind)


def test_own_marks_are_saved_like_answers_and_count_for_nothing(db_app: Flask) -> None:
    room = whole_room()
    sitting = begin(room)
    single, short = slot_of(sitting, "single"), slot_of(sitting, "short")
    save = services.record_answers(
        sitting.ref, room.people[0], 1, WRITER,
        [entry(1, single, "A"), entry(2, -single, OWN), entry(3, -short, {"note": "a"}), entry(4, -short, {})],
    )  # fmt: skip
    assert save.acked == (1, 2, 3, 4)
    paper = services.get_paper(sitting, "en")
    assert paper.own == {single: {"note": "想一想", "struck": ["B", "D"]}}
    assert paper.numbers == {single: (1, 1), -single: (1, 2), -short: (1, 4)}
    assert watch(services.get_session(room.session))[0].answered == 1
    assert services.present_answers(sitting.ref, room.people[0]) == {single: "A"}
    with writing():
        closed = services.close_sitting(sitting.id, "candidate", clock.now())
    assert set(closed.snapshot) == {row["slot"] for row in sitting.form}
    assert closed.digest == journal.digest(sitting.ref, {single: '"A"'})


@pytest.mark.parametrize(
    "own",
    [[], "x", {"note": 1}, {"struck": ["E"]}, {"struck": "A"}, {"other": "x"}, {"note": "x" * 4001}, {"struck": [1]}],
)
def test_own_marks_of_another_shape_are_refused(db_app: Flask, own: object) -> None:
    room = whole_room()
    sitting = begin(room)
    with pytest.raises(journal.BadEntry):
        services.record_answers(
            sitting.ref, room.people[0], 1, WRITER, [entry(1, -slot_of(sitting, "single"), own)]
        )  # fmt: skip


def test_there_are_no_own_marks_without_a_question_and_no_struck_options_without_options(db_app: Flask) -> None:
    room = whole_room()
    sitting = begin(room)
    for slot, own in ((-len(sitting.form) - 1, {"note": "x"}), (-slot_of(sitting, "short"), {"struck": ["A"]})):
        with pytest.raises(journal.BadEntry):
            services.record_answers(sitting.ref, room.people[0], 1, WRITER, [entry(1, slot, own)])


def test_a_device_that_shows_other_answers_closes_nothing_until_the_candidate_decides(db_app: Flask) -> None:
    room = whole_room()
    sitting = begin(room)
    ref, person, single = sitting.ref, room.people[0], slot_of(sitting, "single")
    services.record_answers(ref, person, 1, WRITER, [entry(1, single, "A")])
    shown = services.Shown(journal.digest(ref, {single: '"B"'}))
    with pytest.raises(journal.Differs) as found, writing():
        services.close_sitting(sitting.id, "candidate", clock.now(), shown=shown)
    assert found.value.digest == journal.digest(ref, {single: '"A"'})
    assert services.get_sitting(ref, person).state == "open"
    with writing():
        services.note_difference(ref, person, shown, found.value.digest)
    with pytest.raises(NotFound), writing():
        services.note_difference(ref, person + 1, shown, found.value.digest)
    other = replace(shown, accepted=journal.digest(ref, {}))
    with pytest.raises(journal.Differs), writing():
        services.close_sitting(sitting.id, "candidate", clock.now(), shown=other)
    with writing():
        decided = replace(shown, accepted=found.value.digest)
        closed = services.close_sitting(sitting.id, "candidate", clock.now(), shown=decided)
    assert closed.snapshot[single] == "A"
    facts = [row["facts"] for row in ledger_rows() if row["kind"] in {"sitting.differed", "sitting.closed"}]
    assert [(one["shown"], one["digest"]) for one in facts] == [(shown.digest, closed.digest)] * 2  # type: ignore[index]


def test_equal_digests_close_the_sitting(db_app: Flask) -> None:
    room = whole_room()
    sitting = begin(room)
    shown = services.Shown(journal.digest(sitting.ref, {}))
    with writing():
        assert services.close_sitting(sitting.id, "candidate", clock.now(), shown=shown).digest == shown.digest
