"""Screens of staff: study and attendance of a class, admission by exception, and the practical audits handed in."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from app.accounts.guards import actor, needs
from app.cohorts import services as cohorts
from app.courses import content
from app.courses.exercises import answers
from app.courses.forms import AdmitForm, CommentForm, WithdrawExceptionForm
from app.courses.services import exercises, standing
from app.courses.views.door import bp
from app.refusals import NotFound
from app.store import writing


@bp.get("/cohorts/<int:cohort_id>/study")
@needs("cohorts.read")
def class_study(cohort_id: int) -> Any:
    """Everybody of a class: hours counted and not counted, attendance, and what is missing before the exam."""
    _taught(cohort_id, "cohorts.read")
    cohort = cohorts.get_cohort(cohort_id)
    rules, lines = standing.list_standings(cohort_id)
    return render_template("courses/class_study.html", cohort=cohort, rules=rules, lines=lines)


@bp.route("/cohorts/<int:cohort_id>/study/<int:enrolment_id>/admit", methods=["GET", "POST"])
@needs("rules.manage")
def admit(cohort_id: int, enrolment_id: int) -> Any:
    """Admit a person to the exam although rules are not met, with the reason."""
    cohort, form = cohorts.get_cohort(cohort_id), AdmitForm()
    line = standing.get_line(cohort_id, enrolment_id)
    if form.validate_on_submit():
        missing = [one.kind for one in line.standing.missing]
        with writing():
            cohorts.admit(enrolment_id, reason=form.reason.data or "", missing=missing, by=actor().person_id)
        flash(gettext("%(name)s is admitted by exception.", name=line.person.name), "ok")
        return redirect(url_for("courses.class_study", cohort_id=cohort_id), 303)
    page = render_template("courses/admit.html", cohort=cohort, line=line, form=form)
    return page, 422 if form.errors else 200


@bp.route("/cohorts/<int:cohort_id>/study/<int:enrolment_id>/withdraw-exception", methods=["GET", "POST"])
@needs("rules.manage")
def withdraw_exception(cohort_id: int, enrolment_id: int) -> Any:
    """Withdraw an admission by exception, with the reason; twice is once."""
    cohort, form = cohorts.get_cohort(cohort_id), WithdrawExceptionForm()
    line = standing.get_line(cohort_id, enrolment_id)
    if not line.admissions:
        raise NotFound
    if form.validate_on_submit():
        with writing():
            cohorts.withdraw_admission(enrolment_id, reason=form.reason.data or "", by=actor().person_id)
        flash(gettext("The exception for %(name)s is withdrawn.", name=line.person.name), "ok")
        return redirect(url_for("courses.class_study", cohort_id=cohort_id), 303)
    page = render_template("courses/withdraw_exception.html", cohort=cohort, line=line, form=form)
    return page, 422 if form.errors else 200


@bp.get("/cohorts/<int:cohort_id>/exercises")
@needs("exercises.review")
def class_exercises(cohort_id: int) -> Any:
    """The answers handed in by a class that one teaches."""
    _taught(cohort_id, "exercises.review")
    cohort = cohorts.get_cohort(cohort_id)
    return render_template("courses/class_exercises.html", cohort=cohort, rows=exercises.list_answers(cohort_id))


@bp.route("/cohorts/<int:cohort_id>/exercises/<int:answer_id>", methods=["GET", "POST"])
@needs("exercises.review")
def class_answer(cohort_id: int, answer_id: int) -> Any:
    """Read one answer beside the model answer, and comment on it."""
    _taught(cohort_id, "exercises.review")
    page, form = exercises.read_answer(cohort_id, answer_id), CommentForm()
    if form.validate_on_submit():
        with writing():
            exercises.comment(cohort_id, answer_id, (form.text.data or "").strip(), by=actor().person_id)
        flash(gettext("The comment is on the page of the trainee."), "ok")
        return redirect(url_for("courses.class_answer", cohort_id=cohort_id, answer_id=answer_id), 303)
    shown = render_template(
        "courses/class_answer.html", cohort=cohorts.get_cohort(cohort_id), page=page, form=form,
        model=answers.model(page.task, page.row.answer.language), render=content.render,
    )  # fmt: skip
    return shown, 422 if form.errors else 200


def _taught(cohort_id: int, permission: str) -> None:
    """A teacher comes to the classes that he teaches, and to no others."""
    allowed = actor().cohorts(permission)
    if allowed is not None and cohort_id not in allowed:
        raise NotFound
