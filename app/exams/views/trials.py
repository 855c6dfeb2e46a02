"""Dry draws 试组卷: what the papers of each specification will be like, before a session is announced."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from app.accounts.guards import needs
from app.exams import services
from app.exams.forms import TokenForm
from app.exams.views.door import bp
from app.exams.views.fairness import limit_name, limit_values
from app.store import writing


@bp.get("/dry-draws")
@needs("bank.read")
def list_trials() -> Any:
    """The specifications in use and what a thousand dry draws of each showed."""
    return render_template("exams/trials.html", trials=services.list_trials())


@bp.get("/dry-draws/<code>")
@needs("bank.read")
def trial(code: str) -> Any:
    """One specification: its latest report."""
    return render_template(
        "exams/trial.html", trial=services.get_trial(code), form=TokenForm(), limit_name=limit_name,
        limit_values=limit_values,
    )  # fmt: skip


@bp.post("/dry-draws/<code>")
@needs("sessions.manage")
def try_again(code: str) -> Any:
    """Ask for a thousand dry draws from the bank as it is now."""
    if TokenForm().validate_on_submit():
        with writing():
            services.ask_for_trial(code)
        flash(gettext("The dry draws are being made; the report stands here within a minute."), "ok")
    return redirect(url_for("exams.trial", code=code), 303)
