"""Writing an answer 作答: drafts are kept from every device, and what was handed in is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import clock
from app.courses.exercises.answers import clean, is_written
from app.courses.models import ExerciseVersion, ExerciseWork, TaskAnswer
from app.courses.services.exercises.look import ExercisePage, TaskState, read_exercise
from app.courses.services.place import get_place, hold
from app.refusals import N_, NotFound, Refusal
from app.store import db

MOST_COPIES = 20


class NotYet(Refusal):
    """The task before this one was not handed in."""

    message = N_("This task opens when the one before it is handed in.")
    todo = N_("Hand in the task before it first.")
    status = 403


class HandedIn(Refusal):
    """The task was handed in meanwhile; the text that came too late is kept beside it."""

    message = N_("This task was handed in on another page; a handed-in answer is not changed.")
    kept = N_("The text that you typed here is kept beside it.")
    todo = N_("Open the comparison, or begin a new try there.")
    status = 409


class NothingWritten(Refusal):
    """Nothing was written to be handed in."""

    message = N_("Nothing is written yet, so there is nothing to compare with the model answer.")
    todo = N_("Write your answer first, and then hand it in.")


class TooManyCopies(Refusal):
    """So many devices wrote on one draft that somebody must choose first."""

    message = N_("There are %(most)s other versions of this answer already.")
    kept = N_("What you typed is still on the page.")
    todo = N_("Reload the page in another tab, and keep or delete the other versions first.")
    status = 409


@dataclass(frozen=True)
class Saved:
    """What became of a draft: its revision now, and whether the text was kept as another version beside it."""

    revision: int
    at: datetime
    copied: bool = False
    late: bool = False


def save_draft(
    person_id: int, course: str, exercise: str, task: str, raw: Mapping[str, Any], *, revision: int, writer: str,
    language: str,
) -> Saved:  # fmt: skip
    """Keep what is on the page. `writer` names the opened page, `revision` is what the page was opened with.

    Where another page has saved in the meantime, the text is kept as a version of its own. Raises NotFound, NotYet,
    TooManyCopies, answers.TooLong, answers.TooManyRows.
    """
    hold(get_place(person_id, course).enrolment.id)
    page = read_exercise(person_id, course, exercise)
    state = open_task(page, task)
    content, now = clean(state.task, raw), clock.now()
    draft = state.draft
    if draft is None and state.handed_in:
        return _too_late(state.handed_in[-1], content, writer, now)
    if draft is None:
        draft = _begin(page, task, language)
    elif draft.content == content:
        return Saved(draft.revision, now)
    elif revision != draft.revision and writer != draft.writer:
        _copy(draft, content, writer, now)
        return Saved(draft.revision, now, copied=True)
    draft.content, draft.revision, draft.writer, draft.saved_at = content, draft.revision + 1, writer, now
    db.session.flush()
    return Saved(draft.revision, now)


def hand_in(person_id: int, course: str, exercise: str, task: str) -> TaskAnswer:
    """Hand the draft in; a second time gives what was handed in. Raises NotFound, NotYet, NothingWritten."""
    hold(get_place(person_id, course).enrolment.id)
    page = read_exercise(person_id, course, exercise)
    state = open_task(page, task)
    draft = state.draft
    if draft is None:
        if state.handed_in:
            return state.handed_in[-1]
        raise NothingWritten
    if not is_written(state.task, draft.content):
        raise NothingWritten
    draft.handed_in_at = clock.now()
    work = page.work
    if work is not None and work.completed_at is None and all(one.done for one in page.tasks):
        work.completed_at = draft.handed_in_at
    db.session.flush()
    return draft


def open_task(page: ExercisePage, task: str) -> TaskState:
    """The task, if it may be worked on. Raises NotFound, NotYet."""
    state = page.get_task(task)
    if not state.open:
        raise NotYet
    return state


def _begin(page: ExercisePage, task: str, language: str) -> TaskAnswer:
    """The first draft of a task, and of the whole exercise where it is the first."""
    now, enrolment = clock.now(), page.place.enrolment
    work = page.work
    if work is None:
        version = db.session.scalar(
            select(ExerciseVersion.id).where(ExerciseVersion.code == page.exercise.code, ExerciseVersion.current)
        )
        if version is None:
            raise NotFound
        work = ExerciseWork(
            base_id=enrolment.base_id, enrolment_id=enrolment.id, exercise=page.exercise.code, version_id=version,
            begun_at=now,
        )  # fmt: skip
        db.session.add(work)
        db.session.flush()
    draft = TaskAnswer(
        base_id=enrolment.base_id, work_id=work.id, task=task, no=1, revision=0, content={}, copies={}, ticks=[],
        language=language, saved_at=now,
    )  # fmt: skip
    db.session.add(draft)
    return draft


def _too_late(answer: TaskAnswer, content: dict[str, Any], writer: str, now: datetime) -> Saved:
    if answer.content != content:
        _copy(answer, content, writer, now)
    return Saved(answer.revision, now, late=True)


def _copy(answer: TaskAnswer, content: dict[str, Any], writer: str, now: datetime) -> None:
    if writer not in answer.copies and len(answer.copies) >= MOST_COPIES:
        raise TooManyCopies(most=MOST_COPIES)
    answer.copies = {**answer.copies, writer: {"content": content, "at": now.isoformat()}}
    db.session.flush()
