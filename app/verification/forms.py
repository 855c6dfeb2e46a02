"""Forms of verification 查验."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.certificates import numbering

TYPED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "input--number"}


class NumberForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A certificate number and the holder's name: both stand on the certificate that is being checked."""

    number = StringField(
        _l("Certificate number"),
        [
            InputRequired(_l("Enter the certificate number.")),
            Length(max=60, message=_l("A certificate number has at most 60 characters.")),
        ],
        description=_l(
            "Printed at the lower right of the certificate. Upper and lower case, spaces and dashes do not matter"
        ),
        render_kw=TYPED,
    )
    name = StringField(
        _l("Holder’s name"),
        [
            InputRequired(_l("Enter the holder’s full name.")),
            Length(max=100, message=_l("A name has at most 100 characters.")),
        ],
        description=_l("In full, in Chinese or in Latin letters, as printed on the certificate"),
        render_kw={"autocomplete": "off"},
    )

    def read_number(self) -> str | None:
        """The number in its written form, or None with the error set on the field."""
        try:
            return numbering.read(self.number.data or "")
        except numbering.NotANumber as refusal:
            words = _l(refusal.message, **refusal.parameters)
            self.number.errors = [*self.number.errors, words]
            return None


class DeskForm(NumberForm):
    """The desk of the base's own people: a number is enough."""

    name = StringField(
        _l("Holder’s name"),
        [Optional(), Length(max=100, message=_l("A name has at most 100 characters."))],
        description=_l("If you enter the full name, you are told whether it matches"),
        render_kw={"autocomplete": "off"},
    )


class NameForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The full name of the holder, to be compared with the masked one on the page."""

    of_number = HiddenField()
    of_token = HiddenField()
    holder = StringField(
        _l("Check the holder’s name"),
        [
            InputRequired(_l("Enter the full name of the holder.")),
            Length(max=100, message=_l("A name has at most 100 characters.")),
        ],
        description=_l(
            "To protect personal data only part of the name is shown. Enter the full name to learn whether it matches"
        ),
        render_kw={"autocomplete": "off"},
    )


class FileForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A certificate as PDF."""

    file = FileField(
        _l("Choose or drop the certificate’s PDF"),
        [FileRequired(_l("Choose the PDF file of the certificate."))],
        description=_l("The digital signature is checked; the file is not kept"),
        render_kw={"accept": "application/pdf,.pdf"},
    )
