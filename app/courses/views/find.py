"""Screens for finding one's way: search 查找 over all own lessons, and the page of terms 术语."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import get_locale

from app.accounts.guards import actor, needs
from app.courses import content, services
from app.courses.search import LONGEST_QUERY, terms_of
from app.courses.views.door import bp


@bp.get("/learn/search")
@needs("learn")
def search() -> Any:
    """Search the lessons of all own courses; a query that is too long is cut, and the page says so."""
    given = " ".join("".join(one if one.isprintable() else " " for one in request.args.get("q", "")).split())
    query = given[:LONGEST_QUERY]
    answer = services.search_lessons(actor().person_id, query, _language()) if terms_of(query) else None
    return render_template("courses/search.html", query=query, cut=len(given) > LONGEST_QUERY, answer=answer)


@bp.get("/learn/glossary")
@needs("learn")
def glossary() -> Any:
    """Every term that lessons explain, in both languages."""
    return render_template("courses/glossary.html", terms=content.glossary().terms)


def _language() -> str:
    return "zh_CN" if str(get_locale()).startswith("zh") else "en"
