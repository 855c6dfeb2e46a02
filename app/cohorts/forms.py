"""Forms of a class: its study rules and its live sessions."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the class
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.cohorts.study_rules import ORDERS, TRIES, Rules

BEIJING = ZoneInfo("Asia/Shanghai")
_FORMAT = "%Y-%m-%dT%H:%M"
_RELOAD = _l("Reload the page.")


class RulesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The study rules of a class; `version` is the one on the page."""

    version = HiddenField(validators=[Regexp(r"^[0-9]{1,6}$", message=_RELOAD)])
    order = RadioField(
        _l("Order of the lessons"), choices=[SelectChoice(key, _l(words)) for key, words in ORDERS.items()]
    )
    lessons = BooleanField(_l("All lessons are done"))
    hours = IntegerField(
        _l("Class hours at least"),
        [Optional(), NumberRange(0, 500, message=_l("Between 0 and 500 class hours can be asked for."))],
    )
    live_counts = BooleanField(_l("Live sessions attended count towards the class hours"))
    quiz = BooleanField(_l("The quiz of every module is passed"))
    share = IntegerField(
        _l("Percent right to pass a quiz"),
        [Optional(), NumberRange(1, 100, message=_l("Enter a percentage between 1 and 100."))],
    )
    tries = IntegerField(
        _l("Tries at one quiz in a day"),
        [Optional(), NumberRange(1, 20, message=_l("Between 1 and 20 tries in a day are possible."))],
    )
    attendance = IntegerField(
        _l("Attendance of live sessions, in percent of the minutes"),
        [Optional(), NumberRange(0, 100, message=_l("Enter a percentage between 0 and 100."))],
    )
    exercise = BooleanField(_l("The practical audit is handed in"))

    def fill(self, rules: Rules, version: int) -> None:
        """Show rules that are in force."""
        self.version.data = str(version)
        self.order.data, self.lessons.data, self.hours.data = rules.order, rules.lessons, rules.hours
        self.live_counts.data, self.quiz.data = rules.live_counts, rules.quiz is not None
        self.share.data = 80 if rules.quiz is None else int(rules.quiz * 100)
        self.tries.data, self.attendance.data, self.exercise.data = rules.tries, rules.attendance, rules.exercise

    def rules(self) -> Rules:
        """What was typed, as rules."""
        return Rules(
            order=self.order.data or "free",
            lessons=bool(self.lessons.data),
            hours=self.hours.data or 0,
            live_counts=bool(self.live_counts.data),
            quiz=Fraction(self.share.data or 80, 100) if self.quiz.data else None,
            tries=self.tries.data or TRIES,
            attendance=self.attendance.data or 0,
            exercise=bool(self.exercise.data),
        )


class LiveSessionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A live session; times are Beijing time."""

    key = HiddenField(default=lambda: secrets.token_hex(16), validators=[Regexp(r"^[0-9a-f]{32}$", message=_RELOAD)])
    title_zh = StringField(
        _l("Title in Chinese"),
        [InputRequired(_l("Enter the Chinese title.")), Length(max=60, message=_l("At most 60 characters."))],
    )
    title_en = StringField(
        _l("Title in English"),
        [InputRequired(_l("Enter the English title.")), Length(max=100, message=_l("At most 100 characters."))],
    )
    starts = DateTimeLocalField(
        _l("Begins (Beijing time)"), [InputRequired(_l("Enter when the session begins."))], format=_FORMAT
    )
    minutes = IntegerField(
        _l("Minutes"),
        [
            InputRequired(_l("Enter the length in minutes.")),
            NumberRange(10, 600, message=_l("A session lasts between 10 and 600 minutes.")),
        ],
    )
    place = StringField(
        _l("Room or link"),
        [InputRequired(_l("Enter the room or the link.")), Length(max=200, message=_l("At most 200 characters."))],
    )
    teacher = SelectField(_l("Teacher"), coerce=int)

    @property
    def starts_at(self) -> datetime:
        """The beginning as a moment."""
        assert self.starts.data is not None
        local: datetime = self.starts.data
        return local.replace(tzinfo=BEIJING).astimezone(UTC)

    @property
    def teacher_id(self) -> int | None:
        """The teacher chosen; None for nobody."""
        return self.teacher.data or None


class CancelForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Cancel a live session; the trainees of the class read why."""

    why = StringField(
        _l("Why it is cancelled"),
        [
            InputRequired(_l("Say why; the trainees of the class read it.")),
            Length(min=2, max=200, message=_l("Write 2 to 200 characters.")),
        ],
    )


def local(moment: datetime) -> datetime:
    """A moment as a field of a form shows it: Beijing time without a zone."""
    return moment.astimezone(BEIJING).replace(tzinfo=None)
