"""A trainee's answer 作答 to a task: rows of cells or parts of a report, always texts, kept within limits.

{"rows": [{"time": "…", …}, …]} for a plan, a checklist or findings, {"parts": {"scope": "…"}} for a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.banks.items import LANGUAGES
from app.courses.exercises.values import GRADES, JUDGEMENTS, Cell, Task
from app.refusals import N_, Refusal

MOST_ROWS = 40
LONGEST_CELL = 2000
LONGEST_PART = 8000
LONGEST_LINE = 300
SPARE = {"plan": 4, "checklist": 3, "findings": 1}
"""How many empty rows a page offers beside those that are filled."""

Answer = Mapping[str, Any]


class TooLong(Refusal):
    """A field or the number of rows is beyond what is kept; nothing of the page is taken."""

    message = N_("A field may have %(most)s characters; one has %(length)s.")
    kept = N_("What was saved before is kept, and what you typed is still on the page.")
    todo = N_("Shorten the field and save again.")


class TooManyRows(Refusal):
    """More rows than an answer may have."""

    message = N_("An answer may have %(most)s rows.")
    kept = N_("What was saved before is kept, and what you typed is still on the page.")
    todo = N_("Put rows together and save again.")


def clean(task: Task, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as it is kept: known fields only, trimmed, empty rows left out. Raises TooLong, TooManyRows."""
    if task.kind == "report":
        given = raw.get("parts") or {}
        return {"parts": {part.id: _text(given.get(part.id), LONGEST_PART) for part in task.parts}}
    rows = [{column.name: _cell(row.get(column.name), column.shape) for column in task.columns} for row in raw["rows"]]
    filled = [row for row in rows if any(row.values())]
    if len(filled) > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    return {"rows": filled}


def first(task: Task, language: str) -> dict[str, Any]:
    """What stands on the page before anything was typed: the rows that are given, in the reader's language."""
    if task.kind == "report":
        return {"parts": {part.id: "" for part in task.parts}}
    names = [column.name for column in task.columns]
    return {"rows": [{name: in_words(row.get(name, ""), language) for name in names} for row in task.given]}


def is_written(task: Task, answer: Answer) -> bool:
    """Whether there is anything in it beyond what was given."""
    if task.kind == "report":
        return any(answer.get("parts", {}).values())
    return bool(answer.get("rows")) and all(answer != first(task, language) for language in LANGUAGES)


def in_words(cell: Cell, language: str) -> str:
    """The cell of a model answer as text in 'zh_CN' or 'en'."""
    if isinstance(cell, Mapping):
        return str(cell.get(language) or "")
    return cell if isinstance(cell, str) else ("、" if language == "zh_CN" else ", ").join(cell)


def model(task: Task, language: str) -> dict[str, Any]:
    """The model answer in the shape of an answer."""
    if task.kind == "report":
        return {"parts": {part.id: part.model[language] for part in task.parts}}
    names = [column.name for column in task.columns]
    return {"rows": [{name: in_words(row.get(name, ""), language) for name in names} for row in task.rows]}


def _cell(value: object, shape: str) -> str:
    text = _text(value, LONGEST_CELL if shape == "text" else LONGEST_LINE)
    allowed = {"judgement": JUDGEMENTS, "grade": GRADES}.get(shape)
    return text if allowed is None or text in allowed else ""


def _text(value: object, most: int) -> str:
    # Half of a character, as a field with a limit cuts it off, cannot be stored; the rest of the text can.
    text = str(value or "").replace("\r\n", "\n").replace("\x00", "").encode("utf-8", "ignore").decode().strip()
    if len(text) > most:
        raise TooLong(most=most, length=len(text))
    return text
