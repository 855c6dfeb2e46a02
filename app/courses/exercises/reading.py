"""What the files of an exercise mean: from nodes with lines to documents, tasks and model answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.banks.items import Text
from app.banks.nodes import Node, Reader
from app.courses.exercises.values import (
    COLUMNS,
    DOCUMENT_KINDS,
    GRADES,
    JUDGEMENTS,
    TASK_KINDS,
    Cell,
    Column,
    Part,
    Point,
    Task,
)

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Listed:
    """A document as exercise.yaml lists it; its texts lie in files of their own."""

    id: str
    kind: str
    title: Text
    line: int


@dataclass(frozen=True)
class Head:
    """What exercise.yaml says."""

    code: str
    edition: str
    reading: int
    title: Text
    company: Text
    assignment: Text
    documents: tuple[Listed, ...]
    tasks: tuple[str, ...]
    tasks_line: int


def read_head(root: Node, folder: str, reader: Reader) -> Head | None:
    """The exercise that exercise.yaml describes, or None after findings that leave nothing to work with."""
    if not reader.keep_to(
        root, ("code", "edition", "reading", "title", "company", "assignment", "documents", "tasks")
    ):  # fmt: skip
        return None
    code = reader.word(root, "code")
    if code != folder or not NAME.fullmatch(code):
        fault = f"The code is “{code}”, the folder “{folder}”."
        remedy = "Give both the same name, of small letters, digits and hyphens."
        reader.fault(root.fields["code"].line, "exercise-code-equals-folder-name", fault, remedy)
    return Head(
        code=code,
        edition=reader.word(root, "edition"),
        reading=reader.whole(root, "reading"),
        title=reader.text(root, "title"),
        company=reader.text(root, "company"),
        assignment=reader.text(root, "assignment"),
        documents=tuple(_listed(part, reader) for part in reader.parts(root, "documents")),
        tasks=reader.words(root, "tasks"),
        tasks_line=root.fields["tasks"].line,
    )


def _listed(part: Node, reader: Reader) -> Listed:
    reader.keep_to(part, ("id", "kind", "title"))
    kind = reader.one_of(part, "kind", DOCUMENT_KINDS, DOCUMENT_KINDS[0])
    return Listed(_name(part, "id", reader), kind, reader.text(part, "title"), part.line)


def read_task(root: Node, name: str, reader: Reader) -> Task | None:
    """The task of one file, or None after findings that leave nothing to work with."""
    kind = reader.one_of(root, "kind", TASK_KINDS) if "kind" in root.fields else ""
    own: Mapping[str, tuple[str, ...]] = {"checklist": ("given",)}
    model = {"plan": "rows", "checklist": "rows", "findings": "findings", "report": "parts"}.get(kind, "kind")
    required = ("id", "kind", "minutes", "title", "instruction", "compare", model)
    if not reader.keep_to(root, tuple(dict.fromkeys(required)), ("documents", "notes", *own.get(kind, ()))):
        return None
    found = reader.word(root, "id")
    if found != name:
        fault = f"The id is “{found}”, the file “{name}”."
        reader.fault(root.fields["id"].line, "task-id-equals-file-name", fault, "Give both the same name.")
    return Task(
        id=found,
        kind=kind,
        minutes=reader.whole(root, "minutes"),
        title=reader.text(root, "title"),
        instruction=reader.text(root, "instruction"),
        compare=tuple(_point(part, reader) for part in reader.parts(root, "compare")),
        documents=reader.words(root, "documents"),
        notes=reader.text(root, "notes") if "notes" in root.fields else None,
        given=tuple(_row(part, kind, reader, whole=False) for part in reader.parts(root, "given")),
        rows=() if kind == "report" else tuple(_row(part, kind, reader) for part in reader.parts(root, model)),
        parts=tuple(_part(part, reader) for part in reader.parts(root, "parts")) if kind == "report" else (),
    )


def _name(part: Node, field: str, reader: Reader) -> str:
    found = reader.word(part, field)
    if found and not NAME.fullmatch(found):
        fault = f"“{found}” is no name."
        reader.fault(part.fields[field].line, "names-are-plain", fault, "Use small letters, digits and hyphens.")
    return found


def _point(part: Node, reader: Reader) -> Point:
    reader.keep_to(part, ("id", "point"), ("because",))
    because = reader.text(part, "because") if "because" in part.fields else None
    return Point(_name(part, "id", reader), reader.text(part, "point"), because)


def _part(part: Node, reader: Reader) -> Part:
    reader.keep_to(part, ("id", "title", "model"), ("hint",))
    hint = reader.text(part, "hint") if "hint" in part.fields else None
    return Part(_name(part, "id", reader), reader.text(part, "title"), hint, reader.text(part, "model"))


def _row(part: Node, kind: str, reader: Reader, *, whole: bool = True) -> Mapping[str, Cell]:
    """A row of a model answer, or (not whole) one that is given and leaves fields to the trainee."""
    columns = COLUMNS[kind]
    names = tuple(column.name for column in columns)
    more = ("also", "documents") if kind == "findings" else ()
    reader.keep_to(part, names if whole else (), more if whole else names)
    row: dict[str, Cell] = {
        column.name: _cell(part, column, reader) for column in columns if column.name in part.fields
    }
    for name in more:
        row[name] = reader.words(part, name)
    return row


def _cell(part: Node, column: Column, reader: Reader) -> Cell:
    if column.shape == "clauses":
        return reader.words(part, column.name)
    if column.shape == "judgement":
        return reader.one_of(part, column.name, JUDGEMENTS)
    if column.shape == "grade":
        return reader.one_of(part, column.name, GRADES)
    return reader.text(part, column.name) if column.both else reader.word(part, column.name)
