"""The door to the files of an exercise: reads YAML and Markdown and collects every finding on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.banks.content import LARGEST_FILE, Unreadable, parse
from app.banks.findings import Finding
from app.banks.items import LANGUAGES
from app.banks.nodes import Node, Reader, line_at
from app.courses.exercises.reading import Head, read_head, read_task
from app.courses.exercises.values import Document, Exercise, Task

FOLDER, HEAD = "exercises", "exercise.yaml"


@dataclass(frozen=True)
class ExerciseFolder:
    """All that one folder says; `exercise` is None after findings that leave nothing to work with."""

    exercise: Exercise | None
    findings: tuple[Finding, ...]
    digest: str
    roots: Mapping[str, Node] = field(default_factory=dict)


def find_exercises(root: Path) -> list[Path]:
    """The folders of exercises beside the courses: those with an exercise.yaml under `exercises`."""
    return sorted(path.parent for path in (root / FOLDER).glob(f"*/{HEAD}"))


def find_exercise(root: Path, code: str) -> Exercise | None:
    """The exercise of this code beside the courses; None where it is not there or cannot be read."""
    folder = next((one for one in find_exercises(root) if one.name == code), None)
    return read_folder(folder).exercise if folder else None


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and bytes of the exercise's files, in hex."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.glob("**/*") if path.suffix in {".md", ".yaml"}):
        data = path.read_bytes()
        found.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        found.update(data)
    return found.hexdigest()


def read_folder(folder: Path) -> ExerciseFolder:
    """Read an exercise's folder; raises nothing for broken files."""
    folder, findings, roots = folder.resolve(), list[Finding](), dict[str, Node]()
    reader = Reader(HEAD)
    root = _yaml(folder / HEAD, reader)
    head = None if root is None else read_head(root, folder.name, reader)
    findings.extend(reader.findings)
    if root is not None:
        roots[HEAD] = root
    exercise = None if head is None else _exercise(folder, head, findings, roots)
    return ExerciseFolder(exercise, tuple(findings), digest_of(folder), roots)


def _exercise(folder: Path, head: Head, findings: list[Finding], roots: dict[str, Node]) -> Exercise:
    findings.extend(_unlisted(folder, head, roots[HEAD]))
    documents = [
        Document(one.id, one.kind, one.title, {language: _text(folder, one.id, language, findings) for language in LANGUAGES})
        for one in head.documents
    ]  # fmt: skip
    tasks = [task for name in head.tasks if (task := _task(folder, name, findings, roots)) is not None]
    return Exercise(
        code=head.code, edition=head.edition, reading=head.reading, title=head.title, company=head.company,
        assignment=head.assignment, documents=tuple(documents), tasks=tuple(tasks),
    )  # fmt: skip


def _unlisted(folder: Path, head: Head, root: Node) -> Iterator[Finding]:
    """What lies in the folders without being listed."""
    files = {f"{one.id}.{language}.md" for one in head.documents for language in LANGUAGES}
    for path in sorted((folder / "documents").glob("*.md")):
        if path.name not in files:
            fault = f"documents/{path.name} is not listed."
            yield Finding(HEAD, line_at(root, "documents"), "document-listed-once", fault, "List it or delete it.")
    for path in sorted((folder / "tasks").glob("*.yaml")):
        if path.stem not in head.tasks:
            fault = f"tasks/{path.name} is not listed."
            yield Finding(HEAD, line_at(root, "tasks"), "tasks-in-order", fault, "List it or delete it.")


def _text(folder: Path, name: str, language: str, findings: list[Finding]) -> str:
    reader = Reader(f"documents/{name}.{language}.md")
    data = _bytes(folder / "documents" / f"{name}.{language}.md", reader)
    try:
        text = (data or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        reader.fault(
            error.object[: error.start].count(b"\n") + 1,
            "file-can-be-read",
            "The text is not UTF-8.",
            "Save the file as UTF-8.",
        )
        text = ""
    findings.extend(reader.findings)
    return text


def _task(folder: Path, name: str, findings: list[Finding], roots: dict[str, Node]) -> Task | None:
    reader = Reader(f"tasks/{name}.yaml")
    root = _yaml(folder / "tasks" / f"{name}.yaml", reader)
    if root is not None:
        roots[reader.file] = root
    task = None if root is None else read_task(root, name, reader)
    findings.extend(reader.findings)
    return task


def _bytes(path: Path, reader: Reader) -> bytes | None:
    if not path.is_file():
        reader.fault(1, "file-can-be-read", "The file is not there.", "Write it, or take it out of exercise.yaml.")
        return None
    data = path.read_bytes()
    if len(data) > LARGEST_FILE:
        fault = f"The file is larger than {LARGEST_FILE // 1024} kB."
        reader.fault(1, "file-can-be-read", fault, "Make it shorter.")
        return None
    return data


def _yaml(path: Path, reader: Reader) -> Node | None:
    data = _bytes(path, reader)
    try:
        return None if data is None else parse(data)
    except Unreadable as error:
        reader.fault(error.line, "file-can-be-read", str(error), "Correct the file and check again.")
        return None
