"""A teacher reads the handed-in answers of the cohorts that he teaches, and comments on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from app import clock
from app.accounts.models import Person
from app.cohorts.models import Enrolment
from app.courses.exercises.values import Exercise, Task, exercise_from
from app.courses.models import ExerciseVersion, ExerciseWork, TaskAnswer, TaskComment
from app.courses.services.exercises.look import Comment, comments_on
from app.refusals import NotFound
from app.store import db

LONGEST_COMMENT = 2000


@dataclass(frozen=True)
class AnswerRow:
    """A handed-in answer in the teacher's list."""

    answer: TaskAnswer
    person: Person
    enrolment: Enrolment
    exercise: Exercise
    comments: int

    @property
    def task(self) -> Task | None:
        """The task, in the version with which the person works."""
        return self.exercise.find_task(self.answer.task)


@dataclass(frozen=True)
class AnswerPage:
    """One answer for its teacher."""

    row: AnswerRow
    task: Task
    comments: Sequence[Comment]


def list_answers(cohort_id: int) -> Sequence[AnswerRow]:
    """The handed-in answers of a cohort, the newest first."""
    rows = db.session.execute(
        _rows().where(Enrolment.cohort_id == cohort_id).order_by(TaskAnswer.handed_in_at.desc(), TaskAnswer.id.desc())
    ).all()
    ids = [row[0].id for row in rows]
    counted = dict(
        db.session.execute(
            select(TaskComment.answer_id, func.count())
            .where(TaskComment.answer_id.in_(ids))
            .group_by(TaskComment.answer_id)
        ).all()
    ) if ids else {}  # fmt: skip
    versions = {row[3].id: exercise_from(row[3].content) for row in rows}
    return [
        AnswerRow(answer, person, enrolment, versions[version.id], counted.get(answer.id, 0))
        for answer, person, enrolment, version in rows
    ]


def read_answer(cohort_id: int, answer_id: int) -> AnswerPage:
    """A handed-in answer of a cohort. Raises NotFound."""
    found = db.session.execute(_rows().where(Enrolment.cohort_id == cohort_id, TaskAnswer.id == answer_id)).first()
    if found is None:
        raise NotFound
    answer, person, enrolment, version = found
    said = comments_on(answer_id)
    row = AnswerRow(answer, person, enrolment, exercise_from(version.content), len(said))
    if row.task is None:
        raise NotFound
    return AnswerPage(row, row.task, said)


def comment(cohort_id: int, answer_id: int, text: str, *, by: int) -> None:
    """Write a comment; the same words again by the same person change nothing. Raises NotFound."""
    page = read_answer(cohort_id, answer_id)
    same = select(TaskComment.id).where(
        TaskComment.answer_id == answer_id, TaskComment.by_id == by, TaskComment.text == text
    )
    if db.session.scalar(same) is None:
        db.session.add(
            TaskComment(
                base_id=page.row.answer.base_id,
                answer_id=answer_id,
                by_id=by,
                text=text[:LONGEST_COMMENT],
                at=clock.now(),
            )
        )
        db.session.flush()


def _rows() -> Select[TaskAnswer, Person, Enrolment, ExerciseVersion]:
    return (
        select(TaskAnswer, Person, Enrolment, ExerciseVersion)
        .join(ExerciseWork, ExerciseWork.id == TaskAnswer.work_id)
        .join(Enrolment, Enrolment.id == ExerciseWork.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(ExerciseVersion, ExerciseVersion.id == ExerciseWork.version_id)
        .where(TaskAnswer.handed_in_at.is_not(None))
    )
