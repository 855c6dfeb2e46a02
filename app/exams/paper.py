"""The paper 试卷 as its candidate sees it: questions with what was answered so far, never anything of the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.banks.items import Choice, Delivered, Item, for_candidate
from app.banks.responses import BadResponse, Response, clean, is_answered
from app.exams.assembly import FormItem
from app.exams.journal import FLAGS, BadEntry


@dataclass(frozen=True)
class Given:
    """The present answer of a slot with its number."""

    response: Any
    epoch: int
    seq: int


@dataclass(frozen=True)
class Question:
    """One question of the paper; `epoch` and `seq` number the answer given, 0 for none."""

    slot: int
    kind: str
    marks: int
    shown: Delivered
    response: Response
    flagged: bool
    epoch: int
    seq: int

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


def form_rows(items: Sequence[FormItem]) -> list[dict[str, Any]]:
    """A form as it is stored with a sitting."""
    return [
        {
            "slot": item.slot, "id": item.id, "version": item.version, "kind": item.kind, "marks": item.marks,
            "options": list(item.options),
        }
        for item in items
    ]  # fmt: skip


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
    nothing = Given(None, 0, 0)
    return [
        Question(
            slot=item.slot,
            kind=item.kind,
            marks=item.marks,
            shown=for_candidate(items[item.version], language, item.options),
            response=(answer := given.get(item.slot, nothing)).response,
            flagged=item.slot in flagged,
            epoch=answer.epoch,
            seq=answer.seq,
        )
        for item in form
    ]


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
    if not 1 <= slot <= len(kinds):
        raise BadEntry
    kind, options = kinds[slot - 1]
    try:
        return clean(kind, raw, options)
    except BadResponse:
        raise BadEntry from None


def _flags(raw: object, count: int) -> list[int]:
    if not isinstance(raw, list) or not all(type(slot) is int and 1 <= slot <= count for slot in raw):
        raise BadEntry
    return sorted(set(raw))
