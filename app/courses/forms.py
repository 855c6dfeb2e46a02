"""Forms of the courses: a self-check question 自测题, a note 笔记."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from app.courses.lessons import Check
from app.courses.notes import LONGEST


def _chosen(form: Any, field: Any) -> None:
    given = field.data if isinstance(field.data, list) else [field.data] if field.data else []
    if not given:
        raise ValidationError(_l("Choose an answer first."))
    if not set(given) <= {value for value, _label in field.choices}:
        raise ValidationError(_l("This answer is not one of the options. Choose again."))


class SingleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One option of several; values are places from 0."""

    choice = RadioField(_l("Answer"), [_chosen], validate_choice=False)

    def places(self) -> list[int]:
        """The place of the chosen option."""
        return [int(str(self.choice.data))]


class MultipleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Any number of options; values are places from 0."""

    choice = SelectMultipleField(_l("Answer"), [_chosen], validate_choice=False)

    def places(self) -> list[int]:
        """The places of the chosen options."""
        return [int(value) for value in self.choice.data or []]


def _note(form: Any, field: Any) -> None:
    if not (field.data or "").strip():
        raise ValidationError(_l("A note needs at least one word."))
    if len(field.data) > LONGEST:
        raise ValidationError(_l("A note has at most 4000 characters. Shorten it, or divide it between two notes."))


class NoteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A note of a lesson; key and version belong to the page that sends it."""

    key = StringField()
    version = IntegerField(default=0, validators=[NumberRange(0, 2**31 - 1)])
    section = IntegerField(default=0, validators=[NumberRange(0, 99)])
    text = TextAreaField(validators=[_note], filters=[lambda text: (text or "").replace("\r\n", "\n")])


def check_form(check: Check) -> SingleForm | MultipleForm:
    """The form that asks this question."""
    form = SingleForm() if check.kind == "single" else MultipleForm()
    form.choice.choices = [(str(place), "") for place in range(len(check.options))]
    return form


class AdmitForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Admit a person to the exam by exception."""

    reason = TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Enter the reason; it is kept with the admission.")),
            Length(min=4, max=500, message=_l("Write the reason in 4 to 500 characters.")),
        ],
    )


class WithdrawExceptionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Withdraw an admission by exception."""

    reason = TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Enter the reason; it is kept with the withdrawal.")),
            Length(min=4, max=500, message=_l("Write the reason in 4 to 500 characters.")),
        ],
    )


class CommentForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A teacher's comment on an answer."""

    text = TextAreaField(
        _l("Comment"),
        [InputRequired(_l("Write the comment.")), Length(max=2000, message=_l("At most 2,000 characters."))],
    )
