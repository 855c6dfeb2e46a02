"""Notes: one's own, saved once however often they are sent, and nothing typed is lost on two devices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from app import clock
from app.cohorts.models import Enrolment
from app.courses import services
from app.courses.models import Note
from app.courses.notes import LONGEST, EmptyNote, NoteTooLong, clean
from app.courses.services import notes as limits
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.courses.samples import FIRST, LAST, SECOND, Learner, base, courses_folder, learner

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def one(db_app: Flask) -> Learner:
    with writing():
        services.load_courses(courses_folder())
    return learner(base())


def save(
    person: Learner, text: str, *, key: str = "key-0001", version: int = 0, section: int = 0, lesson: str = FIRST, at: int = 0
) -> services.SavedNote:  # fmt: skip
    with clock.frozen(AT + timedelta(minutes=at)), writing():
        return services.save_note(person.person_id, lesson, key, text=text, section=section, version=version)


def texts(person: Learner, lesson: str = FIRST) -> list[str]:
    return [note.text for note in services.notes_of(person.person_id, lesson)]


def test_a_note_is_kept_with_its_section_and_the_titles_of_then(one: Learner) -> None:
    note = save(one, "查一查任职条件\r\n再问主管  \n", section=2).note
    assert (note.text, note.version, note.section) == ("查一查任职条件\n再问主管", 1, 2)
    assert note.title["en"] and note.heading["zh_CN"]
    assert texts(one) == ["查一查任职条件\n再问主管"]


def test_the_same_save_sent_again_changes_nothing(one: Learner) -> None:
    for _turn in range(3):
        assert save(one, "一").note.version == 1
    later = [save(one, "二", version=1, at=1).note.version for _turn in range(3)]
    assert later == [2, 2, 2]
    assert texts(one) == ["二"]


def test_of_two_devices_both_texts_are_kept(one: Learner) -> None:
    save(one, "起")
    assert not save(one, "甲写的", version=1).apart
    for _turn in range(2):
        other = save(one, "乙写的", version=1)
        assert other.apart and other.note.key != "key-0001"
    assert sorted(texts(one)) == ["乙写的", "甲写的"]
    assert not save(one, "乙又写", key=other.note.key, version=other.note.version).apart
    assert sorted(texts(one)) == ["乙又写", "甲写的"]


def test_what_was_deleted_elsewhere_comes_back_with_the_new_text(one: Learner) -> None:
    note = save(one, "起").note
    with writing():
        services.delete_note(one.person_id, note.id)
    assert texts(one) == []
    assert not save(one, "还在写", version=1).apart
    assert texts(one) == ["还在写"]


def test_a_deleted_note_can_be_brought_back_for_thirty_days(one: Learner) -> None:
    note = save(one, "起").note
    with clock.frozen(AT), writing():
        services.delete_note(one.person_id, note.id)
        assert services.find_deleted(one.person_id, note.id) is not None
    with clock.frozen(AT + timedelta(days=29)), writing():
        assert services.forget_deleted_notes() == 0
        assert [gone.id for gone in services.deleted_notes(one.person_id)] == [note.id]
        assert services.restore_note(one.person_id, note.id).text == "起"
    assert texts(one) == ["起"]
    with clock.frozen(AT), writing():
        services.delete_note(one.person_id, note.id)
    with clock.frozen(AT + timedelta(days=31)), writing():
        assert services.find_deleted(one.person_id, note.id) is None
        assert services.forget_deleted_notes() == 1
    assert db.session.scalar(select(func.count()).select_from(Note)) == 0


def test_nobody_else_reads_or_changes_a_note(one: Learner) -> None:
    stranger = learner(base(2), account="stranger")
    note = save(one, "我的").note
    assert texts(stranger) == [] and services.all_notes(stranger.person_id)[0] == []
    assert services.find_deleted(stranger.person_id, note.id) is None
    for act in (services.delete_note, services.restore_note):
        with pytest.raises(NotFound), writing():
            act(stranger.person_id, note.id)
    assert not save(stranger, "他的").apart
    assert texts(one) == ["我的"]


def test_a_lesson_of_no_own_course_takes_no_note(one: Learner) -> None:
    stranger = learner(base(2), account="stranger", course="another-course")
    with pytest.raises(NotFound):
        save(stranger, "起")
    save(one, "起")
    with pytest.raises(NotFound):
        save(one, "起", lesson=SECOND)


def test_notes_stay_with_who_left_the_class(one: Learner) -> None:
    save(one, "起", section=1)
    with writing():
        db.session.execute(update(Enrolment).values(state="left"))
    (note,), _page = services.all_notes(one.person_id)
    assert note.text == "起" and note.heading
    assert services.lesson_places(one.person_id, {FIRST}) == {}
    assert save(one, "还能改", version=1, section=1).note.heading == note.heading
    scope_to(())
    assert services.all_notes(one.person_id)[0], "notes belong to the person, not to a base"
    scope_to(None)


def test_the_limits(one: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_OF_A_LESSON", 2)
    for number in range(2):
        save(one, "起", key=f"key-000{number}")
    with pytest.raises(services.TooManyNotes):
        save(one, "起", key="key-0009")
    monkeypatch.setattr(limits, "MOST", 2)
    with pytest.raises(services.TooManyNotes):
        save(one, "起", key="key-0009", lesson=LAST)
    assert save(one, "别的", key="key-0000", version=9).apart, "no text is lost to a limit"


@pytest.mark.parametrize(
    "bad", [{"key": "short"}, {"key": "with space"}, {"section": -1}, {"section": 100}, {"version": -1}]
)
def test_what_no_page_sends_is_refused(one: Learner, bad: dict[str, object]) -> None:
    with pytest.raises(services.BadNote):
        save(one, "起", **bad)  # type: ignore[arg-type]  # one of the cases


@given(st.text(st.characters(), max_size=60))
def test_any_text_can_be_kept(text: str) -> None:
    try:
        kept = clean(text)
    except EmptyNote:
        assert not text.replace("\x00", "").encode("utf-8", "ignore").decode().strip()
    else:
        assert kept.strip() and "\x00" not in kept and kept.encode() and clean(kept) == kept


def test_a_text_that_is_too_long_is_refused_with_its_length() -> None:
    assert len(clean("长" * LONGEST)) == LONGEST
    with pytest.raises(NoteTooLong):
        clean("长" * (LONGEST + 1))


def test_all_notes_come_in_pages_the_lesson_written_last_first(one: Learner) -> None:
    for number in range(45):
        save(one, f"第 {number} 条", key=f"key-{number:04}", lesson=SECOND, at=number)
    save(one, "新", key="key-9999", at=99)
    first, page = services.all_notes(one.person_id)
    assert (first[0].text, first[1].text, len(first), page.pages) == ("新", "第 0 条", 40, 2)
    assert len(services.all_notes(one.person_id, 2)[0]) == 6
    assert services.all_notes(one.person_id, -5)[0] == first


def test_a_note_sent_twice_at_the_same_moment_is_one_note(one: Learner, db_app: Flask) -> None:
    def send(text: str) -> None:
        with db_app.app_context():
            scope_to(None)
            with writing():
                services.save_note(one.person_id, FIRST, "key-0001", text=text, section=0, version=0)
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, ["一样", "一样", "不同", "一样"]))
    assert sorted(texts(one)) == ["一样", "不同"]
