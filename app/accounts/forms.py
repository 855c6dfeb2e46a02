"""Forms of accounts 账号."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from app.accounts.password_rule import weakness


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Account and password."""

    account = StringField(
        _l("Account"),
        [
            InputRequired(_l("Enter your account.")),
            Length(max=100, message=_l("An account has at most 100 characters.")),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Enter your password.")),
            Length(max=128, message=_l("A password has at most 128 characters.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class PasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Change one's own password."""

    account = ""
    current = PasswordField(
        _l("Current password"),
        [InputRequired(_l("Enter your current password."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("New password"), [InputRequired(_l("Enter a new password."))], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        _l("New password again"),
        [EqualTo("new", message=_l("The two new passwords do not match."))],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_new(self, field: PasswordField) -> None:
        """Refuse a password that is easy to guess, with the reason."""
        if (wrong := weakness(field.data or "", self.account)) is not None:
            raise ValidationError(_l(wrong))


class SignOutForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Only the token: sign out, here or everywhere."""
