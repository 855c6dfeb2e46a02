"""Screens of cohorts 培训班: the list of classes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app.accounts.guards import actor, needs
from app.cohorts import services

bp = Blueprint("cohorts", __name__)


@bp.get("/cohorts")
@needs("cohorts.read")
def list_cohorts() -> Any:
    """The classes of the bases that the person works for; a teacher sees those he teaches."""
    return render_template("cohorts/list_cohorts.html", rows=services.list_cohorts(actor().cohorts("cohorts.read")))
