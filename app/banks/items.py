"""An item 试题: one question of the bank, with everything that is needed to ask, mark and explain it.

Texts are mappings {"zh_CN": …, "en": …}. Chances and shares are exact fractions between 0 and 1.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

Text = Mapping[str, str]

LANGUAGES = ("zh_CN", "en")
KINDS = ("single", "multiple", "judge", "blank", "short", "case")
TOPICS = ("standard", "audit", "law")
LEVELS = ("recall", "understand", "apply", "analyse")
POOLS = ("exam", "practice")
STATUSES = ("draft", "reviewed", "approved", "retired")
GRADES = ("minor", "major", "observation", "conform")
ANSWERS = ("correct", "incorrect")
DIMENSIONS = ("group", "level", "kind", "topic")
LETTERS = "ABCDEFGH"
MARKED_BY_PEOPLE = frozenset({"short", "case"})
GAP = "____"


@dataclass(frozen=True)
class Option:
    """An option 选项 of a choice item; `because` says why it is right or wrong.

    A wrong one (distractor 干扰项) always says so, a right one of a multiple-choice item too.
    """

    text: Text
    right: bool
    because: Text | None = None


@dataclass(frozen=True)
class RubricPoint:
    """A scoring point 采分点: the share of the item's marks that a candidate earns for one thing said."""

    share: Fraction
    text: Text


@dataclass(frozen=True)
class Law:
    """The law an item rests on, by its Chinese name and the year of the edition."""

    name: str
    edition: str


@dataclass(frozen=True)
class Document:
    """A document 阅读材料 that the candidate reads beside the question: its title and its plain text."""

    title: Text
    text: Text


@dataclass(frozen=True)
class Reading:
    """One reading of the item by a person, and what was changed by it."""

    by: str
    on: str
    changed: str


@dataclass(frozen=True)
class ClauseShare:
    """A clause that is accepted as the answer of a case, with the share of the clause marks that it earns."""

    no: str
    share: Fraction


@dataclass(frozen=True)
class CaseKey:
    """The key of a case 案例题: the accepted clauses, the grade and the model report."""

    clauses: tuple[ClauseShare, ...]
    grade: str
    facts: Text
    requirement: Text
    reason: Text


@dataclass(frozen=True, kw_only=True)
class Item:
    """What every kind of item has.

    Content (kind to source) makes the version; pool, rating, enemies, status and readings are about its use
    and can change without making another version. `rating` holds each rater's chance that a borderline
    candidate answers right. `also` names the clause of further editions for which the item is valid as it stands.
    """

    kind: ClassVar[str] = ""

    id: str
    edition: str
    clause: str
    topic: str
    level: str
    stem: Text
    why: Text | None = None
    source: str
    law: Law | None = None
    also: Mapping[str, str] | None = None
    documents: tuple[Document, ...] | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    pool: str = "exam"
    rating: tuple[Fraction, ...] = ()
    enemies: tuple[str, ...] = ()
    status: str = "draft"
    readings: tuple[Reading, ...] = field(default=())

    @property
    def group(self) -> str:
        """The clause group 条款组: the chapter of the standard, '5' for clause '5.2'."""
        return self.clause.split(".", 1)[0]

    @property
    def clauses(self) -> dict[str, str]:
        """The clause that the item belongs to, by edition: its own edition first."""
        return {self.edition: self.clause, **(self.also or {})}

    def clause_in(self, edition: str) -> str:
        """The clause of the item in an edition. Raises KeyError where the item is not valid for it."""
        return self.clauses[edition]

    def group_in(self, edition: str) -> str:
        """The clause group in an edition: the chapter there. Raises KeyError as `clause_in` does."""
        return self.clause_in(edition).split(".", 1)[0]

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form, in hex: the name of this version for ever."""
        return version_hash(self)

    @property
    def expected(self) -> Fraction:
        """The mean of the raters' chances: how easy the item is for a borderline candidate (Angoff 1971)."""
        return sum(self.rating, Fraction(0)) / len(self.rating) if self.rating else Fraction(1, 2)

    def value(self, dimension: str, edition: str | None = None) -> str:
        """The item's value on a dimension of a specification: level, kind, topic, or group (in an edition)."""
        if dimension not in DIMENSIONS:
            raise ValueError(f"no such dimension: {dimension}")
        if dimension == "group" and edition is not None:
            return self.group_in(edition)
        return str(getattr(self, dimension))


@dataclass(frozen=True, kw_only=True)
class Choice(Item):
    """An item with options, of which one or several are right."""

    options: tuple[Option, ...]

    @property
    def right(self) -> frozenset[int]:
        """The places of the right options, in the order of the file, from 0."""
        return frozenset(place for place, option in enumerate(self.options) if option.right)


@dataclass(frozen=True, kw_only=True)
class Single(Choice):
    """单选题: exactly one option is right."""

    kind: ClassVar[str] = "single"


@dataclass(frozen=True, kw_only=True)
class Multiple(Choice):
    """多选题: two or more options are right."""

    kind: ClassVar[str] = "multiple"


@dataclass(frozen=True, kw_only=True)
class Judge(Item):
    """判断题: a statement that is correct or incorrect."""

    kind: ClassVar[str] = "judge"
    answer: str


@dataclass(frozen=True)
class Gap:
    """One blank 空 of a fill-in item: everything that is right in it, by language."""

    accept: Mapping[str, tuple[str, ...]]

    def takes(self, answer: str) -> bool:
        """Whether the answer is one of those listed, in either language; spaces, case and width do not matter."""
        given = _bare(answer)
        return bool(given) and any(_bare(one) == given for listed in self.accept.values() for one in listed)


@dataclass(frozen=True, kw_only=True)
class Blank(Item):
    """填空题: the stem has a gap for each of `gaps`, in order; each is worth the same."""

    kind: ClassVar[str] = "blank"
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, kw_only=True)
class Short(Item):
    """简答题: answered in the candidate's own words and marked by a person along the rubric."""

    kind: ClassVar[str] = "short"
    model: Text
    rubric: tuple[RubricPoint, ...]


@dataclass(frozen=True, kw_only=True)
class Case(Item):
    """案例题: a scene of an audit; the candidate reports what does not conform, to which clause, how grave."""

    kind: ClassVar[str] = "case"
    scene: Text
    key: CaseKey
    distractors: tuple[str, ...] = ()


CLASSES: Mapping[str, type[Item]] = {cls.kind: cls for cls in (Single, Multiple, Judge, Blank, Short, Case)}

_SPACES = re.compile(r"\s+")
_USE = frozenset({"pool", "rating", "enemies", "status", "readings"})


def content_of(item: Item) -> dict[str, Any]:
    """The content of the item as plain values (str, list, dict), without what is only about its use."""
    plain = {name: _plain(value) for name, value in vars(item).items() if name not in _USE and value is not None}
    return {"kind": item.kind, **plain}


def canonical(item: Item) -> bytes:
    """The canonical form: UTF-8 JSON with sorted keys and no spaces, the same bytes for the same content."""
    text = json.dumps(content_of(item), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def version_hash(item: Item) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(item)).hexdigest()


def _plain(value: object) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(part) for name, part in vars(value).items() if part is not None}
    return value


def _bare(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text).casefold()).strip(".,;:。，；：")
