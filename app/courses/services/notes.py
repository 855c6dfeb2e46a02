"""Notes 笔记 that a person writes on lessons, seen by nobody else: nothing typed is lost, on however many devices."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from app import clock
from app.accounts.models import Person
from app.banks.items import Text
from app.courses.lessons import Lesson
from app.courses.models import Note
from app.courses.notes import KEY, clean
from app.courses.services.look import find_taken
from app.pages import Page
from app.refusals import N_, NotFound, Refusal
from app.store import db

MOST_OF_A_LESSON = 50
MOST = 2000
KEPT_DAYS = 30
PAGE = 40


class TooManyNotes(Refusal):
    """More notes than are kept for one lesson or one person."""

    message = N_("You have %(count)s notes here, and no more can be added.")
    kept = N_("Your text is still on the page.")
    todo = N_("Delete a note that you no longer need, or add to one.")


class BadNote(Refusal):
    """A note that no page of ours sends."""

    message = N_("This note could not be read.")


@dataclass(frozen=True)
class Written:
    """A note as its writer sees it; `section` 0 is the lesson as a whole, `heading` is the title of the section."""

    id: int
    lesson: str
    key: str
    section: int
    title: Text
    heading: Text
    text: str
    version: int
    changed_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True)
class Saved:
    """What saving did; `apart` is True where the text became a note of its own, because another device was first."""

    note: Written
    apart: bool


def save_note(
    person_id: int, lesson_id: str, key: str, *, text: str, section: int, version: int, course: str | None = None
) -> Saved:
    """Save a note of a lesson that the person reads.

    `key` names the note and is made by the page, so that a save that is sent twice makes one note; `version` is the one
    that the page knows, 0 for a new note. If another device changed the note since, both texts are kept: this one
    becomes a note of its own. Raises BadNote, EmptyNote, NoteTooLong, TooManyNotes, NotFound.
    """
    text = clean(text)
    if not KEY.fullmatch(key) or not 0 <= section <= 99 or not 0 <= version <= 2**31 - 1:
        raise BadNote
    _hold(person_id)
    row = _find(person_id, key)
    if row is not None and row.lesson != lesson_id:
        raise NotFound
    if row is None:
        return Saved(_written(_add(person_id, lesson_id, key, text, section, course)), apart=False)
    if row.version != version and row.text != text:
        key = hashlib.sha256(f"{key}\n{version}\n{text}".encode()).hexdigest()[:32]
        other = _find(person_id, key) or _add(person_id, lesson_id, key, text, section, course, like=row)
        return Saved(_written(other), apart=True)
    if (row.text, row.section, row.deleted_at) != (text, section, None):
        heading = _heading(_lesson(person_id, lesson_id, course), section, row.heading)
        row.text, row.section, row.heading, row.deleted_at = text, section, heading, None
        row.version, row.changed_at = row.version + 1, clock.now()
        db.session.flush()
    return Saved(_written(row), apart=False)


def notes_of(person_id: int, lesson_id: str) -> list[Written]:
    """A person's notes on a lesson, by section and time."""
    rows = db.session.scalars(
        select(Note)
        .where(Note.person_id == person_id, Note.lesson == lesson_id, Note.deleted_at.is_(None))
        .order_by(Note.section, Note.id)
    )
    return [_written(row) for row in rows]


def all_notes(person_id: int, page: int = 1) -> tuple[list[Written], Page]:
    """A page of a person's notes, those of the lesson written on last first."""
    last = (
        select(Note.lesson, func.max(Note.changed_at).label("at"))
        .where(Note.person_id == person_id, Note.deleted_at.is_(None))
        .group_by(Note.lesson)
        .subquery()
    )
    total = _count(person_id)
    shown = Page(max(1, page), PAGE, total)
    rows = db.session.scalars(
        select(Note)
        .join(last, last.c.lesson == Note.lesson)
        .where(Note.person_id == person_id, Note.deleted_at.is_(None))
        .order_by(last.c.at.desc(), Note.lesson, Note.section, Note.id)
        .offset(shown.offset)
        .limit(PAGE)
    )
    return [_written(row) for row in rows], shown


def deleted_notes(person_id: int) -> list[Written]:
    """The notes that a person deleted and can still bring back, the last one first."""
    rows = db.session.scalars(
        select(Note)
        .where(Note.person_id == person_id, Note.deleted_at.is_not(None), Note.deleted_at > _oldest())
        .order_by(Note.deleted_at.desc(), Note.id)
        .limit(PAGE)
    )
    return [_written(row) for row in rows]


def find_deleted(person_id: int, note_id: int) -> Written | None:
    """A note that was deleted and can be brought back, or None."""
    row = db.session.scalar(select(Note).where(Note.id == note_id, Note.person_id == person_id))
    gone = row is not None and row.deleted_at is not None and row.deleted_at > _oldest()
    return _written(row) if row is not None and gone else None


def delete_note(person_id: int, note_id: int) -> Written:
    """Delete a note; for thirty days it can be brought back. Raises NotFound."""
    row = _get(person_id, note_id)
    row.deleted_at = row.deleted_at or clock.now()
    db.session.flush()
    return _written(row)


def restore_note(person_id: int, note_id: int) -> Written:
    """Bring a deleted note back as it was. Raises NotFound."""
    row = _get(person_id, note_id)
    row.deleted_at = None
    db.session.flush()
    return _written(row)


def forget_deleted_notes() -> int:
    """Remove for good what was deleted more than thirty days ago; returns how many notes."""
    gone = db.session.scalars(select(Note.id).where(Note.deleted_at <= _oldest())).all()
    db.session.execute(delete(Note).where(Note.id.in_(gone)))
    return len(gone)


def _oldest() -> datetime:
    return clock.now() - timedelta(days=KEPT_DAYS)


def _hold(person_id: int) -> None:
    # Two saves of a person wait for each other, so that a note sent twice at once is made once.
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def _find(person_id: int, key: str) -> Note | None:
    return db.session.scalar(select(Note).where(Note.person_id == person_id, Note.key == key))


def _get(person_id: int, note_id: int) -> Note:
    row = db.session.scalar(select(Note).where(Note.id == note_id, Note.person_id == person_id))
    if row is None:
        raise NotFound
    return row


def _lesson(person_id: int, lesson_id: str, course: str | None) -> Lesson | None:
    found = find_taken(person_id, lesson_id, course)
    return found[3] if found else None


def _add(
    person_id: int, lesson_id: str, key: str, text: str, section: int, course: str | None, like: Note | None = None
) -> Note:
    lesson = _lesson(person_id, lesson_id, course)
    if lesson is None and like is None:
        raise NotFound
    for count, most in ((_count(person_id, lesson_id), MOST_OF_A_LESSON), (_count(person_id), MOST)):
        if count >= most and like is None:
            raise TooManyNotes(count=count)
    title = lesson.title if lesson else like.title if like else {}
    row = Note(
        person_id=person_id, lesson=lesson_id, key=key, section=section, title=dict(title),
        heading=_heading(lesson, section, like.heading if like else {}), text=text, version=1, made_at=clock.now(),
        changed_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _heading(lesson: Lesson | None, section: int, before: dict[str, Any]) -> dict[str, Any]:
    headings: Sequence[Text] = lesson.headings() if lesson else ()
    if lesson is None:
        return before
    return dict(headings[section - 1]) if 0 < section <= len(headings) else {}


def _count(person_id: int, lesson_id: str | None = None) -> int:
    statement = select(func.count()).select_from(Note).where(Note.person_id == person_id, Note.deleted_at.is_(None))
    return db.session.scalar(statement if lesson_id is None else statement.where(Note.lesson == lesson_id)) or 0


def _written(row: Note) -> Written:
    return Written(
        id=row.id, lesson=row.lesson, key=row.key, section=row.section, title=row.title, heading=row.heading, text=row.text,
        version=row.version, changed_at=row.changed_at, deleted_at=row.deleted_at,
    )  # fmt: skip
