"""Forms of the exam room."""

from __future__ import annotations

from app.exams.forms.candidates import AccommodationForm, PlacesForm, RoomsForm
from app.exams.forms.common import ExtendForm, TokenForm
from app.exams.forms.desk import AnnounceForm, IncidentForm, ReasonForm, RoomTimeForm, SignForm, WordsForm
from app.exams.forms.materials import MaterialForm
from app.exams.forms.paper import DeclareForm, PrintForm, SwitchForm
from app.exams.forms.safe_browser import OwnBrowserForm, UploadBrowserForm
from app.exams.forms.sessions import CancelForm, ChangeForm, InvigilatorsForm, SessionForm
from app.exams.forms.waiting import ReadyForm

__all__ = [
    "AccommodationForm", "AnnounceForm", "CancelForm", "ChangeForm", "DeclareForm", "ExtendForm", "IncidentForm",
    "InvigilatorsForm", "MaterialForm", "OwnBrowserForm", "PlacesForm", "PrintForm", "ReadyForm", "ReasonForm", "RoomTimeForm",
    "RoomsForm", "SessionForm", "SignForm", "SwitchForm", "TokenForm", "UploadBrowserForm", "WordsForm",
]  # fmt: skip
