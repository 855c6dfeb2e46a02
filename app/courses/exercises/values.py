"""An exercise 实训 as plain values: company, documents, and tasks in the order of an audit with their model answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.banks.items import Text

DOCUMENT_KINDS = (
    "policy", "procedure", "chart", "ledger", "contract", "minutes", "search-report", "interview", "record",
)  # fmt: skip
TASK_KINDS = ("plan", "checklist", "findings", "report")
"""The kinds in the order of an audit."""

JUDGEMENTS = ("conform", "observation", "minor", "major", "open")
GRADES = ("major", "minor", "observation")


@dataclass(frozen=True)
class Column:
    """A field of a row. `shape`: line, text, clause, clauses, judgement or grade; `both`: the model has two languages."""

    name: str
    shape: str
    both: bool = True


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "plan": (
        Column("time", "line", both=False),
        Column("place", "line"),
        Column("clauses", "clauses", both=False),
        Column("auditor", "line"),
        Column("method", "text"),
    ),
    "checklist": (
        Column("clause", "clause", both=False),
        Column("check", "text"),
        Column("how", "text"),
        Column("record", "text"),
        Column("judgement", "judgement", both=False),
    ),
    "findings": (
        Column("facts", "text"),
        Column("clause", "clause", both=False),
        Column("requirement", "text"),
        Column("grade", "grade", both=False),
        Column("reason", "text"),
        Column("correction", "text"),
        Column("action", "text"),
    ),
}
"""The columns of the kinds whose answer is a table or a list of findings."""

Cell = str | Sequence[str] | Text


@dataclass(frozen=True)
class Document:
    """A document of the company; `body` is Markdown."""

    id: str
    kind: str
    title: Text
    body: Text


@dataclass(frozen=True)
class Point:
    """A point to compare: what every good answer has, and perhaps why."""

    id: str
    point: Text
    because: Text | None = None


@dataclass(frozen=True)
class Part:
    """A field of the report with its model text."""

    id: str
    title: Text
    hint: Text | None
    model: Text


@dataclass(frozen=True)
class Task:
    """One task. `rows` is the model answer of a plan, a checklist or the findings; `parts` that of a report.

    `given` are rows that stand on the page already. `documents` names those to have at hand, empty for all.
    """

    id: str
    kind: str
    minutes: int
    title: Text
    instruction: Text
    compare: tuple[Point, ...]
    documents: tuple[str, ...] = ()
    notes: Text | None = None
    given: tuple[Mapping[str, Cell], ...] = ()
    rows: tuple[Mapping[str, Cell], ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of its rows; none for a report."""
        return COLUMNS.get(self.kind, ())


@dataclass(frozen=True)
class Exercise:
    """A whole exercise; `reading` is the time for the documents in minutes."""

    code: str
    edition: str
    reading: int
    title: Text
    company: Text
    assignment: Text
    documents: tuple[Document, ...]
    tasks: tuple[Task, ...]

    @property
    def minutes(self) -> int:
        """About how many minutes it takes, reading and all tasks."""
        return self.reading + sum(task.minutes for task in self.tasks)

    def find_task(self, task_id: str) -> Task | None:
        """The task of this id, or None."""
        return next((task for task in self.tasks if task.id == task_id), None)

    def documents_of(self, task: Task) -> tuple[Document, ...]:
        """The documents to have at hand for a task, in order."""
        return tuple(one for one in self.documents if not task.documents or one.id in task.documents)


def content_of(exercise: Exercise) -> dict[str, Any]:
    """The exercise as JSON; `exercise_from` reads it back."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(exercise), ensure_ascii=False))
    return found


def hash_of(exercise: Exercise) -> str:
    """SHA-256 of the canonical JSON of the exercise, in hex."""
    text = json.dumps(content_of(exercise), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def exercise_from(content: Mapping[str, Any]) -> Exercise:
    """The exercise that `content_of` described."""
    documents = tuple(Document(**one) for one in content["documents"])
    return Exercise(**{**content, "documents": documents, "tasks": tuple(_task(one) for one in content["tasks"])})


def _task(content: Mapping[str, Any]) -> Task:
    return Task(
        **{
            **content,
            "compare": tuple(Point(**one) for one in content["compare"]),
            "documents": tuple(content["documents"]),
            "given": tuple(content["given"]),
            "rows": tuple(content["rows"]),
            "parts": tuple(Part(**one) for one in content["parts"]),
        }
    )
