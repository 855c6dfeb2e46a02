"""The door to the files of courses: reads Markdown with front matter, YAML and SVG, and makes safe HTML of a lesson.

`files` reads what lies in the folders, `markdown` makes the HTML.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.banks.findings import Finding
from app.banks.nodes import Node, Reader
from app.courses.content.files import COURSES, MODULES, Shelf, diagram_files, files_of, read_yaml, video_files
from app.courses.content.glossary import FILE as GLOSSARY
from app.courses.content.glossary import glossary, read_glossary
from app.courses.content.markdown import ATTRIBUTES, TAGS, drawn, render, sections
from app.courses.diagrams import names_in
from app.courses.lessons import Course
from app.courses.reading import ModuleFile, read_course
from app.courses.rules import LessonFiles

__all__ = [
    "ATTRIBUTES", "COURSES", "MODULES", "TAGS", "CourseFolder", "Shelf", "check_shelf", "digest_of", "drawn", "find_courses", "glossary",
    "read_folder", "read_glossary", "render", "sections",
]  # fmt: skip


@dataclass(frozen=True)
class CourseFolder:
    """All that the files of one course say; `digest` names the bytes of these files."""

    course: Course | None
    lessons: tuple[LessonFiles, ...]
    findings: tuple[Finding, ...]
    digest: str
    root: Node | None = None


def find_courses(root: Path = COURSES) -> list[Path]:
    """The folders of courses under the root: those with a course.yaml. A folder that is a course itself is the one."""
    if (root / "course.yaml").is_file():
        return [root]
    return sorted(path.parent for path in root.glob("*/course.yaml"))


def digest_of(folder: Path, shelf: Shelf | None = None) -> str:
    """SHA-256 over the names and bytes of all files that the course takes, in hex; shared ones included."""
    folder = folder.resolve()
    shelf = shelf or Shelf(folder.parent)
    course, _findings, _root = _course(folder, shelf)
    files = {f"{folder.name}/course.yaml"}
    for module in course.modules if course else ():
        files.add(f"modules/{module.folder}/module.yaml")
        files.update(file for one in module.lessons for file in files_of(module.folder, one))
        files.update(file for one in module.lessons for file in video_files(shelf.root, module.folder, one))
    texts = {file: (shelf.root / file).read_bytes() for file in sorted(files) if (shelf.root / file).is_file()}
    shown = {
        name
        for file, data in texts.items()
        if file.endswith(".md")
        for name in names_in(data.decode("utf-8", "replace"))
    }
    for file in sorted(file for name in shown for file in diagram_files(name).values()):
        texts[file] = (shelf.root / file).read_bytes() if (shelf.root / file).is_file() else b""
    found = hashlib.sha256()
    for file, data in texts.items():
        found.update(f"{file}\0{len(data)}\0".encode())
        found.update(data)
    return found.hexdigest()


def read_folder(folder: Path, shelf: Shelf | None = None) -> CourseFolder:
    """Read a course's folder and collect every finding on the way; raises nothing for broken files."""
    folder = folder.resolve()
    shelf = shelf or Shelf(folder.parent)
    course, findings, root = _course(folder, shelf)
    lessons: list[LessonFiles] = []
    for module in course.modules if course else ():
        for lesson_id in dict.fromkeys(module.lessons):
            found, faults = shelf.lesson(module.folder, lesson_id)
            findings.extend(faults)
            if found is not None:
                lessons.append(found)
    return CourseFolder(course, tuple(lessons), tuple(findings), digest_of(folder, shelf), root)


def _course(folder: Path, shelf: Shelf) -> tuple[Course | None, list[Finding], Node | None]:
    reader = Reader(f"{folder.name}/course.yaml")
    found: list[Finding] = []

    def find_module(name: str) -> ModuleFile | None:
        module, findings = shelf.module(name)
        found.extend(findings)
        return module

    root = read_yaml(folder / "course.yaml", reader)
    course = None if root is None else read_course(root, folder.name, find_module, reader)
    return course, [*reader.findings, *found], root


def check_shelf(root: Path) -> Iterator[Finding]:
    """What lies in the folders of modules and diagrams and is listed, taken or shown nowhere."""
    shelf = Shelf(root.resolve())
    courses = [course for path in find_courses(shelf.root) if (course := _course(path, shelf)[0]) is not None]
    taken = {(module.folder, one) for course in courses for module in course.modules for one in module.lessons}
    shown: set[str] = set()
    places: dict[str, str] = {}
    for folder in shelf.modules():
        module, findings = shelf.module(folder)
        yield from findings
        listed = module.lessons if module else ()
        about = f"modules/{folder}/module.yaml"
        for lesson_id in sorted({*shelf.lessons_in(folder), *listed}):
            entry = shelf.lesson(folder, lesson_id)[0]
            shown.update(entry.lesson.diagrams if entry else ())
            other = places.setdefault(lesson_id, folder)
            if other != folder:
                file, fault = f"modules/{folder}/{lesson_id}.zh_CN.md", f"The id is that of a lesson of {other}, too."
                yield Finding(
                    file,
                    entry.line("zh_CN", "id") if entry else 1,
                    "id-equals-file-name",
                    fault,
                    "Give it an id of its own.",
                )
            if lesson_id not in listed:
                fault = f"The lesson “{lesson_id}” lies in the folder and is not listed."
                yield Finding(
                    about, module.line() if module else 1, "lesson-listed-once", fault, "List it or delete it."
                )
            elif (folder, lesson_id) not in taken:
                fault = f"No course takes the lesson “{lesson_id}”."
                yield Finding(
                    about,
                    module.line(lesson_id) if module else 1,
                    "lesson-is-taken",
                    fault,
                    "List it in a course.yaml.",
                )
    if (shelf.root / GLOSSARY).exists():
        yield from read_glossary(shelf.root)[1]
    for name in shelf.diagrams():
        if name not in shown:
            there = [file for file in diagram_files(name).values() if (shelf.root / file).is_file()]
            fault = "No lesson shows the diagram."
            yield from (Finding(file, 1, "diagram-is-there", fault, "Show it or delete it.") for file in there)
