"""The contract of the answer store, on both databases."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.cohorts.models import Cohort
from app.exams import journal, timing
from app.exams.answer_store import AnswerStore, PostgresAnswers, SqliteAnswers, connector
from app.exams.journal import BadEntry, Entry, Gap, Pen, StoreDown, TakenOver
from app.exams.models import Answer, AnswerEntry, Sitting
from app.refusals import NotFound
from app.store import db, is_sqlite, settings, writing
from tests.exams import rooms
from tests.exams.rooms import NOW, one_sitting


@pytest.fixture
def store(db_app: Flask) -> Iterator[AnswerStore]:
    url = settings().database_url
    made: AnswerStore = (
        SqliteAnswers(connector(url.removeprefix("sqlite:///")))
        if is_sqlite()
        else PostgresAnswers(url.replace("+psycopg", ""))
    )
    yield made
    made.close()


def entry(seq: int, slot: int = 1, response: object = "A") -> Entry:
    return Entry(seq, slot, journal.canonical(response), 1000 * seq)


def entries_of(sitting_id: int) -> list[AnswerEntry]:
    db.session.rollback()
    statement = select(AnswerEntry).where(AnswerEntry.sitting_id == sitting_id)
    return list(db.session.scalars(statement.order_by(AnswerEntry.epoch, AnswerEntry.seq)))


def answers_of(sitting_id: int) -> dict[int, str]:
    db.session.rollback()
    rows = db.session.scalars(select(Answer).where(Answer.sitting_id == sitting_id))
    return {row.slot: row.response for row in rows}


def lines_of(sitting_id: int) -> list[tuple[int, Entry, bytes]]:
    return [
        (row.epoch, Entry(row.seq, row.slot, row.response, row.client_ms), row.chain) for row in entries_of(sitting_id)
    ]


def room(**changes: object) -> tuple[Pen, int]:
    ref, person_id, sitting_id = one_sitting(**changes)
    return Pen(ref, person_id, 1, "w" * 32), sitting_id


def change(sitting_id: int, **values: object) -> None:
    with writing():
        db.session.execute(update(Sitting).where(Sitting.id == sitting_id).values(**values))


def test_what_is_acknowledged_is_in_the_journal_and_the_answers(store: AnswerStore) -> None:
    pen, sitting_id = room()
    saved = store.save(pen, [entry(1, 1, "A"), entry(2, 2, ["B", "C"]), entry(3, 1, "D")], NOW)
    assert (saved.acked, saved.last, saved.late) == ((1, 2, 3), 3, False)
    assert saved.deadline_at == NOW + timedelta(minutes=90)
    assert answers_of(sitting_id) == {1: '"D"', 2: '["B","C"]'}
    rows = entries_of(sitting_id)
    assert [(row.seq, row.slot, row.response, row.late, row.saved_at) for row in rows] == [
        (1, 1, '"A"', False, NOW), (2, 2, '["B","C"]', False, NOW), (3, 1, '"D"', False, NOW),
    ]  # fmt: skip


def test_the_chain_holds_and_shows_a_changed_line(store: AnswerStore) -> None:
    pen, sitting_id = room()
    store.save(pen, [entry(1), entry(2, 2)], NOW)
    store.save(pen, [entry(1), entry(2, 2), entry(3, 3, "correct"), entry(4)], NOW + timedelta(seconds=9))
    change(sitting_id, epoch=2, writer="v" * 32)
    store.save(Pen(pen.ref, pen.person_id, 2, "v" * 32), [entry(1, 4, "文字")], NOW + timedelta(seconds=20))
    rows = [
        (row.epoch, Entry(row.seq, row.slot, row.response, row.client_ms), row.chain) for row in entries_of(sitting_id)
    ]
    assert len(rows) == 5
    assert journal.broken_at(pen.ref, rows) is None
    for place, (epoch, line, chain) in enumerate(rows):
        forged = [*rows]
        forged[place] = (epoch, Entry(line.seq, line.slot, '"C"', line.client_ms), chain)
        assert journal.broken_at(pen.ref, forged) == (epoch, line.seq)


def test_saving_twice_changes_nothing(store: AnswerStore) -> None:
    pen, sitting_id = room()
    batch = [entry(1), entry(2, 2)]
    first = store.save(pen, batch, NOW)
    again = store.save(pen, batch, NOW + timedelta(seconds=30))
    assert again.acked == first.acked
    assert [row.saved_at for row in entries_of(sitting_id)] == [NOW, NOW]


def test_a_stale_copy_never_overwrites(store: AnswerStore) -> None:
    pen, sitting_id = room()
    store.save(pen, [entry(1, 1, "A"), entry(2, 1, "B")], NOW)
    store.save(pen, [entry(1, 1, "A")], NOW)
    assert answers_of(sitting_id) == {1: '"B"'}
    assert [row.response for row in entries_of(sitting_id)] == ['"A"', '"B"']


@pytest.mark.parametrize("other", [entry(2, 1, "C"), entry(2, 3, "B")])
def test_a_number_that_is_taken_is_never_acknowledged_for_another_answer(store: AnswerStore, other: Entry) -> None:
    """Two windows that number on their own: the second is told the next free number and loses nothing."""
    pen, sitting_id = room()
    store.save(pen, [entry(1, 1, "A"), entry(2, 1, "B")], NOW)
    with pytest.raises(Gap) as gap:
        store.save(pen, [other, entry(3, 4, "D")], NOW)
    assert gap.value.parameters == {"expected": 3}
    assert [row.response for row in entries_of(sitting_id)] == ['"A"', '"B"']
    store.save(pen, [entry(3, other.slot, "C"), entry(4, 4, "D")], NOW)
    assert answers_of(sitting_id)[other.slot] == '"C"'


def test_a_gap_is_refused_and_says_what_is_expected(store: AnswerStore) -> None:
    pen, sitting_id = room()
    store.save(pen, [entry(1)], NOW)
    with pytest.raises(Gap) as gap:
        store.save(pen, [entry(3), entry(4)], NOW)
    assert gap.value.parameters == {"expected": 2}
    assert len(entries_of(sitting_id)) == 1


@pytest.mark.parametrize("numbers", [[2, 1], [1, 1], [1, 3], [0, 1], list(range(1, 70))])
def test_disorderly_numbers_are_refused(store: AnswerStore, numbers: list[int]) -> None:
    pen, sitting_id = room()
    with pytest.raises(BadEntry):
        store.save(pen, [entry(number) for number in numbers], NOW)
    assert not entries_of(sitting_id)


def test_another_device_or_epoch_is_told_that_it_was_taken_over(store: AnswerStore) -> None:
    pen, sitting_id = room()
    for other in (Pen(pen.ref, pen.person_id, 1, "x" * 32), Pen(pen.ref, pen.person_id, 2, pen.writer)):
        with pytest.raises(TakenOver):
            store.save(other, [entry(1)], NOW)
    assert not entries_of(sitting_id)


def test_another_person_finds_nothing(store: AnswerStore) -> None:
    pen, _ = room()
    for other in (Pen(pen.ref, pen.person_id + 1, 1, pen.writer), Pen("0" * 32, pen.person_id, 1, pen.writer)):
        with pytest.raises(NotFound):
            store.save(other, [entry(1)], NOW)


def test_a_sitting_that_has_not_begun_takes_nothing(store: AnswerStore) -> None:
    pen, _ = room(state="ready", deadline_at=None, writer=None)
    with pytest.raises(NotFound):
        store.save(pen, [entry(1)], NOW)


@pytest.mark.parametrize("by", ["candidate", "staff"])
def test_a_sitting_that_was_handed_in_takes_nothing(store: AnswerStore, by: str) -> None:
    pen, sitting_id = room(state="closed", closed_by=by, closed_at=NOW)
    with pytest.raises(timing.Closed):
        store.save(pen, [entry(1)], NOW)
    assert not entries_of(sitting_id)


ENDS = NOW + timedelta(minutes=90)
GRACE = timedelta(seconds=60)
MOMENT = timedelta(milliseconds=1)


def written(seq: int, at: datetime, response: object) -> Entry:
    return Entry(seq, 1, journal.canonical(response), round(at.timestamp() * 1000))


def test_the_deadline_itself_counts_whatever_the_clock_of_the_device_says(store: AnswerStore) -> None:
    pen, sitting_id = room()
    assert not store.save(pen, [written(1, ENDS + timedelta(days=1), "A")], ENDS).late
    assert answers_of(sitting_id) == {1: '"A"'}


def test_in_the_grace_counts_what_was_given_before_the_deadline(store: AnswerStore) -> None:
    pen, sitting_id = room()
    batch = [written(1, ENDS - MOMENT, "A"), written(2, ENDS, "B"), written(3, ENDS + MOMENT, "C")]
    assert not store.save(pen, batch[:2], ENDS + MOMENT).late
    assert store.save(pen, batch, ENDS + GRACE).late
    assert answers_of(sitting_id) == {1: '"B"'}
    assert [row.late for row in entries_of(sitting_id)] == [False, False, True]
    assert [row.saved_at for row in entries_of(sitting_id)] == [ENDS + MOMENT, ENDS + MOMENT, ENDS + GRACE]


def test_after_the_grace_nothing_counts_and_sending_again_says_what_became_of_it(store: AnswerStore) -> None:
    pen, sitting_id = room()
    store.save(pen, [written(1, NOW, "A")], NOW)
    after = ENDS + GRACE + MOMENT
    assert store.save(pen, [written(1, NOW, "A"), written(2, NOW, "B")], after).late
    assert store.save(pen, [written(2, NOW, "B")], after).late
    assert not store.save(pen, [written(1, NOW, "A")], after).late
    assert not store.save(pen, [], after).late
    assert answers_of(sitting_id) == {1: '"A"'}
    assert [row.late for row in entries_of(sitting_id)] == [False, True]


def test_what_arrives_after_the_closing_at_the_deadline_is_kept_and_not_counted(store: AnswerStore) -> None:
    pen, sitting_id = room()
    ends = NOW + timedelta(minutes=90)
    store.save(pen, [entry(1, 1, "A")], NOW)
    change(sitting_id, state="closed", closed_by="deadline", closed_at=ends)
    saved = store.save(pen, [entry(2, 1, "B"), entry(3, 2, ["A"])], ends + timedelta(minutes=10))
    assert saved.late and saved.acked == (2, 3)
    assert answers_of(sitting_id) == {1: '"A"'}
    assert len(entries_of(sitting_id)) == 3
    with pytest.raises(timing.Closed):
        store.save(pen, [entry(4, 1, "C")], ends + timing.LATE_KEPT + timedelta(seconds=1))


def test_nothing_sent_tells_the_deadline(store: AnswerStore) -> None:
    pen, sitting_id = room()
    store.save(pen, [entry(1)], NOW)
    beat = store.save(pen, [], NOW)
    assert (beat.acked, beat.last, beat.deadline_at) == ((), 1, NOW + timedelta(minutes=90))
    assert len(entries_of(sitting_id)) == 1


def test_the_form_without_a_script_numbers_on_the_server(store: AnswerStore) -> None:
    pen, sitting_id = room()
    store.save(pen, [entry(1, 1, "A")], NOW)
    form = Pen(pen.ref, pen.person_id, 1)
    assert store.append(form, {2: '["A"]', 1: '"C"'}, NOW).acked == (2, 3)
    assert store.append(form, {1: '"D"'}, NOW).acked == (4,)
    assert answers_of(sitting_id) == {1: '"D"', 2: '["A"]'}
    with pytest.raises(TakenOver):
        store.append(Pen(pen.ref, pen.person_id, 7), {1: '"A"'}, NOW)
    with pytest.raises(NotFound):
        store.append(Pen("f" * 32, pen.person_id, 1), {1: '"A"'}, NOW)


def test_forms_that_are_sent_at_once_wait_for_each_other(store: AnswerStore) -> None:
    pen, sitting_id = room()
    form = Pen(pen.ref, pen.person_id, 1)

    def send(name: str) -> Callable[[], None]:
        return lambda: [store.append(form, {1: f'"{name}{turn}"'}, NOW) for turn in range(12)].clear()

    run_together([send("a"), send("b"), send("c"), send("d")])
    assert [row.seq for row in entries_of(sitting_id)] == list(range(1, 49))
    assert journal.broken_at(pen.ref, lines_of(sitting_id)) is None


def run_together(jobs: list[Callable[[], None]]) -> None:
    failures: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_retries_reorders_and_duplicates_at_once_leave_one_truth(store: AnswerStore) -> None:
    pen, sitting_id = room()
    dice = random.Random(7)
    history = [entry(n, dice.randint(1, 5), dice.choice("ABCD")) for n in range(1, 61)]

    def client() -> None:
        known = 0
        while known < len(history):
            upto = min(len(history), known + dice.randint(1, 6))
            try:
                known = max(known, store.save(pen, history[known:upto], NOW).last)
            except Gap as gap:
                known = int(str(gap.parameters["expected"])) - 1

    run_together([client] * 4)
    assert [row.seq for row in entries_of(sitting_id)] == list(range(1, 61))
    newest = {one.slot: one.response for one in history}
    assert answers_of(sitting_id) == newest
    assert journal.broken_at(pen.ref, lines_of(sitting_id)) is None


def test_two_windows_that_number_at_once_lose_no_acknowledged_answer(store: AnswerStore) -> None:
    pen, sitting_id = room()
    acknowledged: list[tuple[int, str]] = []

    def window(name: str) -> Callable[[], None]:
        def work() -> None:
            number = 1
            for turn in range(40):
                while True:
                    answer = f"{name}{turn}"
                    try:
                        store.save(pen, [entry(number, 1, answer)], NOW)
                    except Gap as gap:
                        number = int(str(gap.parameters["expected"]))
                    else:
                        acknowledged.append((number, f'"{answer}"'))
                        number += 1
                        break

        return work

    run_together([window("a"), window("b"), window("c")])
    assert len(acknowledged) == 120
    assert {(row.seq, row.response) for row in entries_of(sitting_id)} == set(acknowledged)


def hand_in_while_saving(app: Flask, store: AnswerStore, pen: Pen, sitting_id: int, after: float) -> dict[int, str]:
    """Let a saver race a closing; check that the snapshot holds the last acknowledged answer, and return it."""
    acknowledged: list[int] = []
    snapshot: dict[int, str] = {}
    begun = threading.Barrier(2)

    def saver() -> None:
        begun.wait()
        for number in range(1, 400):
            try:
                acknowledged.extend(store.save(pen, [entry(number, 1, f"n{number}")], NOW).acked)
            except timing.Closed:
                return

    def closer() -> None:
        with app.app_context():
            begun.wait()
            threading.Event().wait(after)
            with writing():
                db.session.execute(
                    update(Sitting).where(Sitting.id == sitting_id).values(state="closed", closed_by="candidate")
                )
                rows = db.session.scalars(select(Answer).where(Answer.sitting_id == sitting_id))
                snapshot.update({row.slot: row.response for row in rows})
            db.session.remove()

    run_together([saver, closer])
    assert snapshot == ({1: f'"n{acknowledged[-1]}"'} if acknowledged else {})
    return snapshot


def test_a_hand_in_that_races_saves_loses_no_acknowledged_answer(store: AnswerStore, db_app: Flask) -> None:
    """What was acknowledged is in the snapshot that is scored, or it was never acknowledged."""
    with writing():
        place = rooms.session(rooms.cohort(rooms.programme(rooms.base().id)))
        people = [rooms.person(f"p{turn}") for turn in range(8)]
        home = db.session.get_one(Cohort, place.cohort_id)
        made = [rooms.sitting(place, rooms.enrol(home, who, str(n))) for n, who in enumerate(people)]
        found = [(Pen(one.ref, one.person_id, 1, "w" * 32), one.id) for one in made]
    for turn, (pen, sitting_id) in enumerate(found):
        snapshot = hand_in_while_saving(db_app, store, pen, sitting_id, 0.01 + turn * 0.004)
        assert answers_of(sitting_id) == snapshot


def test_a_database_that_is_away_acknowledges_nothing(db_app: Flask, tmp_path: Path) -> None:
    if is_sqlite():
        gone: AnswerStore = SqliteAnswers(connector(str(tmp_path / "no" / "such.sqlite3")))
    else:
        gone = PostgresAnswers("host=127.0.0.1 port=9 user=nobody dbname=none connect_timeout=1")
        gone._pool.timeout = 0.3  # type: ignore[attr-defined]
    with pytest.raises(StoreDown):
        gone.save(Pen("0" * 32, 1, 1, "w" * 32), [entry(1)], NOW)
    gone.close()


def test_a_weak_connection_is_refused(tmp_path: Path) -> None:
    """The assertion of the pragmas bites: with synchronous=NORMAL a power cut loses what was acknowledged."""
    strong = connector(str(tmp_path / "a.sqlite3"))

    def weak() -> sqlite3.Connection:
        connection = strong()
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    with pytest.raises(StoreDown):
        SqliteAnswers(weak).save(Pen("0" * 32, 1, 1, "w" * 32), [], NOW)


def test_moments_are_stored_as_the_models_read_them(store: AnswerStore) -> None:
    pen, sitting_id = room()
    at: datetime = NOW + timedelta(microseconds=123456)
    store.save(pen, [entry(1)], at)
    assert entries_of(sitting_id)[0].saved_at == at
