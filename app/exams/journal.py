"""The journal of a sitting 作答流水: numbered answers, each chained to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from app.refusals import N_, Conflict, Refusal, Unavailable

FLAGS = 0
"""The slot that is no question: its answer is the list of flagged slots. Slots 1, 2, … are the questions; slot -n holds
the candidate's own note and struck options of question n. Only questions are marked, digested and scored."""
NOTHING = "null"
"""The canonical text of no answer."""
MOST_ENTRIES = 64


class TakenOver(Conflict):
    """Another device or window holds the sitting now."""

    message = N_("This exam is open in another window.")
    kept = N_("Your answers are saved.")
    todo = N_("Continue there, or take the exam over in this window.")


class Gap(Conflict):
    """The numbers do not fit: some are missing before the first, or one is taken by another answer.

    `expected` is the next number the server takes; the device numbers what it still has anew from there. So an
    acknowledged number always stands for the very answer that was sent.
    """

    message = N_("Answer number %(expected)s has not arrived.")


class Differs(Conflict):
    """At hand-in the device shows other answers than the server has; nothing was closed.

    `digest` is the server's; a hand-in that names it as accepted goes through.
    """

    message = N_("The answers on this device and on the server differ.")
    kept = N_("Nothing was handed in; the server keeps every answer that it has acknowledged.")
    todo = N_("Go back to the questions, look at your answers, and hand in again.")

    def __init__(self, digest: str) -> None:
        super().__init__()
        self.digest = digest


class BadEntry(Refusal):
    """The entries do not have the shape that the page sends."""

    status: ClassVar[int] = 400
    message = N_("The answers could not be read. Nothing was changed.")
    todo = N_("Reload the page; your answers on this device are kept.")


class StoreDown(Unavailable):
    """The database did not take the answers; nothing was acknowledged."""

    message = N_("The server could not save just now.")
    kept = N_("Your answers stay on this device.")
    todo = N_("They are sent again by themselves.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer as it is sent: its number in the device's epoch, the slot, and canonical JSON."""

    seq: int
    slot: int
    response: str
    client_ms: int


@dataclass(frozen=True, slots=True)
class Badge:
    """A signed-in session that the store itself must find valid: see `answer_store.badge`. `token_hash` in hex."""

    token_hash: str
    roles: tuple[str, ...]
    seen_since: datetime


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes: the sitting, its person, and the device's epoch and name (None for the form without a script).

    With a badge the person is not known yet: the store finds the sitting only if it belongs to the badge's person.
    """

    ref: str
    person_id: int
    epoch: int
    writer: str | None = None
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What the server says after the commit: `last` is the highest number taken, `late` whether any of these answers
    is kept and not counted.
    """

    acked: tuple[int, ...]
    last: int
    deadline_at: datetime
    late: bool


def canonical(response: Any) -> str:
    """The one text of an answer: JSON with sorted keys and no spaces. Raises BadEntry for what is no text."""
    made = json.dumps(response, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        made.encode()
    except UnicodeEncodeError:
        raise BadEntry from None
    return made


def check_order(entries: Sequence[Entry]) -> None:
    """Raises BadEntry unless the numbers run on without a gap from 1 or more, and there are at most 64."""
    first = entries[0].seq if entries else 1
    if len(entries) > MOST_ENTRIES or first < 1:
        raise BadEntry
    if any(entry.seq != number for number, entry in enumerate(entries, first)):
        raise BadEntry


def root(ref: str) -> bytes:
    """What the first line of a sitting is chained to."""
    return hashlib.sha256(b"sitting " + ref.encode()).digest()


def line(epoch: int, entry: Entry) -> bytes:
    """The bytes of an entry that the chain covers; not the time of saving, which may differ between two tries."""
    return canonical([epoch, entry.seq, entry.slot, entry.client_ms, entry.response]).encode()


def link(previous: bytes, entry_line: bytes) -> bytes:
    """The chain value of a line: SHA-256 over the value before and the line."""
    return hashlib.sha256(previous + entry_line).digest()


def broken_at(ref: str, lines: Iterable[tuple[int, Entry, bytes]]) -> tuple[int, int] | None:
    """The (epoch, seq) of the first line whose chain does not hold, in the order of numbers, or None."""
    previous = root(ref)
    for epoch, entry, chain in lines:
        previous = link(previous, line(epoch, entry))
        if previous != chain:
            return epoch, entry.seq
    return None


def digest(ref: str, snapshot: Mapping[int, str]) -> str:
    """SHA-256, in hex, over the handed-in answers: ref, then slot and canonical answer in the order of slots.

    What is no answer is left out, so that it does not matter whether a slot was never touched or was cleared; so are
    slots that are no questions. The browser computes the same over what it shows (`static/js/exam-digest.js`).
    """
    rows = [[slot, snapshot[slot]] for slot in sorted(snapshot) if slot > FLAGS and snapshot[slot] != NOTHING]
    return hashlib.sha256(canonical([ref, rows]).encode()).hexdigest()


def receipt(digest_hex: str) -> str:
    """The receipt 交卷回执 that a candidate can write down: 8F3A-77C1-02D9."""
    code = digest_hex[:12].upper()
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
