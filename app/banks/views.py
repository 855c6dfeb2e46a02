"""Screens of the banks 题库: what there is, and one item with its versions. Only for those who may read keys."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from app.accounts.guards import needs
from app.banks import services
from app.banks.items import KINDS, LEVELS, POOLS, STATUSES, TOPICS

bp = Blueprint("banks", __name__)

WORDS = {
    "single": _l("Single choice"),
    "multiple": _l("Multiple choice"),
    "judge": _l("True or false"),
    "blank": _l("Fill in the blanks"),
    "short": _l("Short answer"),
    "case": _l("Case"),
    "recall": _l("Recall"),
    "understand": _l("Understand"),
    "apply": _l("Apply"),
    "analyse": _l("Analyse"),
    "standard": _l("The standard"),
    "audit": _l("Audit"),
    "law": _l("Law"),
    "exam": _l("Exam pool"),
    "practice": _l("Practice pool"),
    "draft": _l("Draft"),
    "reviewed": _l("Reviewed"),
    "approved": _l("Approved"),
    "retired": _l("Retired"),
    "minor": _l("Minor nonconformity"),
    "major": _l("Major nonconformity"),
    "observation": _l("Observation"),
    "conform": _l("Conforms"),
    "correct": _l("True"),
    "incorrect": _l("False"),
}
"""The words for the values of an item's fields, for every page that shows them."""

CHOICES = {"kind": KINDS, "level": LEVELS, "topic": TOPICS, "pool": POOLS, "status": STATUSES}
NAMES = {
    "kind": _l("Kind of item"),
    "group": _l("Clause group"),
    "level": _l("Cognitive level"),
    "topic": _l("Topic"),
    "pool": _l("Pool"),
    "status": _l("Status"),
}


@bp.app_context_processor
def item_words() -> dict[str, Any]:
    """Give every template the words for kinds, levels, topics, grades and answers."""
    return {"item_words": WORDS}


@bp.get("/banks")
@needs("bank.read")
def list_banks() -> Any:
    """Every bank with its counts."""
    return render_template("banks/list_banks.html", banks=services.list_banks())


@bp.get("/banks/<bank>")
@needs("bank.read")
def show_bank(bank: str) -> Any:
    """The counts by clause, kind and level, and the papers that are made of the bank."""
    shown = services.get_bank(bank)
    return render_template("banks/show_bank.html", bank=shown, kinds=KINDS, levels=LEVELS, names=NAMES)


@bp.get("/banks/<bank>/items")
@needs("bank.read")
def list_items(bank: str) -> Any:
    """The items of a bank by filter."""
    shown = services.get_bank(bank)
    groups = [clause.no for clause in shown.edition.chapters() if clause.no in shown.by["group"]]
    choices = {**CHOICES, "group": tuple(groups)}
    filters = {name: request.args.get(name, "") for name in choices}
    filters = {name: value for name, value in filters.items() if value in choices[name]}
    rows, page = services.list_items(
        bank, filters, words=request.args.get("q", "")[:20].strip(), page=request.args.get("page", 1, type=int)
    )
    return render_template(
        "banks/list_items.html", bank=shown, rows=rows, page=page, filters=filters, choices=choices, names=NAMES
    )


@bp.get("/banks/<bank>/items/<code>")
@needs("bank.read")
def show_item(bank: str, code: str) -> Any:
    """One item with its key and every version of it."""
    return render_template("banks/show_item.html", bank=services.get_bank(bank), view=services.get_item(bank, code))
