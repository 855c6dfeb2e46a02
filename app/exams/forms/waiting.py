"""The candidate's form in the waiting room 候考."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length


class ReadyForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Identity, statement and access code; what was given before is not asked again."""

    mine = BooleanField(
        _l("The details above are mine"),
        [InputRequired(_l("Confirm that name and number are yours. If they are not, use the button below them."))],
    )
    code = StringField(
        _l("Access code"),
        [
            InputRequired(_l("Type the access code that the invigilator tells.")),
            Length(max=20, message=_l("At most 20 characters.")),
        ],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input"},
    )
    accept = BooleanField(
        _l("I have read the rules and the statement, and I accept them"),
        [InputRequired(_l("Accept the statement to begin; without it the exam cannot start."))],
    )
