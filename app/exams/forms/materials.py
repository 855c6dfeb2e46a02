"""The form of the materials that lie open in an exam."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from app.exams.forms.common import title_fields

_FITS = Length(max=100_000, message=_l("At most 100,000 characters."))


class MaterialForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Lay a document open beside the questions; `no` is the number that it gets."""

    no = HiddenField(validators=[Regexp(r"^[0-9]{1,4}$", message=_l("Reload the page."))])
    title_zh, title_en = title_fields()
    body_zh = TextAreaField(_l("Text in Chinese"), [InputRequired(_l("Enter the Chinese text.")), _FITS])
    body_en = TextAreaField(_l("Text in English"), [InputRequired(_l("Enter the English text.")), _FITS])
