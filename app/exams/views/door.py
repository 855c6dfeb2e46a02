"""What every screen of the exam room shares: the blueprint, the reader's language, and which sessions are seen."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint
from flask_babel import format_date, format_datetime, get_locale, gettext

from app.accounts.guards import actor
from app.exams import services
from app.exams.services import Reader
from app.refusals import Refusal

bp = Blueprint("exams", __name__)


def language() -> str:
    """The reader's language as content has it: 'zh_CN' or 'en'."""
    return "en" if str(get_locale()).startswith("en") else "zh_CN"


def reader() -> Reader:
    """The person as a reader of sessions: all those of the bases where "sessions.read" is held, else those watched."""
    return Reader(actor().person_id, actor().bases("sessions.read"))


def watched_session(ref: str) -> services.ExamSession:
    """The session of this reference, for those who see it. Raises NotFound."""
    return services.get_watched(ref, reader())


def shows_code(session: services.ExamSession) -> bool:
    """Whether the person may see the access code: exam officers of the base, and those who watch the session."""
    bases = actor().bases("sessions.manage")
    return bases is None or session.base_id in bases or actor().person_id in services.invigilators_of(session.id)


def told(refusal: Refusal, **words: object) -> tuple[str, str]:
    """A refusal as a page shows it: the sentence, and what was kept and what to do; moments in Beijing time.

    `words` take the place of parameters of the same name.
    """
    values = {name: _told(value) for name, value in {**refusal.parameters, **words}.items()}
    rest = " ".join(gettext(part) for part in (refusal.kept, refusal.todo) if part)
    return gettext(refusal.message, **values), rest


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return format_datetime(value, "yyyy-MM-dd HH:mm")
    return format_date(value, "yyyy-MM-dd") if isinstance(value, date) else value
