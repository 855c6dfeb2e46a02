"""What the content adds up to, as a page: `python scripts/content_docs.py` writes docs/content.md, `--check` compares.

`--draw` prints the lessons and items that a rating by two readers takes, drawn by the seed of docs/content-ratings.yaml.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.banks import services as banks  # noqa: E402
from app.banks.items import KINDS, LANGUAGES, LEVELS, POOLS, Choice, Item  # noqa: E402
from app.banks.lint import is_drawn, margins_of  # noqa: E402
from app.banks.lint.balance import longest_share  # noqa: E402
from app.courses import content as course_files  # noqa: E402
from app.courses.rules import HAN, LessonFiles  # noqa: E402
from app.standards.editions import edition  # noqa: E402

PAGE = ROOT / "docs" / "content.md"
RATINGS = ROOT / "docs" / "content-ratings.yaml"
QUALITIES = ("clear", "right", "useful", "language")
GOOD = 4
HEAD = """\
# Content

Written by `python scripts/content_docs.py` from the files in `question_banks/` and `courses/` and from
`docs/content-ratings.yaml`; do not edit by hand. The rules that every file keeps are printed by `flask courses rules`
and stand in `app/banks/findings.py`; `flask banks check` and `flask courses check` hold the files to them, and so do
the tests in `tests/content/`.
"""


@cache
def reports() -> list[banks.Report]:
    return banks.check_folders()


@cache
def lessons() -> dict[str, LessonFiles]:
    shelf = course_files.Shelf(course_files.COURSES)
    folders = [course_files.read_folder(folder, shelf) for folder in course_files.find_courses()]
    return {entry.lesson.id: entry for folder in folders for entry in folder.lessons}


@cache
def ratings() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(RATINGS.read_text(encoding="utf-8"))
    return found


def page() -> str:
    """The whole page as text."""
    parts = [HEAD, *_banks(), *_specifications(), *_courses(), *_ratings()]
    return "\n".join(parts)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def _banks() -> Iterator[str]:
    for report in reports():
        bank, items = report.folder.bank, [entry.item for entry in report.folder.items]
        for pool in POOLS:
            drawn = [item for item in items if is_drawn(item, pool)]
            yield f"## {bank.code}, {pool} pool: {len(drawn)} approved items\n"
            yield (
                "By clause and kind; in each cell the levels recall/understand/apply/analyse, and in the last column"
                " their sum.\n"
            )
            yield _cells(bank.edition, drawn)
            yield _figures(drawn)


def _cells(code: str, items: Sequence[Item]) -> str:
    known = edition(code)
    rows = []
    for clause in known.clauses:
        there = [item for item in items if item.clause == clause.no]
        if there:
            title = f"{clause.no} {clause.title_zh}"
            rows.append(
                [title, *(_levels([item for item in there if item.kind == kind]) for kind in KINDS), len(there)]
            )
    rows.append(["all", *(_levels([item for item in items if item.kind == kind]) for kind in KINDS), len(items)])
    return table(["clause", *KINDS, "all"], rows)


def _levels(items: Sequence[Item]) -> str:
    count = Counter(item.level for item in items)
    return "/".join(str(count[level]) for level in LEVELS) if items else "–"


def _figures(items: Sequence[Item]) -> str:
    if not items:
        return ""
    topics = Counter(item.topic for item in items)
    applied = sum(item.level in ("apply", "analyse") for item in items)
    told = [f"- topics: {', '.join(f'{topic} {count} ({count / len(items):.0%})' for topic, count in topics.items())}"]
    told.append(f"- apply or analyse: {applied} of {len(items)} ({applied / len(items):.0%})")
    told.append(
        f"- name a law with its edition, as their subject or as an obligation: {sum(bool(item.law) for item in items)}"
    )
    told.append(f"- valid for a further edition as well: {sum(bool(item.also) for item in items)}")
    for language in LANGUAGES:
        longest, singles, _ratio = longest_share(items, language)
        choices = [item for item in items if isinstance(item, Choice)]
        sizes = [
            mean(len(option.text[language]) for item in choices for option in item.options if option.right is right)
            for right in (True, False)
        ]
        told.append(
            f"- {language}: the right option is the longest in {longest} of {singles} single-choice items; right options"
            f" have {sizes[0]:.1f} characters on average, wrong ones {sizes[1]:.1f}"
        )
    return "\n".join(told) + "\n"


def _specifications() -> Iterator[str]:
    yield "## Specifications\n"
    yield (
        "Each is proven fillable by a paper drawn in the check. A cell says what a margin asks and, after the stroke,"
        " what the exam pool and the practice pool have for it.\n"
    )
    for report in reports():
        for entry in report.folder.specifications:
            one = entry.specification
            rule = one.pass_rule
            yield f"### {one.code}: {one.title['zh_CN']} {one.title['en']}\n"
            sections = ", ".join(f"{section.count} {section.kind} × {section.marks}" for section in one.sections)
            yield (
                f"{one.edition}; {one.count} items, {one.max_marks} marks, {one.minutes} minutes, passed from"
                f" {one.cut}; {sections}; multiple choice {rule.multiple}; {one.books} book\n"
            )
            pools = [margins_of(one, report.stock(one, pool)) for pool in POOLS]
            rows = [
                [exam.dimension, exam.value, exam.asked, f"{exam.stock} / {practice.stock}"]
                for exam, practice in zip(*pools, strict=True)
            ]
            yield table(["margin", "value", "asked", "exam / practice"], rows)


def _courses() -> Iterator[str]:
    yield f"## Courses: {len(lessons())} lessons\n"
    shelf = course_files.Shelf(course_files.COURSES)
    for folder in course_files.find_courses():
        course = course_files.read_folder(folder, shelf).course
        if course is None:
            continue
        rows = []
        for module in course.modules:
            taken = [lessons()[one].lesson for one in module.lessons if one in lessons()]
            han = sum(len(HAN.findall(one.body["zh_CN"])) for one in taken)
            words = sum(len(one.body["en"].split()) for one in taken)
            checks = sum(len(one.checks) for one in taken)
            minutes = f"{sum(one.minutes for one in taken)} + {module.practice_minutes}"
            rows.append(
                [f"{module.code} {module.title['zh_CN']}", module.hours, len(taken), minutes, han, words, checks]
            )
        totals = [sum(row[place] for row in rows) for place in (1, 2)]
        yield f"### {course.code}: {course.title['zh_CN']}, {totals[0]} class hours, {totals[1]} lessons\n"
        head = ["module", "hours", "lessons", "minutes + practice", "汉字", "words", "self-checks"]
        yield table(head, rows)


def _ratings() -> Iterator[str]:
    yield "## Ratings\n"
    yield (
        "Ten lessons and thirty items, drawn at random by a seed (`python scripts/content_docs.py --draw`), were rated from 1"
        " to 5 by two readers who wrote none of them: clear, right (held to the facts), useful, natural language.\n"
    )
    for sample in ratings()["samples"]:
        rated, again = sample["ratings"], sample.get("again", [])
        low = {one["thing"] for one in rated if _least(one) < GOOD}
        yield f"### Sample “{sample['seed']}”\n"
        yield f"{sample['note']}\n"
        means = ", ".join(f"{name} {mean(one[name] for one in rated):.2f}" for name in QUALITIES)
        yield f"{len(rated)} ratings; means: {means}; below {GOOD} in some mark: {len(low)} of {len(_things(rated))}.\n"
        yield _rated(rated)
        if again:
            yield f"Mended and rated again by two others: {', '.join(sorted(_things(again)))}.\n"
            yield _rated(again)


def _rated(rows: Sequence[dict[str, Any]]) -> str:
    cells = [
        [one["thing"], one["by"], *(one[name] for name in QUALITIES), one["why"].replace("|", "/")] for one in rows
    ]
    return table(["lesson or item", "reader", *QUALITIES, "reason"], cells)


def _least(one: dict[str, Any]) -> int:
    return min(one[name] for name in QUALITIES)


def _things(rows: Sequence[dict[str, Any]]) -> set[str]:
    return {one["thing"] for one in rows}


def draw(seed: str) -> list[str]:
    """Ten lessons and thirty items by a seed, from all that are there."""
    dice = random.Random(seed)
    ids = sorted(
        entry.item.id for report in reports() for entry in report.folder.items if entry.item.status == "approved"
    )
    return [*dice.sample(sorted(lessons()), 10), *dice.sample(ids, 30)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 when the page is out of date")
    parser.add_argument("--draw", action="store_true", help="print what is to be rated")
    options = parser.parse_args()
    if options.draw:
        for sample in ratings()["samples"]:
            print(f"# {sample['seed']}", *draw(sample["seed"]), sep="\n")
        return 0
    made = page()
    if not options.check:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == made:
        return 0
    print("docs/content.md is out of date: run python scripts/content_docs.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
