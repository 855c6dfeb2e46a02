"""Forms of practice 练习: a question answered, an own text marked, a mock exam begun."""

from __future__ import annotations

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import Regexp

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
