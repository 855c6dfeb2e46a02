"""Passing 合格判定: from the points of a paper to passed or not, by the pass rule of its specification."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.banks.specification import PassRule


@dataclass(frozen=True)
class SlotScore:
    """The points of one question of a paper, with what they are summed by."""

    slot: int
    kind: str
    group: str
    points: Fraction
    marks: int


@dataclass(frozen=True)
class Part:
    """The points of a part of the paper (a section or a clause group) out of its full marks."""

    name: str
    points: Fraction
    marks: int

    @property
    def share(self) -> Fraction:
        """The share of the full marks; 1 for a part without marks, which nobody can fail."""
        return self.points / self.marks if self.marks else Fraction(1)


@dataclass(frozen=True)
class Hurdle:
    """A hurdle that was not taken: 'total', 'section' or 'must-pass', the part's name, and what was needed in marks."""

    rule: str
    part: str
    points: Fraction
    needed: Fraction


@dataclass(frozen=True)
class Outcome:
    """The outcome of a paper: passed when no hurdle is left standing."""

    total: Fraction
    marks: int
    cut: Fraction
    sections: tuple[Part, ...]
    groups: tuple[Part, ...]
    missed: tuple[Hurdle, ...]

    @property
    def passed(self) -> bool:
        """Whether every hurdle was taken."""
        return not self.missed


def judge(rule: PassRule, scores: Sequence[SlotScore]) -> Outcome:
    """Apply the pass rule: the total first, then each section's hurdle, then the sections with one of their own.

    A hurdle is taken when the points reach it exactly.
    """
    total = sum((score.points for score in scores), Fraction(0))
    marks = sum(score.marks for score in scores)
    sections = parts(scores, lambda score: score.kind)
    whole = Part("", total, marks)
    hurdles = [_missed("total", whole, rule.total)]
    if rule.section is not None:
        hurdles += [_missed("section", part, rule.section) for part in sections]
    by_kind: Mapping[str, Part] = {part.name: part for part in sections}
    for kind, share in rule.must_pass.items():
        hurdles.append(_missed("must-pass", by_kind.get(kind, Part(kind, Fraction(0), 0)), share))
    missed = tuple(hurdle for hurdle in hurdles if hurdle is not None)
    groups = tuple(sorted(parts(scores, lambda score: score.group), key=_by_number))
    return Outcome(total, marks, rule.total * marks, sections, groups, missed)


def _missed(rule: str, part: Part, share: Fraction) -> Hurdle | None:
    needed = share * part.marks
    return None if part.points >= needed else Hurdle(rule, part.name, part.points, needed)


def parts(scores: Iterable[SlotScore], name: Callable[[SlotScore], str]) -> tuple[Part, ...]:
    """The points summed by a name, in the order of first appearance."""
    sums: dict[str, tuple[Fraction, int]] = {}
    for score in scores:
        points, marks = sums.get(name(score), (Fraction(0), 0))
        sums[name(score)] = points + score.points, marks + score.marks
    return tuple(Part(key, points, marks) for key, (points, marks) in sums.items())


def _by_number(part: Part) -> tuple[int, ...]:
    return tuple(int(number) if number.isdigit() else 0 for number in part.name.split("."))


def weakest(groups: Sequence[Part], cut_share: Fraction, most: int = 3) -> tuple[Part, ...]:
    """The clause groups to study next: those below the cut's share, the weakest first, at most `most`."""
    below = sorted((part for part in groups if part.share < cut_share), key=lambda part: part.share)
    return tuple(below[:most])
