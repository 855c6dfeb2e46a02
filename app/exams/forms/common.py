"""Small forms of the exam room: the token alone, extra time; and how a form names what it makes."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from app import clock

KEY = r"^[0-9a-f]{32}$"
LOCAL = "%Y-%m-%dT%H:%M"
"""How a browser sends a moment without its zone."""


def secrets_key() -> str:
    """A name for what a form makes, so that sending it twice makes one."""
    return secrets.token_hex(16)


def reason_field() -> StringField:
    """Why something is done for one sitting."""
    needed = InputRequired(_l("Enter the reason; it is kept with the sitting."))
    return StringField(_l("Reason"), [needed, Length(max=200, message=_l("At most 200 characters."))])


def minutes_field() -> IntegerField:
    """Extra minutes."""
    needed = InputRequired(_l("Enter the extra minutes as a number."))
    fits = NumberRange(1, 120, message=_l("Between 1 and 120 minutes can be given at once."))
    return IntegerField(_l("Extra minutes"), [needed, fits])


def title_fields() -> tuple[StringField, StringField]:
    """A title in Chinese and in English."""
    needed = [InputRequired(_l("Enter the Chinese title.")), Length(max=60, message=_l("At most 60 characters."))]
    also = [InputRequired(_l("Enter the English title.")), Length(max=100, message=_l("At most 100 characters."))]
    return StringField(_l("Title in Chinese"), needed), StringField(_l("Title in English"), also)


def in_beijing(local: datetime | None) -> datetime:
    """The moment of a field that was filled in with Beijing time."""
    assert local is not None
    return local.replace(tzinfo=clock.BEIJING).astimezone(UTC)


class TokenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Only the token: ask for a paper, save the long form."""


class ExtendForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Give extra time; `before` are the extra minutes that the officer saw."""

    before = HiddenField(validators=[Regexp(r"^[0-9]{1,6}$", message=_l("Reload the page."))])
    minutes = minutes_field()
    reason = reason_field()
