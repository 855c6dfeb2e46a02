"""What comes next 选题: what is due first, then what was missed, then what is new, spread over the clauses."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.banks.items import TOPICS


@dataclass(frozen=True)
class Scope:
    """What a person wants to practise: 'all', 'due', 'missed', 'topic' with a topic, or 'clause' with a number."""

    kind: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}" if self.value else self.kind

    def takes(self, item: Candidate) -> bool:
        """Whether the item belongs to the clause (or one below it) or topic; 'due' and 'missed' look at the day."""
        if self.kind == "topic":
            return item.topic == self.value
        if self.kind == "clause":
            return item.clause == self.value or item.clause.startswith(f"{self.value}.")
        return True


def scope_of(text: str) -> Scope:
    """The scope of an address; anything unknown is practice of everything."""
    kind, _colon, value = text.partition(":")
    if (kind == "topic" and value in TOPICS) or (kind == "clause" and re.fullmatch(r"\d{1,2}(\.\d{1,2}){0,3}", value)):
        return Scope(kind, value)
    return Scope(kind) if kind in {"due", "missed"} and not value else Scope("all")


@dataclass(frozen=True)
class Candidate:
    """An item that may come next, with what the person did with it; `due_on` is None for one never answered.

    `own_words` says that it is answered in sentences: such items come after the others of their clause.
    """

    id: str
    clause: str
    topic: str
    due_on: date | None = None
    right: bool | None = None
    answered_on: date | None = None
    own_words: bool = False

    def is_due(self, today: date) -> bool:
        """Whether its day has come."""
        return self.due_on is not None and self.due_on <= today

    @property
    def missed(self) -> bool:
        """Whether the last answer was not right."""
        return self.right is False


def choose(
    pool: Sequence[Candidate], scope: Scope, today: date, *, last: str = "", again: bool = False
) -> Candidate | None:
    """The next item of a scope, or None when nothing is left for today.

    Due items come first, the longest due before the others; then those missed on an earlier day; then new ones, from
    the clause with the fewest answers, and not twice from the clause of the `last` item while there is another. With
    `again` also what is not due yet, the longest ago first. The same history gives the same item.
    """
    inside = [item for item in pool if scope.takes(item)]
    due = [item for item in inside if item.is_due(today)]
    if due:
        return min(due, key=lambda item: (item.due_on or today, item.id == last, _chance(item.id, today)))
    missed = [item for item in inside if item.missed and item.answered_on != today]
    if missed:
        return min(missed, key=lambda item: (item.due_on or today, _chance(item.id, today)))
    new = [item for item in inside if item.due_on is None]
    if new and scope.kind not in {"due", "missed"}:
        return _spread(new, pool, last, today)
    if not again:
        return None
    known = [item for item in inside if item.due_on is not None and (scope.kind != "missed" or item.missed)]
    return min(known, key=lambda item: (item.id == last, item.answered_on or today, item.due_on or today), default=None)


def _spread(new: Sequence[Candidate], pool: Sequence[Candidate], last: str, today: date) -> Candidate:
    answered = Counter(item.clause for item in pool if item.due_on is not None)
    before = next((item.clause for item in pool if item.id == last), "")
    return min(
        new,
        key=lambda item: (item.clause == before, answered[item.clause], item.own_words, _chance(item.id, today)),
    )


def _chance(name: str, today: date) -> str:
    """An order without a pattern that is the same all day."""
    return hashlib.sha256(f"{today.isoformat()}|{name}".encode()).hexdigest()


def waiting(pool: Sequence[Candidate], today: date) -> int:
    """How many items are due."""
    return sum(item.is_due(today) for item in pool)
