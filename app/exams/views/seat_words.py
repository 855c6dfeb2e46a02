"""A place of the desk in words, the same for the page and for the script that keeps it up to date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import format_datetime, gettext, ngettext

from app.exams.naming import DECISIONS, ENDED, KINDS, LOCKS, REFUSED, SIGNS, STAFF_KINDS, change_of
from app.exams.seats import SHOWN, Place

__all__ = [
    "DECISIONS",
    "ENDED",
    "KINDS",
    "LOCKS",
    "REFUSED",
    "SIGNS",
    "STAFF_KINDS",
    "changed",
    "clock_time",
    "lasting",
    "seat_row",
]


def clock_time(at: datetime | None) -> str:
    """A moment of the day in Beijing time, empty for none."""
    return "" if at is None else str(format_datetime(at, "HH:mm:ss"))


def lasting(ms: int) -> str:
    """How long something lasted."""
    seconds = round(ms / 1000)
    if seconds < 60:
        return str(gettext("%(seconds)s s", seconds=seconds))
    return str(gettext("%(minutes)s min %(seconds)s s", minutes=seconds // 60, seconds=seconds % 60))


def changed(kind: str, minutes: int) -> str:
    """What staff changed of a sitting."""
    return str(gettext(change_of(kind, minutes), minutes=minutes))


def seat_row(place: Place, at: datetime) -> dict[str, Any]:
    """A place as the desk shows it: states as yes or no, everything else as words."""
    sits = place.state in {"open", "closed"}
    flags = {
        "lost": place.is_lost(at), "locked": place.state == "open" and place.locked is not None,
        "incident": place.incidents > 0,
    }  # fmt: skip
    return {
        "number": place.number,
        "ref": place.ref,
        "name": place.name,
        "room": place.room,
        "place": " · ".join(part for part in (place.room, place.seat) if part),
        "tags": " ".join([place.state, *(name for name, holds in flags.items() if holds)]),
        "locked": flags["locked"],
        "attention": place.needs_attention(at),
        "shows": " ".join(choice for choice in SHOWN if place.is_shown(choice, "", at)),
        "where": _where(place),
        "answered": f"{place.answered} / {place.questions}" if sits else "",
        "saved": clock_time(place.saved_at),
        "ends": clock_time(place.deadline_at),
        "signs": _joined(_signs(place)),
        "notes": _joined(_notes(place)),
    }


def _joined(parts: list[str]) -> str:
    return str(gettext(", ")).join(parts)


def _where(place: Place) -> str:
    if place.state != "open" or place.medium != "screen":
        return str(gettext("on paper")) if place.state == "open" else ""
    if place.hidden:
        return str(gettext("Page out of sight"))
    return str(gettext("Question %(number)s", number=place.slot)) if place.slot else ""


def _signs(place: Place) -> list[str]:
    said = []
    if place.left:
        times = ngettext("left %(num)s time", "left %(num)s times", place.left)
        said.append(gettext("%(times)s (%(length)s)", times=times, length=lasting(place.left_ms)))
    said += [f"{gettext(SIGNS[kind])} {count}" for kind, count in sorted(place.signs.items())]
    return said


def _notes(place: Place) -> list[str]:
    said = []
    if place.incidents:
        said.append(ngettext("%(num)s incident", "%(num)s incidents", place.incidents))
    if place.extra_minutes:
        said.append(gettext("%(minutes)s extra minutes", minutes=place.extra_minutes))
    if place.outage_seconds:
        said.append(gettext("%(length)s given back for downtime", length=lasting(place.outage_seconds * 1000)))
    if place.takeovers:
        said.append(ngettext("%(num)s change of window", "%(num)s changes of window", place.takeovers))
    if place.late:
        words = "%(num)s answer came late and is not counted", "%(num)s answers came late and are not counted"
        said.append(ngettext(*words, place.late))
    if place.refused:
        said.append(ngettext("%(num)s sending was refused", "%(num)s sendings were refused", place.refused))
    if place.closed_by == "staff":
        said.append(gettext("handed in by the staff"))
    elif place.closed_by == "deadline":
        said.append(gettext("handed in when time was up"))
    return said
