"""States 状态 of a certificate, the acts that change them, and the reasons that may be given for an act."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.refusals import N_

#: What a person sees, one word each, and the kind of tag that shows it.
WORDS: Mapping[str, tuple[str, str]] = {
    "held": (N_("Not issued"), "danger"),
    "pending": (N_("Being issued"), "info"),
    "valid": (N_("Valid"), "ok"),
    "expired": (N_("Expired"), "warn"),
    "suspended": (N_("Suspended"), "warn"),
    "withdrawn": (N_("Withdrawn"), "danger"),
    "replaced": (N_("Replaced"), "neutral"),
}
ICONS: Mapping[str, str] = {
    "held": "circle-alert", "pending": "clock", "valid": "circle-check", "expired": "hourglass",
    "suspended": "circle-pause", "withdrawn": "ban", "replaced": "refresh-cw",
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """A change of state: from which states, to which, the word of the event, and the public reasons to choose from."""

    sources: frozenset[str]
    target: str
    event: str
    reasons: Mapping[str, str]


ACTS: Mapping[str, Act] = {
    "suspend": Act(
        frozenset({"granted"}),
        "suspended",
        "suspended",
        {
            "under-review": N_("A complaint or doubt is being looked into"),
            "misuse": N_("The certificate was used against its conditions"),
            "holder-request": N_("The holder asked for it"),
        },
    ),
    "reinstate": Act(
        frozenset({"suspended"}),
        "granted",
        "reinstated",
        {
            "cleared": N_("The matter is settled"),
            "holder-request": N_("The holder asked for it"),
        },
    ),
    "withdraw": Act(
        frozenset({"granted", "suspended"}),
        "withdrawn",
        "withdrawn",
        {
            "result-corrected": N_("The result was corrected after review"),
            "misconduct": N_("Misconduct in the exam was established"),
            "issued-in-error": N_("It was issued in error"),
            "misuse": N_("The certificate was used against its conditions"),
            "holder-request": N_("The holder asked for it"),
        },
    ),
    "replace": Act(
        frozenset({"granted"}),
        "replaced",
        "replaced",
        {
            "name-corrected": N_("The name was corrected"),
            "facts-corrected": N_("An error on the certificate was corrected"),
            "lost": N_("The holder lost it and asked for a new one"),
        },
    ),
}
#: Why an issue in such a state is not replaced.
NOT_REPLACED: Mapping[str, str] = {
    "suspended": N_("The issue to be replaced is suspended. Reinstate it first, then try again."),
    "withdrawn": N_("The issue to be replaced was withdrawn; no replacement is issued for it."),
}
NOT_IN_FORCE = N_("The issue to be replaced is no longer in force; no replacement is issued for it.")
EVENTS: Mapping[str, str] = {
    "granted": N_("Issued"),
    "suspended": N_("Suspended"),
    "reinstated": N_("Reinstated"),
    "withdrawn": N_("Withdrawn"),
    "replaced": N_("Replaced"),
    "reissue-asked": N_("Replacement ordered"),
}


def shown(state: str, valid_until: date | None, today: date) -> str:
    """The state as people see it: `granted` is valid or, after its last day, expired."""
    if state != "granted":
        return state
    return "expired" if valid_until is not None and valid_until < today else "valid"


def reason_words(code: str) -> str:
    """The message id of a reason's code, or the empty string."""
    return next((act.reasons[code] for act in ACTS.values() if code in act.reasons), "")


def possible(state: str) -> list[str]:
    """The acts that a certificate in this state allows."""
    return [name for name, act in ACTS.items() if state in act.sources]


def last_day(start: date, months: int) -> date:
    """The last day of a validity of so many months from `start`: the day before the same day of the month.

    Where that month is shorter, the period ends with it: from 31 January for one month, the last day is 28 February.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    days = monthrange(year, month + 1)[1]
    if start.day > days:
        return date(year, month + 1, days)
    return date(year, month + 1, start.day) - timedelta(days=1)
