"""The paper 试卷 as its candidate sees it: questions with what was answered so far, never anything of the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.banks.delivery import Delivered, for_candidate
from app.banks.items import LETTERS, Choice, Item
from app.banks.responses import BadResponse, Response, clean, is_answered
from app.exams.assembly import FormItem
from app.exams.journal import FLAGS, BadEntry


@dataclass(frozen=True)
class Given:
    """The present answer of a slot with its number."""

    response: Any
    epoch: int
    seq: int


_NOTHING = Given(None, 0, 0)


@dataclass(frozen=True)
class Question:
    """One question of the paper with the answer given; the candidate's own marks on it are not here (`own_marks`)."""

    slot: int
    kind: str
    marks: int
    shown: Delivered
    response: Response
    flagged: bool

    @property
    def answered(self) -> bool:
        """Whether the candidate has given anything."""
        return is_answered(self.response)


@dataclass(frozen=True)
class Part:
    """A part 大题 of the paper: questions of one kind that stand together."""

    kind: str
    marks: int
    questions: tuple[Question, ...]

    @property
    def first(self) -> int:
        """The first slot."""
        return self.questions[0].slot

    @property
    def last(self) -> int:
        """The last slot."""
        return self.questions[-1].slot

    @property
    def answered(self) -> int:
        """How many are answered."""
        return sum(question.answered for question in self.questions)


def form_of(rows: Sequence[Mapping[str, Any]]) -> tuple[FormItem, ...]:
    """The form of stored rows."""
    return tuple(FormItem(**{**row, "options": tuple(row["options"])}) for row in rows)


def option_count(item: Item) -> int:
    """How many options are shuffled."""
    return len(item.options) if isinstance(item, Choice) else 0


def questions(
    form: Sequence[FormItem], items: Mapping[str, Item], given: Mapping[int, Given], language: str
) -> list[Question]:
    """The questions of a form in its order, in 'zh_CN' or 'en'; `items` by version hash, `given` by slot."""
    flagged = set(given[FLAGS].response or ()) if FLAGS in given else set()
    return [_question(one, items[one.version], given, one.slot in flagged, language) for one in form]


def _question(one: FormItem, item: Item, given: Mapping[int, Given], flagged: bool, language: str) -> Question:
    return Question(
        slot=one.slot,
        kind=one.kind,
        marks=one.marks,
        shown=for_candidate(item, language, one.options),
        response=given.get(one.slot, _NOTHING).response,
        flagged=flagged,
    )


def own_marks(given: Mapping[int, Given]) -> dict[int, Any]:
    """What a candidate noted and struck out, {question: {"note": text, "struck": letters as shown}}; nobody marks it."""
    return {-slot: answer.response for slot, answer in given.items() if slot < FLAGS and answer.response}


def parts(asked: Sequence[Question]) -> list[Part]:
    """The questions as parts of one kind and marks."""
    found: list[list[Question]] = []
    for question in asked:
        if not found or (found[-1][-1].kind, found[-1][-1].marks) != (question.kind, question.marks):
            found.append([])
        found[-1].append(question)
    return [Part(group[0].kind, group[0].marks, tuple(group)) for group in found]


def checked(kinds: Sequence[tuple[str, int]], slot: int, raw: object) -> Any:
    """An answer in its stored shape; `kinds[slot - 1]` is (kind, options shown). Raises BadEntry."""
    if slot == FLAGS:
        return _flags(raw, len(kinds))
    if not 1 <= abs(slot) <= len(kinds):
        raise BadEntry
    kind, options = kinds[abs(slot) - 1]
    if slot < FLAGS:
        return _own(raw, LETTERS[:options] if kind in {"single", "multiple"} else "")
    try:
        return clean(kind, raw, options)
    except BadResponse:
        raise BadEntry from None


def _own(raw: object, letters: str) -> dict[str, Any] | None:
    """A candidate's own marks {"note": text, "struck": letters as shown}, without what is empty."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping) or not set(raw) <= {"note", "struck"}:
        raise BadEntry
    try:
        note = clean("short", raw.get("note"))
        struck = clean("multiple", raw.get("struck"), len(letters))
    except BadResponse:
        raise BadEntry from None
    return {name: value for name, value in (("note", note), ("struck", struck)) if value} or None


def _flags(raw: object, count: int) -> list[int]:
    if not isinstance(raw, list) or not all(type(slot) is int and 1 <= slot <= count for slot in raw):
        raise BadEntry
    return sorted(set(raw))
