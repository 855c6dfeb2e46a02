"""Rows of courses 课程 and of what each learner did in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, InBase, Instant, Json


class CourseVersion(Base):
    """A course as it was once loaded; `digest` names the bytes of its files, `current` is what learners read."""

    __tablename__ = "course_versions"
    __table_args__ = (UniqueConstraint("code", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(Json())
    current: Mapped[bool] = mapped_column(default=True)
    loaded_at: Mapped[datetime] = mapped_column(Instant())


class LessonRow(Base):
    """A lesson of a version of a course; `code` stays the same over versions, `hash` names the content."""

    __tablename__ = "lessons"
    __table_args__ = (UniqueConstraint("version_id", "code"), Index("ix_lessons_code", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    code: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(Json())


class LessonProgress(InBase, Base):
    """What a learner did in a lesson; `hash` is the content that was last opened, `checks` the answers by question."""

    __tablename__ = "lesson_progress"
    __table_args__ = (UniqueConstraint("enrolment_id", "lesson"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    lesson: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    section: Mapped[int] = mapped_column(default=0)
    checks: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    opened_at: Mapped[datetime] = mapped_column(Instant())
    seen_at: Mapped[datetime] = mapped_column(Instant())
    completed_at: Mapped[datetime | None] = mapped_column(Instant())


class StudyVisit(InBase, Base):
    """One opened page and the seconds that its heartbeats brought: counted, and not counted by reason.

    `kind` and `about` say what it was spent on (see `courses.credit.Subject`).
    """

    __tablename__ = "study_visits"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "visit"),
        Index("ix_study_visits_person_id_last_at", "person_id", "last_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(16))
    about: Mapped[str] = mapped_column(String(64))
    visit: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[datetime] = mapped_column(Instant())
    last_at: Mapped[datetime] = mapped_column(Instant())
    counted: Mapped[int] = mapped_column(default=0)
    idle: Mapped[int] = mapped_column(default=0)
    away: Mapped[int] = mapped_column(default=0)
    silent: Mapped[int] = mapped_column(default=0)


class VideoView(InBase, Base):
    """How far a person has come in the video of a lesson: where it was left, and the parts that were watched.

    `video` is the SHA-256 of its first source: another video begins anew. `spans` are seconds from and to.
    """

    __tablename__ = "video_views"
    __table_args__ = (UniqueConstraint("enrolment_id", "lesson"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    lesson: Mapped[str] = mapped_column(String(64))
    video: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(default=0)
    spans: Mapped[list[Any]] = mapped_column(Json(), default=list)
    begun_at: Mapped[datetime] = mapped_column(Instant())
    seen_at: Mapped[datetime] = mapped_column(Instant())


class Note(Base):
    """A note that a person wrote on a lesson, seen by nobody else; it belongs to the person, not to a base.

    `key` is made by the page that wrote it first. `title` and `heading` are those of the lesson and the section then, so
    that the note can be read when the lesson is gone.
    """

    __tablename__ = "notes"
    __table_args__ = (UniqueConstraint("person_id", "key"), Index("ix_notes_person_id_lesson", "person_id", "lesson"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    lesson: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(40))
    section: Mapped[int] = mapped_column(default=0)
    title: Mapped[dict[str, Any]] = mapped_column(Json())
    heading: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    text: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime] = mapped_column(Instant())
    changed_at: Mapped[datetime] = mapped_column(Instant())
    deleted_at: Mapped[datetime | None] = mapped_column(Instant())


class ExerciseVersion(Base):
    """An exercise 实训 as its files were loaded; `current` is what somebody who begins gets."""

    __tablename__ = "exercise_versions"
    __table_args__ = (UniqueConstraint("code", "hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(Json())
    current: Mapped[bool] = mapped_column(default=True)
    loaded_at: Mapped[datetime] = mapped_column(Instant())


class ExerciseWork(InBase, Base):
    """A person's work on an exercise, in the version with which it was begun."""

    __tablename__ = "exercise_works"
    __table_args__ = (UniqueConstraint("enrolment_id", "exercise"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    exercise: Mapped[str] = mapped_column(String(64))
    version_id: Mapped[int] = mapped_column(ForeignKey("exercise_versions.id"))
    begun_at: Mapped[datetime] = mapped_column(Instant())
    completed_at: Mapped[datetime | None] = mapped_column(Instant())


class TaskAnswer(InBase, Base):
    """One try at a task: a draft with its revision until it is handed in, and then never changed.

    `copies` are other texts of the same draft by the page that wrote them, from two devices at once: nothing is lost.
    `ticks` are the points that the person ticked when comparing.
    """

    __tablename__ = "task_answers"
    __table_args__ = (UniqueConstraint("work_id", "task", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("exercise_works.id"))
    task: Mapped[str] = mapped_column(String(64))
    no: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)
    writer: Mapped[str] = mapped_column(String(32), default="")
    content: Mapped[dict[str, Any]] = mapped_column(Json())
    copies: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    ticks: Mapped[list[str]] = mapped_column(Json(), default=list)
    language: Mapped[str] = mapped_column(String(8))
    saved_at: Mapped[datetime] = mapped_column(Instant())
    handed_in_at: Mapped[datetime | None] = mapped_column(Instant())


class TaskComment(InBase, Base):
    """What a teacher of the cohort wrote on a handed-in answer."""

    __tablename__ = "task_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("task_answers.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant())


class QuizTry(InBase, Base):
    """One try at the quiz 小测 of a module: items drawn from the practice pool, answers, and how many were right.

    `form` is a list of {id, version, kind, options}; `needed` the share asked for when it was handed in; `day` the
    day in Beijing on which it was begun.
    """

    __tablename__ = "quiz_tries"
    __table_args__ = (UniqueConstraint("enrolment_id", "module", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    module: Mapped[str] = mapped_column(String(16))
    no: Mapped[int]
    day: Mapped[date]
    seed: Mapped[str] = mapped_column(String(32))
    form: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    answers: Mapped[list[Any]] = mapped_column(Json())
    correct: Mapped[int | None]
    needed: Mapped[str | None] = mapped_column(String(16))
    passed: Mapped[bool | None]
    begun_at: Mapped[datetime] = mapped_column(Instant())
    handed_in_at: Mapped[datetime | None] = mapped_column(Instant())
