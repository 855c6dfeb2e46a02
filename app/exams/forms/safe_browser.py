"""Forms of Safe Exam Browser: settings made here, a settings file made elsewhere."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, PasswordField
from wtforms.validators import Length


class OwnBrowserForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Settings made here."""

    password = PasswordField(
        _l("Password to close the browser"),
        [Length(max=60, message=_l("At most 60 characters."))],
        render_kw={"autocomplete": "off"},
    )
    full_screen = BooleanField(_l("Full screen"), default=True)
    spell_check = BooleanField(_l("Allow the spelling check"))
    printing = BooleanField(_l("Allow printing"))


class UploadBrowserForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A settings file made elsewhere."""

    file = FileField(_l("Settings file (.seb)"), [FileRequired(_l("Choose a file."))])
