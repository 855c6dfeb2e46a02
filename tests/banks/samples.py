"""Items and bank folders for the tests, each as it would stand in a file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from app.banks.items import (
    Blank,
    Case,
    CaseKey,
    ClauseShare,
    Gap,
    Item,
    Judge,
    Multiple,
    Option,
    Reading,
    RubricPoint,
    Short,
    Single,
)

BANK = """\
title: {zh_CN: 试用题库, en: Trial bank}
edition: gbt29490-2013
confidentiality: {zh_CN: 不得外传。, en: Not passed on.}
editors: [A]
"""

PAPER = """\
code: trial
title: {zh_CN: 试用试卷, en: Trial paper}
minutes: "30"
sections:
  - {kind: single, count: "2", marks: "2"}
margins:
  group: {"5": "1", "6": "1"}
pass: {total: "0.7", multiple: all-or-nothing}
"""


def said(seed: str, length: int) -> str:
    """A text in both languages, the same for the same seed and like no other."""
    random = Random(seed)
    han = "".join(chr(random.randrange(0x4E00, 0x9F00)) for _ in range(length))
    latin = "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(2 * length))
    return f"{{zh_CN: {han}, en: {latin}}}"


def item_file(number: str = "5.2-01", **changes: str) -> str:
    """A single-choice item as a file; `changes` replace whole lines by their field."""
    lines = {
        "id": f"id: {number}",
        "kind": "kind: single",
        "clause": f'clause: "{number.split("-", maxsplit=1)[0]}"',
        "topic": "topic: standard",
        "level": "level: apply",
        "pool": "pool: exam",
        "rating": 'rating: ["0.65", "0.70"]',
        "enemies": "enemies: []",
        "status": "status: approved",
        "readings": 'readings: [{by: A, on: "2026-11-23", changed: first writing}, {by: B, on: "2026-11-24", changed: nothing}]',
        "stem": f"stem: {said(number + 'stem', 12)}",
        "options": f"options:\n  - right: {said(number + 'right', 6)}\n" + "".join(
            f"  - wrong: {said(number + str(place), 7)}\n    because: {{zh_CN: 不对。, en: Not so.}}\n"
            for place in range(3)
        ).rstrip("\n"),
        "why": "why: {zh_CN: 因为如此。, en: Because it is so.}",
        "source": f"source: GB/T 29490-2013 {number.split('-', maxsplit=1)[0]}",
    }  # fmt: skip
    return "\n".join(text for text in {**lines, **changes}.values() if text) + "\n"


def bank_folder(root: Path, items: dict[str, str] | None = None, paper: str = PAPER) -> Path:
    """A folder of a whole bank that breaks no rule, except where a file is given that does."""
    folder = root / "trial"
    files = items if items is not None else {number: item_file(number) for number in ("5.2-01", "5.2-02", "6.3-01")}
    for number, text in files.items():
        place = folder / f"{number.split('-', maxsplit=1)[0]}-part" / f"{number}.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (folder / "papers").mkdir(exist_ok=True)
    (folder / "papers" / "trial.yaml").write_text(paper, encoding="utf-8")
    (folder / "bank.yaml").write_text(BANK, encoding="utf-8")
    return folder


def text(words: str) -> dict[str, str]:
    """A text in both languages, told apart."""
    return {"zh_CN": f"中文{words}", "en": f"English {words}"}


def common(number: str = "5.2-01", **changes: Any) -> dict[str, Any]:
    """What every item has."""
    return {
        "id": number,
        "edition": "gbt29490-2013",
        "clause": number.split("-", maxsplit=1)[0],
        "topic": "standard",
        "level": "apply",
        "stem": text(f"stem {number}"),
        "source": "GB/T 29490-2013",
        "rating": (Fraction("0.6"), Fraction("0.7")),
        "status": "approved",
        "readings": (Reading("A", "2026-11-23", "first writing"), Reading("B", "2026-11-24", "nothing")),
        **changes,
    }


def options(rights: str, *, silent: str = "") -> tuple[Option, ...]:
    """Options from a pattern: '+' is right, '-' is wrong; those of the mark `silent` do not say why."""
    return tuple(
        Option(text(f"option {place}"), mark == "+", None if mark == silent else text(f"SECRET because {place}"))
        for place, mark in enumerate(rights)
    )


def single(number: str = "5.2-01", rights: str = "+---", **changes: Any) -> Single:
    """A single-choice item."""
    return Single(**common(number, **{"why": text("SECRET why"), **changes}), options=options(rights, silent="+"))


def multiple(number: str = "5.2-02", rights: str = "++--", **changes: Any) -> Multiple:
    """A multiple-choice item."""
    return Multiple(**common(number, **{"why": text("SECRET why"), **changes}), options=options(rights))


def judge(number: str = "5.2-03", answer: str = "correct", **changes: Any) -> Judge:
    """A judgement."""
    return Judge(**common(number, **{"why": text("SECRET why"), **changes}), answer=answer)


def blank(number: str = "5.2-06", **changes: Any) -> Blank:
    """A fill-in item with two blanks: a number and a word."""
    gaps = (
        Gap({"zh_CN": ("20", "二十"), "en": ("20", "twenty")}),
        Gap({"zh_CN": ("申请",), "en": ("filing", "application")}),
    )
    stem = {"zh_CN": f"中文{number}____年，自____日起。", "en": f"{number}: ____ years from the date of ____."}
    return Blank(**common(number, **{"why": text("SECRET why"), "stem": stem, **changes}), gaps=gaps)


def short(number: str = "5.2-04", shares: tuple[str, ...] = ("2/5", "2/5", "1/5"), **changes: Any) -> Short:
    """A short-answer item."""
    rubric = tuple(RubricPoint(Fraction(share), text(f"SECRET point {place}")) for place, share in enumerate(shares))
    return Short(**common(number, **changes), model=text("SECRET model"), rubric=rubric)


def case(number: str = "6.1.3-01", **changes: Any) -> Case:
    """A case on clause 6.1.3, where the parent clause earns half and 6.1.4 is a distractor."""
    key = CaseKey(
        clauses=(ClauseShare("6.1.3", Fraction(1)), ClauseShare("6.1", Fraction(1, 2))),
        grade="minor",
        facts=text("SECRET facts"),
        requirement=text("SECRET requirement"),
        reason=text("SECRET reason"),
    )
    return Case(**common(number, **changes), scene=text("scene"), key=key, distractors=("6.1.4", "7.6"))


def one_of_each() -> list[Item]:
    """One item of every kind."""
    return [single(), multiple(), judge(), blank(), short(), case()]
