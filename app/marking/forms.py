"""Forms of marking 阅卷."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the class
from wtforms.validators import InputRequired, Length, ValidationError

from app.banks.items import Blank, Item, Short
from app.marking.scoring import Field, shown

LABELS = {
    "clause": _l("Clause"),
    "facts": _l("Facts: who, where, what, how many"),
    "requirement": _l("Requirement in the candidate's own words"),
    "grade": _l("Grade with its reason"),
}
ACTS = ("certify", "refuse")


class MarkForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Marks by field and a comment; the fields are those of the item (see `mark_form`)."""

    comment = TextAreaField(
        _l("Comment"),
        [Length(max=1000, message=_l("A comment has at most 1000 characters."))],
        description=_l("For the record; the candidate does not see it."),
        render_kw={"rows": "2"},
    )

    def given(self, fields: Sequence[Field]) -> dict[str, Fraction]:
        """The share given of each field."""
        return {field.name: Fraction(str(self[_name(field)].data)) for field in fields}


def mark_form(item: Item, fields: Sequence[Field], marks: int, language: str) -> MarkForm:
    """The form for one script: a radio group for each field, with the proposal chosen where there is one."""
    parts = {_name(field): _choices(item, field, marks, language) for field in fields}
    made: MarkForm = type("MarkFormOfItem", (MarkForm,), parts)()
    return made


def _name(field: Field) -> str:
    return field.name.replace("-", "_")


def _choices(item: Item, field: Field, marks: int, language: str) -> RadioField:
    label: Any = LABELS.get(field.name)
    if isinstance(item, Short):
        label = item.rubric[int(field.name.removeprefix("point-")) - 1].text[language]
    if isinstance(item, Blank):
        label = _("Blank %(number)s", number=field.name.removeprefix("gap-"))
    choices = []
    for share in field.choices:
        words = _("%(points)s marks", points=shown(share * field.share * marks))
        if share == field.proposed:
            words = _("%(points)s marks, proposed from the key", points=shown(share * field.share * marks))
        choices.append(SelectChoice(str(share), words))
    default = None if field.proposed is None else str(field.proposed)
    needed = InputRequired(_l("Choose the marks for this point."))
    return RadioField(label, [needed], choices=choices, default=default)


class IncidentDecisionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What follows from an incident, and why; `seen` stands for the answer that was on the page."""

    seen = HiddenField()
    decision = RadioField(_l("Outcome"), validators=[InputRequired(_l("Choose what follows."))])
    why = TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Write why you decide so.")),
            Length(max=2000, message=_l("At most 2000 characters.")),
        ],
        render_kw={"rows": "3"},
    )


class DecisionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """To certify or not, with a reason; `act` comes from the button."""

    version = HiddenField()
    act = HiddenField()
    reason = TextAreaField(
        _l("Reason"),
        [Length(max=500, message=_l("A reason has at most 500 characters."))],
        description=_l("Needed when no certificate is given. The candidate can read it."),
        render_kw={"rows": "3"},
    )

    def validate_act(self, field: HiddenField) -> None:
        """Only the two buttons count."""
        if field.data not in ACTS:
            raise ValidationError(_l("Choose “Certify” or “Do not certify”."))

    def validate_reason(self, field: TextAreaField) -> None:
        """A refusal has a reason."""
        if self.act.data == "refuse" and not (field.data or "").strip():
            raise ValidationError(_l("Write why no certificate is given."))
