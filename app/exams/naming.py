"""What signs, incidents, decisions, changes, refusals and ways of handing in are called, as message ids."""

from __future__ import annotations

from app.refusals import N_

SIGNS = {
    "left": N_("Left the exam page"),
    "paste": N_("Pasted text"),
    "second-window": N_("Second window"),
    "second-device": N_("Second device"),
    "offline": N_("Without network"),
    "print": N_("Tried to print"),
    "seb": N_("Safe Exam Browser"),
}
"""Kind of sign → what it is, a message id."""

LOCKS = {"seb": N_("Safe Exam Browser does not fit")}
"""Why a page is locked, a message id."""

KINDS = {
    "left": N_("Left the exam page often"),
    "identity": N_("Who the person is"),
    "aid": N_("Aid that is not allowed"),
    "talk": N_("Talking or copying"),
    "device": N_("Trouble with the device or the network"),
    "health": N_("Health"),
    "room": N_("Noise, power, or other trouble in the room"),
    "seb": N_("Safe Exam Browser"),
    "other": N_("Something else"),
}
"""Kind of incident → what it is about, a message id."""

STAFF_KINDS = ("identity", "aid", "talk", "device", "health", "room", "other")

DECISIONS = {
    "none": N_("Nothing follows"),
    "warned": N_("The candidate was warned"),
    "noted": N_("Noted in the minutes"),
    "void": N_("The sitting is void"),
}

REFUSED = {
    "BadEntry": N_("It did not have the shape of an answer"),
    "TakenOver": N_("Another device or window held the exam"),
    "OnPaper": N_("The exam went on on paper"),
    "Closed": N_("The exam was handed in, or the time in which answers are kept was over"),
    "NotAllowed": N_("It did not come from a page of this site"),
    "CSRFError": N_("The form token of the page did not fit; a page of this site sends it again with a new one"),
    "Flood": N_("Further refusals, counted only"),
}
"""Why a sending was not taken, a message id."""

CHANGES = {
    "extra-time": N_("%(minutes)s extra minutes"),
    "forced": N_("Handed in by the staff"),
    "unlocked": N_("Exam page unlocked"),
    "no-browser": N_("Goes on without Safe Exam Browser"),
    "to-paper": N_("Moved to paper"),
    "to-screen": N_("Moved back to the screen"),
    "key-printed": N_("Key printed before the end"),
}
"""Kind of change of a sitting → what was done, a message id."""

ENDED = {
    "candidate": N_("by the candidate"),
    "deadline": N_("when time was up"),
    "staff": N_("by the staff"),
    "paper": N_("from the answer sheet"),
}
"""How a sitting was handed in, a message id."""


def change_of(kind: str, minutes: int) -> str:
    """The message id of what staff changed of a sitting; a move to paper may give minutes back."""
    if kind == "to-paper" and minutes:
        return N_("Moved to paper, %(minutes)s minutes given back")
    return CHANGES.get(kind, kind)
