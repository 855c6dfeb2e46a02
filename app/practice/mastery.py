"""How well each clause is known 掌握情况: the share right at first sight, with how far it may be off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

FEWEST = 5
"""With fewer answers nothing is shown. Two right of two has an interval from a third to all: it would only mislead.
Reports on groups of people begin at 10 answers; one person's own practice may be looser, as the interval is shown."""

WINDOW = 20
"""Only the last answers of a clause count, so that the picture follows what was learnt since."""

Z = 1.959964
"""The quantile of the normal distribution for 95 %."""


@dataclass(frozen=True)
class Seen:
    """One answer at first sight, in the order of time: the clause and whether it was right."""

    clause: str
    right: bool


@dataclass(frozen=True)
class Mastery:
    """The answers on a clause: how many, how many of them right, and the mean chance that what was learnt is known."""

    clause: str
    n: int
    right: int
    recall: float | None = None

    @property
    def enough(self) -> bool:
        """Whether there are enough answers to show a share."""
        return self.n >= FEWEST

    @property
    def share(self) -> float:
        """The share right, 0 to 1; 0 without answers."""
        return self.right / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share."""
        return wilson(self.right, self.n)


def wilson(right: int, n: int, z: float = Z) -> tuple[float, float]:
    """The score interval for a share of `right` in `n`: (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n).

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212. It
    stays within 0 and 1 and is right for few answers, where p ± z·s is not. (0, 1) for no answers.
    """
    if n == 0:
        return 0.0, 1.0
    p = right / n
    middle = p + z * z / (2 * n)
    reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def master(
    answers: Iterable[Seen], clauses: Sequence[str], chances: Mapping[str, Sequence[float]]
) -> dict[str, Mastery]:
    """The mastery of each clause of a tree, clauses below included, over its last answers.

    `answers` are in the order of time; `chances` are those of the items that were answered, by the item's own clause.
    """
    kept = list(answers)
    found = {}
    for no in clauses:
        last = [one.right for one in kept if _within(one.clause, no)][-WINDOW:]
        known = [chance for clause, listed in chances.items() if _within(clause, no) for chance in listed]
        recall = sum(known) / len(known) if known else None
        found[no] = Mastery(no, len(last), sum(last), recall)
    return found


def _within(clause: str, no: str) -> bool:
    return clause == no or clause.startswith(f"{no}.")
