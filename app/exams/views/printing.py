"""The exam page of somebody who has answered nothing yet, printed from plates: at the bell everybody wants it at once.

What is the same for all is rendered once in each process: a plate of the page around the questions for a session, and
one for each question. The template sees marks instead of what belongs to one person, and asking it for anything else
of the person is an error, so no plate can hold what is not everybody's. A test holds both ways to the same bytes.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from app.accounts.guards import actor
from app.banks.delivery import Delivered
from app.banks.items import LETTERS
from app.exams.paper import Part, Question
from app.exams.plates import Plate, cut
from app.exams.services import ExamSession
from app.exams.services.look import OpenPaper
from app.exams.views.door import language

_PERSONAL = ("ref", "epoch", "now", "deadline", "left", "token", "account", "name", "number", "body")
_MARKS = {name: secrets.token_hex(16) for name in _PERSONAL}
_OPTIONS = tuple(secrets.token_hex(16) for _ in LETTERS)
_SLOT = secrets.token_hex(16)


class _Only:
    """Something of which a plate may know these values and no others."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise LookupError(f"a plate that serves everybody must not know “{name}”")


def exam_page(paper: OpenPaper, tree: Any, times: Mapping[str, Any]) -> str:
    """The exam page with the first question on top; `times` are now, deadline and the time left in figures."""
    if paper.numbers or paper.own:
        return render_template("exams/sit.html", paper=paper, tree=tree, at=1, **times)
    person = actor()
    values = {
        "ref": paper.sitting.ref, "epoch": paper.sitting.epoch, **times, "token": generate_csrf(),
        "account": person.account, "name": person.name, "number": paper.enrolment.number,
    }  # fmt: skip
    filled = {name: str(escape(value)) for name, value in values.items()}
    return _around(paper, tree).filled(filled | {"body": "".join(_questions(paper))})


def lay_ready(paper: OpenPaper) -> None:
    """Make the plates that a paper needs while its candidate waits, so that nobody waits for them at the bell."""
    _questions(paper)


def _around(paper: OpenPaper, tree: Any) -> Plate:
    """The plate of the page around the questions."""
    session = paper.session
    columns = tuple(str(getattr(session, column.key)) for column in ExamSession.__table__.columns)
    theme = request.cookies.get("theme")
    shape = tuple((part.kind, part.first, part.last) for part in paper.parts)
    key = (columns, shape, language(), theme if theme in {"light", "dark"} else "", paper.sitting.font)
    plate = _plates.get(key)
    if plate is None:
        if len(_plates) >= _MOST:
            _plates.clear()
        plate = _plates[key] = _made(paper, tree)
    return plate


_MOST = 64
_plates: dict[Any, Plate] = {}


def _made(paper: OpenPaper, tree: Any) -> Plate:
    mark = _MARKS
    parts = [
        _Only(
            kind=part.kind, first=part.first, last=part.last,
            questions=[_Only(slot=one.slot, answered=False, flagged=False) for one in part.questions],
        )
        for part in paper.parts
    ]  # fmt: skip
    blank = _Only(
        sitting=_Only(ref=mark["ref"], epoch=mark["epoch"], font=paper.sitting.font), session=paper.session,
        enrolment=_Only(number=mark["number"]), questions=range(len(paper.questions)), parts=parts, last=0,
        numbers={}, own={}, answered=0, has_case=paper.has_case, open_book=paper.open_book,
    )  # fmt: skip
    page = render_template(
        "exams/sit.html", paper=blank, tree=tree, at=1, now=mark["now"], deadline=mark["deadline"], left=mark["left"],
        me=_Only(account=mark["account"], name=mark["name"]), csrf_token=lambda: mark["token"], body=mark["body"],
    )  # fmt: skip
    return cut(page, {text: name for name, text in mark.items()})


def _questions(paper: OpenPaper) -> list[str]:
    multiple, at = paper.specification.pass_rule.multiple, language()
    found = []
    for part in paper.parts:
        for one in part.questions:
            shown = one.shown
            facts = (shown.kind, shown.stem, shown.scene, shown.gaps, shown.documents)
            plate = _question(facts, len(shown.options), part.marks, one.slot == 1, multiple, at)
            texts = {place: str(escape(text)) for place, (_letter, text) in zip(_OPTIONS, shown.options, strict=False)}
            found.append(plate.filled(texts | {"slot": str(one.slot)}))
    return found


@lru_cache(maxsize=4096)
def _question(facts: tuple[Any, ...], options: int, marks: int, first: bool, multiple: str, _language: str) -> Plate:
    """The plate of one question of somebody who has not answered it, whatever its place and the order of its options."""
    kind, stem, scene, gaps, documents = facts
    shown = Delivered(kind, stem, scene, tuple(zip(LETTERS[:options], _OPTIONS, strict=False)), gaps, documents)
    one: Any = Question(slot=_SLOT, kind=kind, marks=marks, shown=shown, response=None, flagged=False)  # type: ignore[arg-type]
    rule = _Only(pass_rule=_Only(multiple=multiple))
    page = render_template(
        "exams/_paper.html",
        paper=_Only(parts=[Part(kind, marks, (one,))], specification=rule),
        at=_SLOT if first else 0,
    )
    return cut(page, {_SLOT: "slot"} | {mark: mark for mark in _OPTIONS[:options]})
