"""Forms of the exam room."""

from __future__ import annotations

from app.exams.forms.candidates import AccommodationForm, PlacesForm, RoomsForm
from app.exams.forms.common import ExtendForm, TokenForm
from app.exams.forms.sessions import CancelForm, ChangeForm, InvigilatorsForm, SessionForm
from app.exams.forms.waiting import ReadyForm

__all__ = [
    "AccommodationForm", "CancelForm", "ChangeForm", "ExtendForm", "InvigilatorsForm", "PlacesForm", "ReadyForm",
    "RoomsForm", "SessionForm", "TokenForm",
]  # fmt: skip
