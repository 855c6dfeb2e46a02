"""Forms of exams on paper 纸笔考试."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the class
from wtforms.validators import InputRequired, Length, NumberRange

from app.exams.forms.common import LOCAL, in_beijing, reason_field


class SwitchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Move people to paper, or one back to the screen, with the reason."""

    reason = reason_field()
    minutes = IntegerField(
        _l("Minutes given back"),
        [NumberRange(0, 120, message=_l("Between 0 and 120 minutes can be given back at once."))],
        default=0,
    )


class DeclareForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """When the room was told to begin, in Beijing time."""

    at = DateTimeLocalField(
        _l("Began at (Beijing time)"), [InputRequired(_l("Enter when the room was told to begin."))], format=LOCAL
    )

    @property
    def moment(self) -> datetime:
        """The start as a moment."""
        return in_beijing(self.at.data)


class PrintForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What is printed, and in which language; for a key perhaps a reason."""

    what = SelectField(
        _l("What"),
        choices=[
            SelectChoice("booklet", _l("Question booklets")),
            SelectChoice("sheet", _l("Answer sheets")),
            SelectChoice("key", _l("Keys")),
        ],
        default="booklet",
    )
    language = SelectField(
        _l("Language of the papers"),
        choices=[
            SelectChoice("own", _l("Each candidate's own")),
            SelectChoice("zh_CN", _l("Chinese")),
            SelectChoice("en", _l("English")),
            SelectChoice("both", _l("Both, Chinese first")),
        ],
        default="own",
    )
    key_reason = StringField(
        _l("Reason for printing the key before the end"),
        [Length(max=200, message=_l("At most 200 characters."))],
    )
