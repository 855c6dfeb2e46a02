"""Reads the files of courses: course.yaml, the shared modules with their lessons, and the diagrams."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from app.banks.content import LARGEST_FILE, Unreadable, parse
from app.banks.findings import Finding
from app.banks.items import LANGUAGES, Text
from app.banks.nodes import Node, Reader, line_at
from app.courses.diagrams import names_in
from app.courses.lessons import Lesson
from app.courses.reading import ModuleFile, Page, agree, read_checks, read_module, read_page
from app.courses.rules import LessonFiles
from app.courses.video import LARGEST, Video, VideoFiles, kind_of

COURSES = Path(__file__).resolve().parents[3] / "courses"
MODULES, DIAGRAMS = "modules", "diagrams"
MEDIA_ENDINGS = (".webm", ".mp4", ".poster.jpg", ".poster.webp")
VIDEO_ENDINGS = (".video.yaml", *MEDIA_ENDINGS, *(f".{language}.vtt" for language in LANGUAGES))
ENDINGS = (".check.yaml", *(f".{language}.md" for language in LANGUAGES))


@dataclass
class Shelf:
    """The folder of all courses; each shared file is read once, whichever course asks for it."""

    root: Path
    _modules: dict[str, tuple[ModuleFile | None, tuple[Finding, ...]]] = field(default_factory=dict)
    _lessons: dict[tuple[str, str], tuple[LessonFiles | None, tuple[Finding, ...]]] = field(default_factory=dict)

    def module(self, folder: str) -> tuple[ModuleFile | None, tuple[Finding, ...]]:
        """A module by its folder, with the findings on its module.yaml."""
        if folder not in self._modules:
            reader = Reader(f"{MODULES}/{folder}/module.yaml")
            inside = "/" not in folder and ".." not in folder
            root = read_yaml(self.root / reader.file, reader) if inside else None
            self._modules[folder] = None if root is None else read_module(root, reader), tuple(reader.findings)
        return self._modules[folder]

    def lesson(self, folder: str, lesson_id: str) -> tuple[LessonFiles | None, tuple[Finding, ...]]:
        """A lesson of a module, with the findings on its files."""
        key = folder, lesson_id
        if key not in self._lessons:
            findings: list[Finding] = []
            self._lessons[key] = _read_lesson(self.root, f"{MODULES}/{folder}", lesson_id, findings), tuple(findings)
        return self._lessons[key]

    def modules(self) -> list[str]:
        """The folders of all modules."""
        return sorted(path.name for path in (self.root / MODULES).glob("*") if path.is_dir())

    def lessons_in(self, folder: str) -> list[str]:
        """The ids of the lessons of which files lie in a module's folder."""
        names = [path.name for path in (self.root / MODULES / folder).glob("*.*")]
        found = {name.removesuffix(end) for name in names for end in ENDINGS if name.endswith(end)}
        return sorted(found)

    def diagrams(self) -> list[str]:
        """The names of all diagrams that lie in the folder of diagrams."""
        found = (path.name.rsplit(".", 2)[0] for path in (self.root / DIAGRAMS).glob("*.svg"))
        return sorted(set(found))


def files_of(folder: str, lesson_id: str) -> list[str]:
    """The files of a lesson below the root."""
    return [f"{MODULES}/{folder}/{lesson_id}{end}" for end in ENDINGS]


def video_files(root: Path, folder: str, lesson_id: str) -> list[str]:
    """The files of a lesson's video that are there, below the root; none without a video.yaml."""
    named = [f"{MODULES}/{folder}/{lesson_id}{end}" for end in VIDEO_ENDINGS]
    return [name for name in named if (root / name).is_file()] if (root / named[0]).is_file() else []


def diagram_files(name: str) -> dict[str, str]:
    """The files of a diagram below the root, by language."""
    return {language: f"{DIAGRAMS}/{name}.{language}.svg" for language in LANGUAGES}


def _read_lesson(root: Path, place: str, lesson_id: str, findings: list[Finding]) -> LessonFiles | None:
    files = {language: f"{place}/{lesson_id}.{language}.md" for language in LANGUAGES}
    check_file = f"{place}/{lesson_id}.check.yaml"
    pages: dict[str, Page] = {}
    for language, name in files.items():
        reader = Reader(name)
        page = _markdown(root / name, lesson_id, reader)
        if page is not None:
            pages[language] = page
        if len(pages) == len(LANGUAGES):
            agree(pages["zh_CN"], pages["en"], reader)
        findings.extend(reader.findings)
    reader = Reader(check_file)
    node = read_yaml(root / check_file, reader)
    checks, readings = ((), ()) if node is None else read_checks(node, reader)
    findings.extend(reader.findings)
    if len(pages) < len(LANGUAGES):
        return None
    zh = pages["zh_CN"]
    recorded = _read_video(root, f"{place}/{lesson_id}", findings)
    lesson = Lesson(
        id=lesson_id,
        edition=zh.edition,
        clauses=zh.clauses,
        laws=zh.laws,
        minutes=zh.minutes,
        title={language: page.title for language, page in pages.items()},
        source={language: page.source for language, page in pages.items()},
        body={language: page.body for language, page in pages.items()},
        checks=checks,
        diagrams={name: _diagram(root, name, zh, files["zh_CN"], findings) for name in names_in(zh.body)},
        video=_as_stored(recorded) if recorded else None,
    )
    return LessonFiles(
        lesson, files, {language: page.begins for language, page in pages.items()}, check_file, readings, recorded,
        {language: page.front for language, page in pages.items()}, node,
    )  # fmt: skip


def _read_video(root: Path, base: str, findings: list[Finding]) -> VideoFiles | None:
    """The video beside a lesson, or None where there is no video.yaml."""
    reader = Reader(f"{base}.video.yaml")
    if not (root / reader.file).is_file():
        return None
    node = read_yaml(root / reader.file, reader)
    if node is None or not reader.keep_to(node, ("title", "seconds")):
        findings.extend(reader.findings)
        return None
    title, seconds = reader.text(node, "title"), reader.whole(node, "seconds")
    findings.extend(reader.findings)
    there = [f"{base}{end}" for end in MEDIA_ENDINGS if (root / f"{base}{end}").is_file()]
    media = {name: (root / name).read_bytes() for name in there if (root / name).stat().st_size <= LARGEST}
    captions = {
        language: path.read_text(encoding="utf-8", errors="replace")
        for language in LANGUAGES
        if (path := root / f"{base}.{language}.vtt").is_file() and path.stat().st_size <= LARGEST_FILE
    }
    return VideoFiles(reader.file, title, seconds, media, captions, line_at(node, "seconds"))


def _as_stored(files: VideoFiles) -> Video | None:
    """The video by the names of its bytes; None where the rules will find that it is not whole."""
    named = {name: (kind_of(data), hashlib.sha256(data).hexdigest()) for name, data in files.media.items()}
    posters = [one for one in named.values() if one[0].startswith("image/")]
    # MP4 last: a browser takes the first that it can play, and WebM is the smaller one.
    sources = sorted((one for one in named.values() if one[0].startswith("video/")), reverse=True)
    if not sources or not posters:
        return None
    return Video(files.title, files.seconds, tuple(sources), posters[0], files.captions)


def _diagram(root: Path, name: str, page: Page, shown_in: str, findings: list[Finding]) -> Text:
    """The SVG of a diagram by language; one that is not there is a fault of the line that shows it."""
    found = {}
    lines = page.body.splitlines()
    line = page.begins + next(number for number, text in enumerate(lines) if name in names_in(text))
    for language, file in diagram_files(name).items():
        reader = Reader(file)
        if not (root / file).is_file():
            fault, remedy = f"There is no {file}.", "Draw it, or take out what shows it."
            findings.append(Finding(shown_in, line, "diagram-is-there", fault, remedy))
            continue
        data = _bytes(root / file, reader)
        findings.extend(reader.findings)
        try:
            found[language] = "" if data is None else data.decode("utf-8")
        except UnicodeDecodeError as error:
            findings.append(
                Finding(file, _line(error), "file-can-be-read", "The text is not UTF-8.", "Save it as UTF-8.")
            )
    return {language: svg for language, svg in found.items() if svg}


def _line(error: UnicodeDecodeError) -> int:
    return error.object[: error.start].count(b"\n") + 1


def _bytes(path: Path, reader: Reader) -> bytes | None:
    if not path.is_file():
        rule = "both-languages-present" if path.suffix == ".md" else "file-can-be-read"
        reader.fault(1, rule, "The file is not there.", "Write it, or take out what names it.")
        return None
    data = path.read_bytes()
    if len(data) > LARGEST_FILE:
        fault = f"The file is larger than {LARGEST_FILE // 1024} kB."
        reader.fault(1, "file-can-be-read", fault, "Divide it.")
        return None
    return data


def read_yaml(path: Path, reader: Reader, data: bytes | None = None) -> Node | None:
    """The fields of a YAML file, or None after a finding."""
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
    front = read_yaml(path, reader, b"\n" + b"".join(lines[1 : ends[1]]))
    try:
        body = b"".join(lines[ends[1] + 1 :]).decode("utf-8")
    except UnicodeDecodeError as error:
        reader.fault(
            ends[1] + 1 + _line(error), "file-can-be-read", "The text is not UTF-8.", "Save the file as UTF-8."
        )
        return None
    return None if front is None else read_page(front, body, ends[1] + 2, lesson_id, reader)
