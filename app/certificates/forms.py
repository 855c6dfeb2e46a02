"""Forms of certificates 证书."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.certificates.states import ACTS


class ActForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Why the state of a certificate is changed: a public reason from the list, and a note for the base."""

    reason = RadioField(
        _l("Reason"),
        [InputRequired(_l("Choose one of the reasons."))],
        description=_l("The reason and the date are public"),
    )
    note = TextAreaField(
        _l("Note"),
        [Optional(), Length(max=500, message=_l("A note has at most 500 characters."))],
        description=_l("Only the training base sees the note"),
        render_kw={"rows": 3},
    )

    def offer(self, act: str) -> None:
        """Offer the reasons that this act allows."""
        self.reason.choices = [(code, _l(words)) for code, words in ACTS[act].reasons.items()]


class AgainForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Nothing but the token of the form."""
