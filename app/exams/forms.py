"""Forms of the exam room."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the class
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app import clock

_FORMAT = "%Y-%m-%dT%H:%M"
_FITS = Length(max=100_000, message=_l("At most 100,000 characters."))
KEY = r"^[0-9a-f]{32}$"


def secrets_key() -> str:
    """A name for what a form makes, so that sending it twice makes one."""
    return secrets.token_hex(16)


class StatementForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The confidentiality-and-honesty statement."""

    accept = BooleanField(
        _l("I have read the rules and the statement, and I accept them"),
        [InputRequired(_l("Accept the statement to begin; without it the exam cannot start."))],
    )


class TokenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Only the token: ask for a paper, save the long form."""


class SessionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Announce a session; times are Beijing time."""

    key = HiddenField(
        default=lambda: secrets.token_hex(16), validators=[Regexp(r"^[0-9a-f]{32}$", message=_l("Reload the page."))]
    )
    cohort = SelectField(_l("Class"), coerce=int, validators=[InputRequired(_l("Choose a class."))])
    specification = SelectField(_l("Specification"), validators=[InputRequired(_l("Choose a specification."))])
    title_zh = StringField(
        _l("Title in Chinese"),
        [InputRequired(_l("Enter the Chinese title.")), Length(max=60, message=_l("At most 60 characters."))],
    )
    title_en = StringField(
        _l("Title in English"),
        [InputRequired(_l("Enter the English title.")), Length(max=100, message=_l("At most 100 characters."))],
    )
    opens = DateTimeLocalField(
        _l("Opens (Beijing time)"), [InputRequired(_l("Enter when the exam opens."))], format=_FORMAT
    )
    closes = DateTimeLocalField(
        _l("Closes (Beijing time)"), [InputRequired(_l("Enter when the exam closes."))], format=_FORMAT
    )

    def validate_closes(self, field: DateTimeLocalField) -> None:
        """The window has an end after its beginning."""
        if field.data and self.opens.data and field.data <= self.opens.data:
            raise ValidationError(_l("The closing time is not after the opening time."))

    @property
    def opens_at(self) -> datetime:
        """The opening as a moment."""
        return _moment(self.opens.data)

    @property
    def closes_at(self) -> datetime:
        """The closing as a moment."""
        return _moment(self.closes.data)


class InvigilatorsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Say who watches a session."""

    invigilators = SelectMultipleField(
        _l("Invigilators"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


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


class MaterialForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Lay a document open beside the questions; `no` is the number that it gets."""

    no = HiddenField(validators=[Regexp(r"^[0-9]{1,4}$", message=_l("Reload the page."))])
    title_zh = StringField(
        _l("Title in Chinese"),
        [InputRequired(_l("Enter the Chinese title.")), Length(max=60, message=_l("At most 60 characters."))],
    )
    title_en = StringField(
        _l("Title in English"),
        [InputRequired(_l("Enter the English title.")), Length(max=100, message=_l("At most 100 characters."))],
    )
    body_zh = TextAreaField(_l("Text in Chinese"), [InputRequired(_l("Enter the Chinese text.")), _FITS])
    body_en = TextAreaField(_l("Text in English"), [InputRequired(_l("Enter the English text.")), _FITS])


class AnnounceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Say something to the candidates of a session; `after` is the last announcement that the page knew."""

    after = HiddenField(validators=[Regexp(r"^[0-9]{1,6}$", message=_l("Reload the page."))])
    room = SelectField(_l("To whom"), validators=[Optional()])
    body = TextAreaField(
        _l("Announcement"),
        [
            InputRequired(_l("Write what the candidates should know.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
        render_kw={"rows": "2"},
    )


class RoomTimeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Give everybody who sits, in one room or in all, extra time."""

    key = HiddenField(default=secrets_key, validators=[Regexp(KEY, message=_l("Reload the page."))])
    room = SelectField(_l("For whom"), validators=[Optional()])
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


class ReasonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A reason for an act on one sitting."""

    reason = StringField(
        _l("Reason"),
        [
            InputRequired(_l("Enter the reason; it is kept with the sitting.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )


class IncidentForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Note an incident as somebody of the staff saw it."""

    key = HiddenField(default=secrets_key, validators=[Regexp(KEY, message=_l("Reload the page."))])
    kind = SelectField(_l("What it is about"), validators=[InputRequired(_l("Choose what it is about."))])
    body = TextAreaField(
        _l("What happened"),
        [
            InputRequired(_l("Write what you saw.")),
            Length(max=2000, message=_l("At most 2000 characters.")),
        ],
        render_kw={"rows": "4"},
    )


class WordsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What a candidate says to an incident, or what an officer answers to a report."""

    body = TextAreaField(
        _l("Reply"),
        [
            InputRequired(_l("Write your answer.")),
            Length(max=2000, message=_l("At most 2000 characters.")),
        ],
        render_kw={"rows": "4"},
    )


class SignForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Sign the minutes with one's own password; `seen` is the digest of the facts that stood on the page."""

    seen = HiddenField(validators=[Regexp(r"^[0-9a-f]{64}$", message=_l("Reload the page."))])
    remarks = TextAreaField(
        _l("Remarks"), [Length(max=4000, message=_l("At most 4000 characters."))], render_kw={"rows": "3"}
    )
    password = PasswordField(
        _l("Your password"),
        [
            InputRequired(_l("Enter your password; it stands for your signature.")),
            Length(max=128, message=_l("A password has at most 128 characters.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )


def _moment(local: datetime | None) -> datetime:
    assert local is not None
    return local.replace(tzinfo=clock.BEIJING).astimezone(UTC)


class SwitchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Move people to paper, or one back to the screen, with the reason."""

    reason = StringField(
        _l("Reason"),
        [
            InputRequired(_l("Enter the reason; it is kept with the sitting.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
    minutes = IntegerField(
        _l("Minutes given back"),
        [NumberRange(0, 120, message=_l("Between 0 and 120 minutes can be given back at once."))],
        default=0,
    )


class DeclareForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """When the room was told to begin, in Beijing time."""

    at = DateTimeLocalField(
        _l("Began at (Beijing time)"), [InputRequired(_l("Enter when the room was told to begin."))], format=_FORMAT
    )

    @property
    def moment(self) -> datetime:
        """The start as a moment."""
        return _moment(self.at.data)


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
