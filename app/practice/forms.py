"""Forms of practice 练习: a question answered, an own text marked, a mock exam begun."""

from __future__ import annotations

import secrets
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import Regexp

from app.banks.responses import CASE_FIELDS

_KEY = Regexp(r"^[0-9a-f]{32}$", message=_l("Reload the page."))


class TokenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Only the token: rate, mark an own text, save, hand in."""


class AnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """An answer; `key` names it and gives the order of the options, `version` is what was shown."""

    key = HiddenField(default=lambda: secrets.token_hex(16), validators=[_KEY])
    item = HiddenField()
    version = HiddenField()


class StartForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Begin a mock exam; sending the form twice begins one."""

    key = HiddenField(default=lambda: secrets.token_hex(16), validators=[_KEY])


def sent(slot: int, kind: str) -> Any:
    """What the form says for a slot, in the shape of `banks.responses` before it is cleaned."""
    name = f"q{slot}"
    if kind == "multiple":
        return sorted(request.form.getlist(name)) or None
    if kind == "blank":
        texts = [text.strip() for text in request.form.getlist(name)]
        return texts if any(texts) else None
    if kind == "case":
        fields = {field: _text(f"{name}.{field}") for field in CASE_FIELDS}
        return {field: text for field, text in fields.items() if text} or None
    return _text(name) or None


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()
