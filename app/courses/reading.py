"""What the files of a course mean: from nodes with lines to course, lesson and self-check question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.banks.nodes import Node, Reader
from app.courses.lessons import Check, Course, Module, Option
from app.courses.rules import LESSON_ID

KINDS = ("single", "multiple")


@dataclass(frozen=True)
class Page:
    """One language of a lesson: its front matter and its Markdown, which begins on line `begins`."""

    id: str
    clauses: tuple[str, ...]
    minutes: int
    title: str
    source: str
    body: str
    begins: int


def read_course(root: Node, folder: str, reader: Reader) -> Course | None:
    """The course that course.yaml describes, or None after findings that leave nothing to work with."""
    if not reader.keep_to(root, ("code", "edition", "title", "summary", "modules")):
        return None
    code = reader.word(root, "code")
    if code != folder:
        fault = f"The code is “{code}”, the folder “{folder}”."
        reader.fault(root.fields["code"].line, "code-equals-folder-name", fault, "Give both the same name.")
    modules = tuple(_module(part, reader) for part in reader.parts(root, "modules"))
    edition = reader.word(root, "edition")
    return Course(code, edition, reader.text(root, "title"), reader.text(root, "summary"), modules)


def _module(part: Node, reader: Reader) -> Module:
    reader.keep_to(part, ("code", "mark", "folder", "hours", "title", "lessons"))
    return Module(
        code=reader.word(part, "code"),
        mark=reader.word(part, "mark"),
        folder=reader.word(part, "folder"),
        hours=reader.whole(part, "hours"),
        title=reader.text(part, "title"),
        lessons=reader.words(part, "lessons"),
    )


def read_page(front: Node, body: str, begins: int, name: str, reader: Reader) -> Page | None:
    """One language of a lesson; `name` is the file name without language and ending."""
    if not reader.keep_to(front, ("id", "clauses", "minutes", "title", "source")):
        return None
    found = reader.word(front, "id")
    if found != name or not LESSON_ID.fullmatch(found):
        fault = f"The id is “{found}”, the file “{name}”."
        remedy = "Give both the same name, of small letters, digits, dots and hyphens."
        reader.fault(front.fields["id"].line, "id-equals-file-name", fault, remedy)
    return Page(
        id=found,
        clauses=reader.words(front, "clauses"),
        minutes=reader.whole(front, "minutes"),
        title=reader.word(front, "title"),
        source=reader.word(front, "source"),
        body=body,
        begins=begins,
    )


def agree(pages: Mapping[str, Page], reader: Reader) -> None:
    """Note where the two languages of a lesson differ in what must be the same."""
    zh, en = pages["zh_CN"], pages["en"]
    if (zh.clauses, zh.minutes) != (en.clauses, en.minutes):
        fault = "Clauses or minutes are not those of the Chinese file."
        reader.fault(None, "languages-agree", fault, "Give both languages the same clauses and minutes.")


def read_checks(root: Node, reader: Reader) -> tuple[Check, ...]:
    """The self-check questions of a lesson."""
    if not reader.keep_to(root, ("checks",)):
        return ()
    return tuple(_check(part, reader) for part in reader.parts(root, "checks"))


def _check(part: Node, reader: Reader) -> Check:
    reader.keep_to(part, ("id", "kind", "stem", "options"))
    return Check(
        id=reader.word(part, "id"),
        kind=reader.one_of(part, "kind", KINDS, "single"),
        stem=reader.text(part, "stem"),
        options=tuple(_option(one, reader) for one in reader.parts(part, "options")),
    )


def _option(part: Node, reader: Reader) -> Option:
    right = "right" in part.fields
    name = "right" if right else "wrong"
    reader.keep_to(part, (name, "because"))
    return Option(reader.text(part, name), right, reader.text(part, "because"))
