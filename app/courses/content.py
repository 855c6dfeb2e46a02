"""The door to the files of a course: reads Markdown with front matter and YAML, and turns Markdown into safe HTML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.banks.content import LARGEST_FILE, Unreadable, parse
from app.banks.findings import Finding
from app.banks.items import LANGUAGES
from app.banks.nodes import Node, Reader
from app.courses.lessons import Course, Lesson, Module
from app.courses.reading import Page, agree, read_checks, read_course, read_page
from app.courses.rules import LessonFiles

CLASSES = {"ordered_list_open": "pts", "bullet_list_open": "dots", "blockquote_open": "quote", "table_open": "audit"}
# CommonMark closes "**甲。**" before a Chinese character only when a space stands between; a reader must not see it.
_SPACE_AFTER_BOLD = re.compile(r"</strong> (?=[\u4e00-\u9fff])")
COURSES = Path(__file__).resolve().parents[2] / "courses"
TAGS = {
    "p", "h2", "h3", "ol", "ul", "li", "strong", "em", "code", "br", "hr", "blockquote", "footer", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "h2": {"id"}, "ol": {"class", "start"}, "ul": {"class"}, "blockquote": {"class"}, "table": {"class"},
    "th": {"scope"}, "td": {"data-k"}, "a": {"href"},
}  # fmt: skip


@dataclass(frozen=True)
class CourseFolder:
    """All that one folder of files says; `digest` names the bytes of the files."""

    course: Course | None
    lessons: tuple[LessonFiles, ...]
    findings: tuple[Finding, ...]
    digest: str


def find_courses(root: Path = COURSES) -> list[Path]:
    """The folders of courses under the root: those with a course.yaml. A folder that is a course itself is the one."""
    if (root / "course.yaml").is_file():
        return [root]
    return sorted(path.parent for path in root.glob("*/course.yaml"))


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and bytes of the course's files, in hex."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.glob("**/*") if path.suffix in {".md", ".yaml"}):
        data = path.read_bytes()
        found.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        found.update(data)
    return found.hexdigest()


def read_folder(folder: Path) -> CourseFolder:
    """Read a course's folder and collect every finding on the way; raises nothing for broken files."""
    folder = folder.resolve()
    reader = Reader("course.yaml")
    root = _yaml(folder / "course.yaml", reader)
    course = None if root is None else read_course(root, folder.name, reader)
    findings = list(reader.findings)
    lessons: list[LessonFiles] = []
    for module in course.modules if course else ():
        findings.extend(_listing(folder, module))
        for lesson_id in dict.fromkeys(module.lessons):
            found = _read_lesson(folder, module.folder, lesson_id, findings)
            if found is not None:
                lessons.append(found)
    return CourseFolder(course, tuple(lessons), tuple(findings), digest_of(folder))


def _listing(folder: Path, module: Module) -> Iterator[Finding]:
    """What course.yaml lists twice, and what lies in the folder without being listed."""
    rule, names = "lesson-listed-once", [path.name for path in (folder / module.folder).glob("*.*")]
    endings = (".check.yaml", *(f".{language}.md" for language in LANGUAGES))
    there = {name.removesuffix(ending) for name in names for ending in endings if name.endswith(ending)}
    for lesson_id in sorted(there - set(module.lessons)):
        fault, remedy = "The lesson is not listed.", "List it in course.yaml or delete it."
        yield Finding(f"{module.folder}/{lesson_id}", None, rule, fault, remedy)
    for lesson_id in sorted({one for one in module.lessons if module.lessons.count(one) > 1}):
        yield Finding("course.yaml", None, rule, f"“{lesson_id}” is listed twice.", "List it once.")


def _read_lesson(folder: Path, place: str, lesson_id: str, findings: list[Finding]) -> LessonFiles | None:
    files = {language: f"{place}/{lesson_id}.{language}.md" for language in LANGUAGES}
    check_file = f"{place}/{lesson_id}.check.yaml"
    pages: dict[str, Page] = {}
    for language, name in files.items():
        reader = Reader(name)
        page = _markdown(folder / name, lesson_id, reader)
        if page is not None:
            pages[language] = page
        if len(pages) == len(LANGUAGES):
            agree(pages, reader)
        findings.extend(reader.findings)
    reader = Reader(check_file)
    root = _yaml(folder / check_file, reader)
    checks = () if root is None else read_checks(root, reader)
    findings.extend(reader.findings)
    if len(pages) < len(LANGUAGES):
        return None
    lesson = Lesson(
        id=lesson_id,
        clauses=pages["zh_CN"].clauses,
        minutes=pages["zh_CN"].minutes,
        title={language: page.title for language, page in pages.items()},
        source={language: page.source for language, page in pages.items()},
        body={language: page.body for language, page in pages.items()},
        checks=checks,
    )
    return LessonFiles(lesson, files, {language: page.begins for language, page in pages.items()}, check_file)


def _bytes(path: Path, reader: Reader) -> bytes | None:
    if not path.is_file():
        rule = "both-languages-present" if path.suffix == ".md" else "file-can-be-read"
        reader.fault(None, rule, "The file is not there.", "Write it, or take the lesson out of course.yaml.")
        return None
    data = path.read_bytes()
    if len(data) > LARGEST_FILE:
        fault = f"The file is larger than {LARGEST_FILE // 1024} kB."
        reader.fault(None, "file-can-be-read", fault, "Divide the lesson.")
        return None
    return data


def _yaml(path: Path, reader: Reader, data: bytes | None = None) -> Node | None:
    data = _bytes(path, reader) if data is None else data
    try:
        return None if data is None else parse(data)
    except Unreadable as error:
        reader.fault(error.line, "file-can-be-read", str(error), "Correct the file and check again.")
        return None


def _markdown(path: Path, lesson_id: str, reader: Reader) -> Page | None:
    data = _bytes(path, reader)
    if data is None:
        return None
    lines = data.splitlines(keepends=True)
    ends = [number for number, line in enumerate(lines) if line.strip() == b"---"]
    if len(ends) < 2 or ends[0] != 0:
        fault = "The file does not begin with fields between two lines “---”."
        reader.fault(1, "required-fields-present", fault, "Begin it with id, clauses, minutes, title and source.")
        return None
    # An empty line takes the place of the first "---", so that the lines of the findings are those of the file.
    front = _yaml(path, reader, b"\n" + b"".join(lines[1 : ends[1]]))
    try:
        body = b"".join(lines[ends[1] + 1 :]).decode("utf-8")
    except UnicodeDecodeError:
        reader.fault(ends[1] + 2, "file-can-be-read", "The text is not UTF-8.", "Save the file as UTF-8.")
        return None
    return None if front is None else read_page(front, body, ends[1] + 2, lesson_id, reader)


@lru_cache(maxsize=512)
def render(markdown: str) -> str:
    """Safe HTML of a lesson's Markdown: sections get the ids s1, s2, …; tables carry their heads to each cell.

    On a phone a row of a table is a card, and `data-k` is the label of each cell. The last paragraph of a quotation
    that begins with a dash becomes its footer.
    """
    engine = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = engine.parse(markdown)
    _number_sections(tokens)
    _label_cells(tokens)
    _foot_quotations(tokens)
    for token in tokens:
        if token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
    html = engine.renderer.render(tokens, engine.options, {})
    html = _SPACE_AFTER_BOLD.sub("</strong>", html)
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https"}, link_rel="noopener")
    return Markup(clean)  # noqa: S704 -- cleaned by an allow-list just above


def _number_sections(tokens: list[Token]) -> None:
    number = 0
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2":
            number += 1
            token.attrSet("id", f"s{number}")


def _label_cells(tokens: list[Token]) -> None:
    heads: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            heads = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            token.attrSet("scope", "col")
            heads.append(tokens[place + 1].content)
        elif token.type == "td_open":
            token.attrSet("data-k", heads[column] if column < len(heads) else "")
            column += 1


def _foot_quotations(tokens: list[Token]) -> None:
    for place, token in enumerate(tokens):
        if token.type != "blockquote_close" or place < 3 or tokens[place - 1].type != "paragraph_close":
            continue
        inline = tokens[place - 2]
        words = inline.content.lstrip("— ")
        if inline.type == "inline" and words != inline.content and inline.children:
            inline.content, inline.children = words, inline.children[:1]
            inline.children[0].content = words
            tokens[place - 3].tag = tokens[place - 1].tag = "footer"
