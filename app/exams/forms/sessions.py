"""Forms of a session 场次: announcing it, changing it until it opens, who watches, cancelling."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the class
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app import clock
from app.exams.arrangement import Arrangement
from app.exams.forms.common import LOCAL, in_beijing, title_fields

_USUAL = Arrangement()
NUMBERS = (
    "attempts", "waiting_days", "waiting_minutes", "grace_seconds", "leave_seconds", "leave_seconds_phone",
    "leave_warnings",
)  # fmt: skip
"""The fields that are whole numbers and never empty: an empty one means what is usual."""


def _number(label: Any, name: str, low: int, high: int) -> IntegerField:
    says = _l("Between %(low)s and %(high)s.", low=low, high=high)
    return IntegerField(label, [Optional(), NumberRange(low, high, message=says)], default=getattr(_USUAL, name))


class ChangeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What may be changed of a session until it opens; times are Beijing time."""

    title_zh, title_en = title_fields()
    opens = DateTimeLocalField(
        _l("Opens (Beijing time)"), [InputRequired(_l("Enter when the exam opens."))], format=LOCAL
    )
    closes = DateTimeLocalField(
        _l("Closes (Beijing time)"), [InputRequired(_l("Enter when the exam closes."))], format=LOCAL
    )
    place_kind = RadioField(
        _l("Where it is sat"),
        choices=[
            SelectChoice("online", _l("Online, each at a place of his own")),
            SelectChoice("room", _l("In rooms of the training base")),
        ],
        default="online",
    )
    place = StringField(_l("Place or link"), [Length(max=200, message=_l("At most 200 characters."))])
    with_code = BooleanField(_l("Candidates type an access code to begin"))
    attempts = _number(_l("Attempts of a person in this session"), "attempts", 1, 9)
    waiting_days = _number(_l("Days between two attempts"), "waiting_days", 0, 365)
    waiting_minutes = _number(_l("The waiting room opens so many minutes before"), "waiting_minutes", 5, 240)
    late_minutes = IntegerField(
        _l("Nobody begins later than so many minutes after the opening"),
        [Optional(), NumberRange(0, 600, message=_l("Between %(low)s and %(high)s.", low=0, high=600))],
        description=_l("Empty: until the window closes."),
    )
    grace_seconds = _number(_l("Grace for answers on their way at the deadline, in seconds"), "grace_seconds", 0, 600)
    leave_seconds = _number(_l("Leaving the page counts from so many seconds"), "leave_seconds", 1, 600)
    leave_seconds_phone = _number(_l("On phones from so many seconds"), "leave_seconds_phone", 1, 600)
    leave_warnings = _number(_l("Staff are told from so many times of leaving"), "leave_warnings", 1, 50)

    def validate_closes(self, field: DateTimeLocalField) -> None:
        """The window has an end after its beginning."""
        if field.data and self.opens.data and field.data <= self.opens.data:
            raise ValidationError(_l("The closing time is not after the opening time."))

    def validate_place(self, field: StringField) -> None:
        """Who sits in a room must know where it is."""
        if self.place_kind.data == "room" and not (field.data or "").strip():
            raise ValidationError(_l("Enter the address, so that it stands on the admission cards."))

    @property
    def opens_at(self) -> datetime:
        """The opening as a moment."""
        return in_beijing(self.opens.data)

    @property
    def closes_at(self) -> datetime:
        """The closing as a moment."""
        return in_beijing(self.closes.data)

    def validate_opens(self, field: DateTimeLocalField) -> None:
        """What papers are drawn from is committed to before the session opens."""
        if field.data is not None and in_beijing(field.data) <= clock.now():
            raise ValidationError(_l("The opening has to lie in the future."))

    def arrangement(self, code: str | None) -> Arrangement:
        """The rules as they were typed; `code` is the access code that the session gets or keeps."""
        numbers = {name: getattr(self, name).data for name in NUMBERS}
        usual = {name: getattr(_USUAL, name) for name, value in numbers.items() if value is None}
        return Arrangement(
            place_kind=self.place_kind.data, place=(self.place.data or "").strip(), access_code=code,
            late_minutes=self.late_minutes.data, **{**numbers, **usual},
        )  # fmt: skip

    def show(self, session: Any) -> None:
        """Fill the form with a session."""
        for name in ("title_zh", "title_en", "place_kind", "place", "late_minutes", *NUMBERS):
            getattr(self, name).data = getattr(session, name)
        self.opens.data = session.opens_at.astimezone(clock.BEIJING)
        self.closes.data = session.closes_at.astimezone(clock.BEIJING)
        self.with_code.data = session.access_code is not None


class SessionForm(ChangeForm):
    """Announce a session."""

    key = HiddenField(
        default=lambda: secrets.token_hex(16), validators=[Regexp(r"^[0-9a-f]{32}$", message=_l("Reload the page."))]
    )
    cohort = SelectField(_l("Class"), coerce=int, validators=[InputRequired(_l("Choose a class."))])
    specification = SelectField(_l("Specification"), validators=[InputRequired(_l("Choose a specification."))])
    invigilators = SelectMultipleField(
        _l("Invigilators"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class InvigilatorsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Say who watches a session."""

    invigilators = SelectMultipleField(
        _l("Invigilators"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class CancelForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Cancel a session."""

    reason = StringField(
        _l("Reason"),
        [
            InputRequired(_l("Enter the reason; candidates read it in their list.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
