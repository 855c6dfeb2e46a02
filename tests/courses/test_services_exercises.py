"""Work on a practical audit: drafts of two devices are both kept, handed-in answers stay, versions stay with the person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.accounts.services import people
from app.cohorts import services as cohorts
from app.courses.models import ExerciseVersion, ExerciseWork, TaskAnswer, TaskComment
from app.courses.services import exercises, standing
from app.ledger.models import Entry
from app.refusals import Conflict, NotFound
from app.store import db, scope_to, writing
from tests.courses.samples import CODE, Learner, base
from tests.courses.workshop import EXERCISE, base_of, cohort_of, join, workshop

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PLAN = {"rows": [{"time": "9:00", "place": "知识产权办公室", "clauses": "7.1、7.2"}]}
OTHER = {"rows": [{"time": "10:00", "place": "研发部"}]}
REPORT = {"parts": {"scope": "为了检查。", "conclusion": "有效。"}}
ANSWERS: dict[str, dict[str, Any]] = {
    "plan": PLAN,
    "checklist": {"rows": [{"clause": "7.2", "check": "缴费", "judgement": "minor"}]},
    "findings": {"rows": [{"facts": "P-02 未缴费", "clause": "7.2", "grade": "minor"}]},
    "report": REPORT,
}


@pytest.fixture
def one(db_app: Flask, tmp_path: Path) -> Learner:
    return workshop(tmp_path)


def save(one: Learner, raw: dict[str, Any], *, task: str = "plan", revision: int = 0, writer: str = "page-one-1",
         at: datetime = AT) -> exercises.Saved:  # fmt: skip
    with clock.frozen(at), writing():
        return exercises.save_draft(
            one.person_id, CODE, EXERCISE, task, raw, revision=revision, writer=writer, language="zh_CN"
        )


def hand_in(one: Learner, task: str = "plan", at: datetime = AT) -> TaskAnswer:
    with clock.frozen(at), writing():
        return exercises.hand_in(one.person_id, CODE, EXERCISE, task)


def read(one: Learner, task: str = "plan", no: int | None = None) -> exercises.TaskPage:
    return exercises.read_task(one.person_id, CODE, EXERCISE, task, "zh_CN", no)


def test_nothing_is_stored_before_something_is_written(one: Learner) -> None:
    page = exercises.read_exercise(one.person_id, CODE, EXERCISE)
    assert (page.done, len(page.tasks), page.work) == (0, 4, None)
    assert [state.open for state in page.tasks] == [True, False, False, False]
    assert read(one).content == {"rows": []}
    assert db.session.scalar(select(func.count()).select_from(ExerciseWork)) == 0


def test_a_draft_is_saved_and_saving_it_again_changes_nothing(one: Learner) -> None:
    assert save(one, PLAN).revision == 1
    assert save(one, PLAN, revision=1).revision == 1
    assert save(one, OTHER, revision=1).revision == 2
    assert read(one).content["rows"][0]["place"] == "研发部"
    assert db.session.scalar(select(func.count()).select_from(TaskAnswer)) == 1


def test_the_same_page_goes_on_although_an_answer_was_lost_on_the_way(one: Learner) -> None:
    save(one, PLAN, writer="page-one-1")
    saved = save(one, OTHER, revision=0, writer="page-one-1")
    assert (saved.revision, saved.copied) == (2, False)


def test_two_pages_at_once_keep_both_texts(one: Learner) -> None:
    save(one, PLAN, writer="page-one-1")
    saved = save(one, OTHER, revision=0, writer="page-two-2")
    assert (saved.copied, saved.revision) == (True, 1)
    save(one, {"rows": [{"place": "研发部，下午"}]}, revision=0, writer="page-two-2")
    draft = read(one).answer
    assert draft is not None and draft.content["rows"][0]["place"] == "知识产权办公室"
    assert [copy["content"]["rows"][0]["place"] for copy in draft.copies.values()] == ["研发部，下午"]


def test_the_other_version_can_be_taken_and_nothing_is_lost_by_it(one: Learner) -> None:
    save(one, PLAN, writer="page-one-1")
    save(one, OTHER, revision=0, writer="page-two-2")
    with pytest.raises(Conflict), writing():
        exercises.use_copy(one.person_id, CODE, EXERCISE, "plan", "page-two-2", 0)
    with writing():
        exercises.use_copy(one.person_id, CODE, EXERCISE, "plan", "page-two-2", 1)
    draft = read(one).answer
    assert draft is not None and draft.content["rows"][0]["place"] == "研发部"
    (name,) = draft.copies
    assert draft.copies[name]["content"]["rows"][0]["place"] == "知识产权办公室"
    for _ in range(2):
        with writing():
            exercises.drop_copy(one.person_id, CODE, EXERCISE, "plan", name)
    assert read(one).answer.copies == {}  # type: ignore[union-attr]
    with pytest.raises(NotFound), writing():
        exercises.use_copy(one.person_id, CODE, EXERCISE, "plan", "nobody-12", 2)


def test_very_many_pages_are_refused_and_told_that_the_text_is_on_the_page(one: Learner) -> None:
    save(one, PLAN)
    for number in range(20):
        save(one, {"rows": [{"place": str(number)}]}, revision=0, writer=f"page-{number:04}")
    with pytest.raises(exercises.TooManyCopies):
        save(one, OTHER, revision=0, writer="page-more")


def test_an_answer_that_was_handed_in_is_never_changed(one: Learner) -> None:
    save(one, PLAN)
    answer = hand_in(one)
    assert answer.handed_in_at == AT
    assert hand_in(one, at=AT + timedelta(hours=1)).handed_in_at == AT
    saved = save(one, OTHER, revision=1, writer="page-two-2")
    assert saved.late
    page = read(one, no=1)
    assert page.answer is not None and page.answer.content["rows"][0]["place"] == "知识产权办公室"
    assert [copy["content"]["rows"][0]["place"] for copy in page.answer.copies.values()] == ["研发部"]
    assert save(one, PLAN, revision=0, writer="page-one-1").late and len(page.answer.copies) == 1


def test_nothing_written_cannot_be_handed_in(one: Learner) -> None:
    with pytest.raises(exercises.NothingWritten):
        hand_in(one)
    save(one, {"rows": [{}, {"time": "  "}]})
    with pytest.raises(exercises.NothingWritten):
        hand_in(one)
    with pytest.raises(NotFound):
        read(one, no=1)


def test_tasks_open_in_order_and_the_last_one_completes_the_exercise(one: Learner) -> None:
    with pytest.raises(exercises.NotYet):
        save(one, ANSWERS["checklist"], task="checklist")
    for place, (task, raw) in enumerate(ANSWERS.items()):
        assert db.session.scalar(select(ExerciseWork.completed_at)) is None
        save(one, raw, task=task, at=AT + timedelta(hours=place))
        hand_in(one, task, at=AT + timedelta(hours=place))
    assert db.session.scalar(select(ExerciseWork.completed_at)) == AT + timedelta(hours=3)
    page = exercises.read_exercise(one.person_id, CODE, EXERCISE)
    assert page.done == 4 and page.next is None
    part = standing.standing_of(one.enrolment_id).facts.modules[0].exercise
    assert part is not None and part.done


def test_a_new_try_is_a_new_row(one: Learner) -> None:
    with pytest.raises(NotFound), writing():
        exercises.again(one.person_id, CODE, EXERCISE, "plan", from_last=True)
    save(one, PLAN)
    hand_in(one)
    for from_last in (True, False):  # the second click gives the try that was begun
        with writing():
            row = exercises.again(one.person_id, CODE, EXERCISE, "plan", from_last=from_last)
        assert (row.no, row.content) == (2, read(one, no=1).content)
    save(one, OTHER, revision=1)
    hand_in(one)
    assert [len(read(one, no=no).content["rows"]) for no in (1, 2)] == [1, 1]
    assert read(one, no=1).content != read(one, no=2).content


def test_given_rows_come_back_when_somebody_begins_anew(one: Learner) -> None:
    for task in ("plan", "checklist"):
        save(one, ANSWERS[task], task=task)
        hand_in(one, task)
    with writing():
        exercises.again(one.person_id, CODE, EXERCISE, "checklist", from_last=False)
    assert read(one, "checklist").content["rows"][0]["clause"] == "7.2"


def test_ticks_are_kept_and_only_known_ones(one: Learner) -> None:
    save(one, PLAN)
    with pytest.raises(NotFound), writing():
        exercises.tick(one.person_id, CODE, EXERCISE, "plan", 1, ["meetings"])
    hand_in(one)
    with writing():
        exercises.tick(one.person_id, CODE, EXERCISE, "plan", 1, ["meetings", "nonsense"])
    assert read(one, no=1).answer.ticks == ["meetings"]  # type: ignore[union-attr]


def test_who_began_goes_on_with_the_version_of_then(one: Learner, tmp_path: Path) -> None:
    save(one, PLAN)
    path = tmp_path / "courses" / "exercises" / EXERCISE / "exercise.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("reading: 40", "reading: 35"), encoding="utf-8")
    with writing():
        (loaded,) = exercises.load_exercises(tmp_path / "courses")
        (again,) = exercises.load_exercises(tmp_path / "courses")
    assert (loaded.new, again.new) == (True, False)
    other = join(base_of(one), "other")
    minutes = [exercises.read_exercise(who.person_id, CODE, EXERCISE).exercise.reading for who in (one, other)]
    assert minutes == [40, 35]
    path.write_text(path.read_text(encoding="utf-8").replace("reading: 35", "reading: 40"), encoding="utf-8")
    with writing():
        exercises.load_exercises(tmp_path / "courses")
    assert db.session.scalar(select(func.count()).select_from(ExerciseVersion)) == 2
    kinds = [row.kind for row in db.session.scalars(select(Entry)) if row.kind == "exercise.loaded"]
    assert len(kinds) == 3


def test_a_broken_exercise_is_not_loaded(one: Learner, tmp_path: Path) -> None:
    path = tmp_path / "courses" / "exercises" / EXERCISE / "tasks" / "plan.yaml"
    path.unlink()
    with pytest.raises(exercises.BrokenExercise) as refused, writing():
        exercises.load_exercises(tmp_path / "courses")
    assert "tasks/plan.yaml" in str(refused.value.parameters["first"])
    assert db.session.scalar(select(func.count()).select_from(ExerciseVersion)) == 1


def test_a_teacher_reads_what_was_handed_in_and_comments(one: Learner) -> None:
    cohort = cohort_of(one)
    save(one, PLAN)
    assert exercises.list_answers(cohort) == []
    answer = hand_in(one)
    with writing():
        teacher = people.add_person(account="teacher", name="教师甲", password=None)
        cohorts.appoint_teacher(cohort_id=cohort, person_id=teacher, by=None)
    for _ in range(2):
        with writing():
            exercises.comment(cohort, answer.id, "条款写得全。", by=teacher)
    (row,) = exercises.list_answers(cohort)
    assert (row.comments, row.task is not None) == (1, True)
    (said,) = read(one, no=1).comments
    assert (said.name, said.text) == ("教师甲", "条款写得全。")
    assert db.session.scalar(select(func.count()).select_from(TaskComment)) == 1


def test_nobody_reads_the_work_of_others(one: Learner) -> None:
    cohort, other = cohort_of(one), join(base_of(one), "other")
    save(one, PLAN)
    answer = hand_in(one)
    assert exercises.read_exercise(other.person_id, CODE, EXERCISE).done == 0
    for where in (cohort_of(other), 99_999):
        with pytest.raises(NotFound):
            exercises.read_answer(where, answer.id)
    with pytest.raises(NotFound):
        exercises.read_exercise(one.person_id, CODE, "nowhere")
    with pytest.raises(NotFound):
        read(one, "nothing")
    scope_to({base(2)})
    with pytest.raises(NotFound):
        exercises.read_answer(cohort, answer.id)
    with pytest.raises(NotFound):
        exercises.read_exercise(one.person_id, CODE, EXERCISE)
