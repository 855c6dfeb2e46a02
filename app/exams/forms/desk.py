"""Forms of the desk 监考台: announcements, extra time for a room, incidents, reports, the minutes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.exams.forms.common import KEY, minutes_field, reason_field, secrets_key


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
    minutes = minutes_field()
    reason = reason_field()


class ReasonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A reason for an act on one sitting."""

    reason = reason_field()


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
