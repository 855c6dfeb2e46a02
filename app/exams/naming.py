"""What signs, incidents and decisions are called, as message ids."""

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
