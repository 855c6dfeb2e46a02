"""What a trainee sees of a practical audit 实训: company and documents, the tasks in order, one's own answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.courses.exercises.answers import first
from app.courses.exercises.values import Exercise, Task, exercise_from
from app.courses.lessons import Module
from app.courses.models import ExerciseVersion, ExerciseWork, TaskAnswer, TaskComment
from app.courses.services.place import Place, get_place
from app.refusals import NotFound
from app.store import db


@dataclass(frozen=True)
class TaskState:
    """A task with one's tries, the first one first. `open` says whether it may be worked on."""

    task: Task
    tries: tuple[TaskAnswer, ...]
    open: bool

    @property
    def handed_in(self) -> tuple[TaskAnswer, ...]:
        """The tries that were handed in."""
        return tuple(one for one in self.tries if one.handed_in_at is not None)

    @property
    def draft(self) -> TaskAnswer | None:
        """The try that is being written."""
        return next((one for one in self.tries if one.handed_in_at is None), None)

    @property
    def done(self) -> bool:
        """Whether a try was handed in."""
        return bool(self.handed_in)


@dataclass(frozen=True)
class ExercisePage:
    """An exercise as one person has it."""

    place: Place
    module: Module
    exercise: Exercise
    work: ExerciseWork | None
    tasks: tuple[TaskState, ...]

    @property
    def done(self) -> int:
        """How many tasks were handed in."""
        return sum(one.done for one in self.tasks)

    @property
    def next(self) -> TaskState | None:
        """The task to do next; None when all were handed in."""
        return next((one for one in self.tasks if not one.done), None)

    def get_task(self, task_id: str) -> TaskState:
        """The task. Raises NotFound."""
        found = next((one for one in self.tasks if one.task.id == task_id), None)
        if found is None:
            raise NotFound
        return found


@dataclass(frozen=True)
class Comment:
    """What a teacher wrote on an answer."""

    name: str
    text: str
    at: datetime


@dataclass(frozen=True)
class TaskPage:
    """One task: the draft to write on, or (answer handed in) what to compare with."""

    page: ExercisePage
    state: TaskState
    answer: TaskAnswer | None
    content: Mapping[str, Any]
    comments: Sequence[Comment] = field(default=())

    @property
    def task(self) -> Task:
        """The task itself."""
        return self.state.task

    @property
    def revision(self) -> int:
        """The revision of the draft on the page; 0 before anything was saved."""
        return self.answer.revision if self.answer else 0


def read_exercise(person_id: int, course: str, exercise: str) -> ExercisePage:
    """The exercise of one's course. Raises NotFound."""
    return exercise_page(get_place(person_id, course), exercise)


def read_task(person_id: int, course: str, exercise: str, task: str, language: str, no: int | None = None) -> TaskPage:
    """A task: with `no` that try, which must have been handed in; without, the draft. Raises NotFound."""
    page = read_exercise(person_id, course, exercise)
    state = page.get_task(task)
    if no is None:
        answer = state.draft
        content = answer.content if answer is not None else {}
        return TaskPage(page, state, answer, content or first(state.task, language))
    handed_in = next((one for one in state.handed_in if one.no == no), None)
    if handed_in is None:
        raise NotFound
    return TaskPage(page, state, handed_in, handed_in.content, comments_on(handed_in.id))


def exercise_page(place: Place, exercise: str) -> ExercisePage:
    """The exercise with the answers of the person of a place. Raises NotFound where it was never loaded."""
    module = place.module_of_exercise(exercise)
    work = db.session.scalar(
        select(ExerciseWork).where(ExerciseWork.enrolment_id == place.enrolment.id, ExerciseWork.exercise == exercise)
    )
    version = db.session.scalar(
        select(ExerciseVersion).where(
            ExerciseVersion.id == work.version_id
            if work is not None
            else (ExerciseVersion.code == exercise) & ExerciseVersion.current
        )
    )
    if version is None:
        raise NotFound
    found = exercise_from(version.content)
    return ExercisePage(place, module, found, work, _states(found, _answers(work)))


def comments_on(answer_id: int) -> Sequence[Comment]:
    """The comments on an answer, the first one first."""
    rows = db.session.execute(
        select(Person.name, TaskComment.text, TaskComment.at)
        .join(Person, Person.id == TaskComment.by_id)
        .where(TaskComment.answer_id == answer_id)
        .order_by(TaskComment.id)
    )
    return [Comment(*row) for row in rows]


def _answers(work: ExerciseWork | None) -> Sequence[TaskAnswer]:
    if work is None:
        return []
    return db.session.scalars(select(TaskAnswer).where(TaskAnswer.work_id == work.id).order_by(TaskAnswer.no)).all()


def _states(exercise: Exercise, answers: Sequence[TaskAnswer]) -> tuple[TaskState, ...]:
    """Each task opens when the one before was handed in."""
    found: list[TaskState] = []
    for task in exercise.tasks:
        tries = tuple(one for one in answers if one.task == task.id)
        found.append(TaskState(task, tries, all(one.done for one in found)))
    return tuple(found)
