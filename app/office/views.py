"""Screens of the office 办公室: the overview of a class."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from app.accounts.guards import actor, needs
from app.office.services import overview
from app.office.standing import LABELS
from app.pages import Page
from app.refusals import NotFound

bp = Blueprint("office", __name__)

SIZE = 20


@bp.get("/cohorts/<int:cohort_id>")
@needs("cohorts.read")
def cohort(cohort_id: int) -> Any:
    """A class: funnel, clauses, people to look after, and the table with its filter."""
    allowed = actor().cohorts("cohorts.read")
    if allowed is not None and cohort_id not in allowed:
        raise NotFound
    found = overview.get_overview(cohort_id)
    words, state = request.args.get("q", "")[:100], request.args.get("state", "")
    lines = overview.select_lines(found.lines, words, state)
    page = Page(min(max(1, request.args.get("page", 1, type=int)), Page(1, SIZE, len(lines)).pages), SIZE, len(lines))
    shown = lines[page.offset : page.offset + SIZE]
    return render_template(
        "office/cohort.html", overview=found, lines=shown, page=page, words=words, state=state, labels=LABELS
    )
