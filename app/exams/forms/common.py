"""Small forms of the exam room: the token alone, extra time; and how a form names what it makes."""

from __future__ import annotations

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

KEY = r"^[0-9a-f]{32}$"


def secrets_key() -> str:
    """A name for what a form makes, so that sending it twice makes one."""
    return secrets.token_hex(16)


class TokenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Only the token: ask for a paper, save the long form."""


class ExtendForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Give extra time; `before` are the extra minutes that the officer saw."""

    before = HiddenField(validators=[Regexp(r"^[0-9]{1,6}$", message=_l("Reload the page."))])
    minutes = IntegerField(
        _l("Extra minutes"),
        [
            InputRequired(_l("Enter the extra minutes as a number.")),
            NumberRange(1, 120, message=_l("Between 1 and 120 minutes can be given at once.")),
        ],
    )
    reason = StringField(
        _l("Reason"),
        [
            InputRequired(_l("Enter the reason; it is kept with the sitting.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
