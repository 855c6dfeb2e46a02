"""Forms of the list of candidates: places by hand, rooms filled by number, accommodations."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the class
from wtforms.validators import InputRequired, Length, Optional, ValidationError

_PERCENTS = (100, 110, 125, 150, 175, 200, 300)
_FONTS = (100, 125, 150)


class PlacesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Rooms and seats by hand; the fields are named after the rows, so only the token is declared."""


class RoomsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Fill rooms by admission number."""

    rooms = TextAreaField(
        _l("Rooms with their number of seats"),
        [InputRequired(_l("Enter at least one room.")), Length(max=4000, message=_l("At most 4000 characters."))],
        description=_l("One room a line, such as “Room 301  30”. They are filled in this order."),
        render_kw={"rows": 4},
    )
    apart = TextAreaField(
        _l("Rooms apart"),
        [Optional(), Length(max=4000, message=_l("At most 4000 characters."))],
        description=_l("For those whose accommodation gives them a room apart."),
        render_kw={"rows": 2},
    )


class AccommodationForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Give an accommodation, for one session or standing."""

    scope = RadioField(
        _l("Where it holds"),
        choices=[
            SelectChoice("session", _l("In this session only")),
            SelectChoice("standing", _l("In every exam of this training base")),
        ],
        default="session",
    )
    percent = SelectField(
        _l("Time allowed"),
        coerce=int,
        choices=[SelectChoice(one, _l("%(percent)s %%", percent=one)) for one in _PERCENTS],
        default=100,
        description=_l(
            "With 150 percent an exam of 90 minutes takes 135. It may end after the window by what it adds."
        ),
    )
    font = SelectField(
        _l("Size of letters"),
        coerce=int,
        choices=[SelectChoice(one, _l("%(percent)s %%", percent=one)) for one in _FONTS],
        default=100,
    )
    separate_room = BooleanField(_l("A room apart"))
    from_on = DateField(_l("From"), [Optional()])
    until_on = DateField(_l("Until"), [Optional()], description=_l("Empty: without an end."))
    reason = StringField(
        _l("Reason"),
        [InputRequired(_l("Enter the reason.")), Length(max=500, message=_l("At most 500 characters."))],
        description=_l("Only exam officers read it. It stands on no list and not in the journal."),
    )

    def validate_until_on(self, field: DateField) -> None:
        """An end is not before its beginning."""
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(_l("The last day is before the first."))

    def validate_percent(self, field: Any) -> None:
        """Something must be given."""
        if (field.data, self.font.data, self.separate_room.data) == (100, 100, False) and self.scope.data == "standing":
            raise ValidationError(_l("Choose at least one thing: more time, larger letters or a room apart."))
