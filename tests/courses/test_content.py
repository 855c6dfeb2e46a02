"""Files of a course: each fault is named with file, line and rule; Markdown becomes HTML that is safe to print."""

from __future__ import annotations

import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.banks.items import Item
from app.courses import content
from app.courses.rules import RULES
from app.courses.services import check_folder
from tests.banks.samples import judge, short, single
from tests.courses.samples import CODE, change, course_folder, short_course

LESSON = "modules/a4-resources/2013-6.1.2.zh_CN.md"
ENGLISH = "modules/a4-resources/2013-6.1.2.en.md"
COURSE = "course.yaml"
MODULE_FILE = "modules/a4-resources/module.yaml"
CHECK = "modules/a4-resources/2013-6.1.2.check.yaml"
LONG = "长" * 700

BROKEN = [
    (COURSE, "code: internal", "code: other-internal", "code-equals-folder-name", 3),
    (COURSE, "folder: a4-resources", "folder: a4-nowhere", "module-is-there", 13),
    (COURSE, "folder: a4-resources", "folder: ../a4-resources", "module-is-there", 13),
    (COURSE, "hours: 2", "hours: 4", "minutes-fit-the-hours", None),
    (COURSE, "hours: 2", "hours: 2\n    practice_minutes: 90", "minutes-fit-the-hours", None),
    (COURSE, "hours: 2", "hours: two", "values-from-the-list", 14),
    (COURSE, "hours: 2", "hours: 2\n    lessons: [2013-6.1.1, 2013-9.9]", "lesson-listed-once", 15),
    (COURSE, "hours: 2", "hours: 2\n    lessons: [2013-6.1.1, 2013-6.1.1]", "lesson-listed-once", 15),
    (COURSE, "count: 8", "count: 0", "quiz-can-be-passed", 15),
    (COURSE, "count: 8", "count: 9", "quiz-has-enough-items", 15),
    (MODULE_FILE, "[6.1.2-p101,", "[6.1.1-p101,", "practice-items-exist", 17),
    (MODULE_FILE, "  2013-6.1.2: [", "  2013-6.9.2: [", "known-fields-only", 17),
    (COURSE, "summary:", "abstract:", "known-fields-only", 9),
    (COURSE, "modules:", "modules: [", "file-can-be-read", None),
    (MODULE_FILE, "  - 2013-6.4\n", "  - 2013-6.4\n  - 2013-6.4\n", "lesson-listed-once", 15),
    (MODULE_FILE, "lessons:", "chapters:", "required-fields-present", None),
    (LESSON, "edition: gbt29490-2013", "edition: gbt29490-1999", "edition-is-known", None),
    (LESSON, "edition: gbt29490-2013\n", "", "edition-is-known", None),
    (LESSON, "laws: [专利法 2020]", "laws: [专利法]", "law-is-known", None),
    (LESSON, "laws: [专利法 2020]", "laws: [专利法 1984]", "law-is-known", None),
    (LESSON, "laws: [专利法 2020]", "laws: []", "languages-agree", None),
    (LESSON, "id: 2013-6.1.2", "id: 2013-6.1.3", "id-equals-file-name", 2),
    (LESSON, 'clauses: ["6.1.2"]', 'clauses: ["6.1.9"]', "clause-exists-in-edition", None),
    (LESSON, "minutes: 14", "minutes: 15", "languages-agree", None),
    (LESSON, "source: ", "sources: ", "known-fields-only", 8),
    (LESSON, "---\nid", "id", "required-fields-present", 1),
    (LESSON, "## 怎么审", "# 怎么审", "markdown-is-plain", None),
    (LESSON, "抽样的来源很要紧", "<b>抽样</b>的来源很要紧", "markdown-is-plain", None),
    (LESSON, "抽样的来源很要紧", "![图](plan)抽样的来源很要紧", "markdown-is-plain", None),
    (LESSON, "\n## 怎么审", "\n![图](plan)\n\n## 怎么审", "diagram-is-there", None),
    (LESSON, "> —— 讲师提示", "> 讲师提示", "lesson-has-its-parts", 10),
    (LESSON, "## 怎么审", "怎么审", "lesson-has-its-parts", 10),
    (LESSON, "抽样的来源很要紧", LONG, "lesson-has-its-length", 10),
    (CHECK, "- right:", "- wrong:", "one-right-for-single", None),
    (CHECK, "id: 2013-6.1.2-b", "id: 2013-6.1.2-a", "self-check-present", None),
    (CHECK, 'on: "2026-11-23"', "on: 23.11.2026", "dates-are-dates", 1),
    (CHECK, "kind: single", "kind: riddle", "values-from-the-list", 4),
    (CHECK, "直接判定研发部不符合 6.1.2", "有签到就说明确实培训过，判定符合", "options-differ", None),
    (CHECK, "          en: Record a nonconformity with 6.1.2 straight away\n", "", "both-languages-present", None),
]


def test_a_real_module_breaks_no_rule(tmp_path: Path) -> None:
    report = check_folder(course_folder(tmp_path))
    assert report.findings == []
    assert len(report.folder.lessons) == 7


@pytest.mark.parametrize(("file", "old", "new", "rule", "line"), BROKEN)
def test_a_broken_file_is_named_with_its_rule(
    tmp_path: Path, file: str, old: str, new: str, rule: str, line: int | None
) -> None:
    folder = course_folder(tmp_path)
    change(folder, file, old, new)
    found = {finding.rule: finding for finding in check_folder(folder).findings}
    assert rule in found, [str(finding) for finding in found.values()]
    assert rule in RULES
    assert found[rule].remedy
    if line is not None:
        assert found[rule].line == line


def test_every_rule_that_can_be_broken_is_tried() -> None:
    elsewhere = {"lesson-is-taken", "term-is-one", "diagram-is-plain", "diagram-text-fits"}
    elsewhere |= {"video-is-there", "captions-cover-the-video"}
    assert {rule for *_rest, rule, _line in BROKEN} | elsewhere == set(RULES)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, ""),
        ({"status": "draft"}, "is draft, in the pool “practice”"),
        ({"pool": "exam"}, "is approved, in the pool “exam”"),
    ],
)
def test_named_items_are_approved_for_practice(tmp_path: Path, changes: dict[str, str], fault: str) -> None:
    folder = course_folder(tmp_path)
    (module,) = [content.Shelf(tmp_path).module("a4-resources")[0]]
    assert module is not None
    ids = module.items_of(module.lessons)
    items = {one: single(one, pool="practice") for one in ids}
    items["6.1.2-p102"] = replace(items["6.1.2-p102"], **changes)
    found = check_folder(folder, items=items).findings
    assert [(one.file, one.line, one.rule, fault in one.fault) for one in found] == (
        [(MODULE_FILE, 17, "practice-items-exist", True)] if fault else []
    )


def test_named_items_are_there_and_can_be_marked_at_once(tmp_path: Path) -> None:
    folder = course_folder(tmp_path)
    (module,) = [content.Shelf(tmp_path).module("a4-resources")[0]]
    assert module is not None
    items: dict[str, Item] = {one: judge(one, pool="practice") for one in module.items_of(module.lessons)}
    items["6.1.2-p102"] = short("6.1.2-p102", pool="practice")
    del items["6.4-p102"]
    found = check_folder(folder, items=items).findings
    assert [(one.rule, one.line) for one in found] == [("practice-items-exist", 17), ("practice-items-exist", 22)]


@pytest.mark.parametrize("name", [LESSON, ENGLISH, CHECK, "course.yaml"])
def test_a_missing_file_is_a_finding(tmp_path: Path, name: str) -> None:
    folder = course_folder(tmp_path)
    ((folder if name == COURSE else folder.parent) / name).unlink()
    assert [finding for finding in check_folder(folder).findings if finding.file in {name, f"{CODE}/{name}"}]


@pytest.mark.parametrize("name", [LESSON, CHECK, "course.yaml"])
def test_a_file_that_is_no_text_is_a_finding(tmp_path: Path, name: str) -> None:
    folder = course_folder(tmp_path)
    path = (folder if name == COURSE else folder.parent) / name
    path.write_bytes(path.read_bytes()[:200] + b"\xff\xfe" + path.read_bytes()[200:])
    assert [finding for finding in check_folder(folder).findings if finding.rule == "file-can-be-read"]


def test_the_digest_names_the_files_that_the_course_takes(tmp_path: Path) -> None:
    folder, short = course_folder(tmp_path), short_course(tmp_path)
    before = content.digest_of(folder), content.digest_of(short)
    assert (content.digest_of(folder), content.digest_of(short)) == before
    change(folder, LESSON.replace("6.1.2", "6.1.1"), "title: ", "title: 又")
    assert content.digest_of(folder) != before[0]
    assert content.digest_of(short) == before[1], "the short course does not take this lesson"
    change(folder, LESSON, "展会", "大会")
    assert content.digest_of(short) != before[1]


def test_what_lies_there_and_is_used_nowhere_is_told(tmp_path: Path) -> None:
    folder = course_folder(tmp_path)
    assert list(content.check_shelf(tmp_path)) == []
    change(folder, COURSE, "hours: 2", "hours: 2\n    lessons: [2013-6.1.1]")
    assert {finding.rule for finding in content.check_shelf(tmp_path)} == {"lesson-is-taken"}
    change(folder, MODULE_FILE, "  - 2013-6.4\n", "")
    (tmp_path / "diagrams").mkdir()
    (tmp_path / "diagrams" / "plan.en.svg").write_text("<svg/>", encoding="utf-8")
    found = {(finding.file, finding.rule) for finding in content.check_shelf(tmp_path)}
    assert (MODULE_FILE, "lesson-listed-once") in found
    assert ("diagrams/plan.en.svg", "diagram-is-there") in found


def test_the_id_of_a_lesson_is_its_own_over_all_modules(tmp_path: Path) -> None:
    shutil.copytree(course_folder(tmp_path).parent / "modules" / "a4-resources", tmp_path / "modules" / "a9-other")
    assert "id-equals-file-name" in {finding.rule for finding in content.check_shelf(tmp_path)}


def test_a_diagram_becomes_part_of_the_lesson(tmp_path: Path) -> None:
    folder = course_folder(tmp_path)
    (tmp_path / "diagrams").mkdir()
    for language, file in (("zh_CN", LESSON), ("en", ENGLISH)):
        svg = f'<svg viewBox="0 0 640 80"><text class="ink" x="9" y="40">{language}</text></svg>'
        (tmp_path / "diagrams" / f"plan.{language}.svg").write_text(svg, encoding="utf-8")
        change(folder, file, "\n## ", "\n![alt](plan)\n\n## ")
    report = check_folder(folder)
    assert report.findings == []
    (lesson,) = [entry.lesson for entry in report.folder.lessons if entry.lesson.diagrams]
    pictures = tuple((name, texts["en"]) for name, texts in lesson.diagrams.items())
    html = content.render(lesson.body["en"], pictures)
    assert html.count("<figure") == 1
    assert 'role="img" aria-label="alt"' in html
    assert '<text class="ink" x="9" y="40">en</text>' in html
    before = content.digest_of(folder)
    (tmp_path / "diagrams" / "plan.en.svg").write_text('<svg viewBox="0 0 640 81"/>', encoding="utf-8")
    assert content.digest_of(folder) != before


def test_a_diagram_that_is_not_known_stays_words() -> None:
    html = content.render("甲\n\n![两人](nobody)\n\n\ue0000\ue000\n")
    assert "<figure" not in html and "<img" not in html


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "![x](https://elsewhere.example/x.png)",
        '<p style="color:red">x</p>',
        "[x](https://a.example \"' onmouseover='x\")",
    ],
)
def test_nothing_in_markdown_can_run(evil: str) -> None:
    seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, attrs))

    Reader().feed(content.render(f"甲\n\n{evil}\n"))
    assert {tag for tag, _attrs in seen} <= content.TAGS
    attributes = [pair for _tag, attrs in seen for pair in attrs]
    assert {name for name, _value in attributes} <= {"href", "rel", "title"}
    assert all(value and value.startswith("https://") for name, value in attributes if name == "href")


def test_sections_tables_and_tips_get_their_marks() -> None:
    html = content.render(
        "起\n\n## 一\n\n| 问 | 看 |\n|---|---|\n| 甲 | 乙 |\n\n> 提示\n>\n> —— 讲师提示\n\n## 二\n\n1. 丙\n"
    )
    assert '<h2 id="s1">一</h2>' in html
    assert '<h2 id="s2">二</h2>' in html
    assert '<table class="audit">' in html
    assert '<th scope="col">问</th>' in html
    assert '<td data-k="看">乙</td>' in html
    assert "<footer>讲师提示</footer>" in html
    assert '<ol class="pts">' in html


def test_no_gap_is_left_between_bold_and_chinese() -> None:
    assert "<strong>甲。</strong>乙" in content.render("**甲。** 乙")
    assert "<strong>A.</strong> B" in content.render("**A.** B")
