"""After handing in: tick what one's own answer has, choose between versions, and try again."""

from __future__ import annotations

from collections.abc import Collection

from app import clock
from app.courses.models import TaskAnswer
from app.courses.services.exercises.look import read_exercise
from app.courses.services.exercises.write import open_task
from app.courses.services.place import get_place, hold
from app.refusals import Conflict, NotFound
from app.store import db


def tick(person_id: int, course: str, exercise: str, task: str, no: int, points: Collection[str]) -> None:
    """Keep which points of the comparison the person found in the own answer. Raises NotFound."""
    state = read_exercise(person_id, course, exercise).get_task(task)
    answer = next((one for one in state.handed_in if one.no == no), None)
    if answer is None:
        raise NotFound
    answer.ticks = [point.id for point in state.task.compare if point.id in points]
    db.session.flush()


def again(person_id: int, course: str, exercise: str, task: str, *, from_last: bool) -> TaskAnswer:
    """Begin a new try, empty or with the text of the last one; one that was begun is given as it is. Raises NotFound."""
    hold(get_place(person_id, course).enrolment.id)
    page = read_exercise(person_id, course, exercise)
    state = open_task(page, task)
    if state.draft is not None:
        return state.draft
    if not state.handed_in:
        raise NotFound
    last = state.handed_in[-1]
    row = TaskAnswer(
        base_id=last.base_id, work_id=last.work_id, task=task, no=last.no + 1, revision=1,
        content=last.content if from_last else {}, copies={}, ticks=[], language=last.language, saved_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def use_copy(person_id: int, course: str, exercise: str, task: str, writer: str, revision: int) -> None:
    """Make another version the draft; what was the draft becomes the other version. Raises NotFound, Conflict."""
    draft = _draft(person_id, course, exercise, task)
    if writer not in draft.copies:
        raise NotFound
    if draft.revision != revision:
        raise Conflict
    chosen = draft.copies[writer]
    others = {name: one for name, one in draft.copies.items() if name != writer}
    before = {"content": draft.content, "at": draft.saved_at.isoformat()}
    draft.copies = {**others, f"{draft.writer[:24]}-{draft.revision}"[:32]: before}
    draft.content, draft.revision, draft.writer = chosen["content"], draft.revision + 1, ""
    draft.saved_at = clock.now()
    db.session.flush()


def drop_copy(person_id: int, course: str, exercise: str, task: str, writer: str) -> None:
    """Delete another version; one that is gone already is no fault. Raises NotFound."""
    draft = _draft(person_id, course, exercise, task)
    draft.copies = {name: one for name, one in draft.copies.items() if name != writer}
    db.session.flush()


def _draft(person_id: int, course: str, exercise: str, task: str) -> TaskAnswer:
    hold(get_place(person_id, course).enrolment.id)
    draft = read_exercise(person_id, course, exercise).get_task(task).draft
    if draft is None:
        raise NotFound
    return draft
