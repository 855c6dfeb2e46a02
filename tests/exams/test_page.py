"""The exam page with sixty real questions: how much of it travels, and what a document beside a question looks like."""

from __future__ import annotations

import gzip
import random
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask, render_template

from app import create_app
from app.banks.content import BANKS, read_folder
from app.banks.items import Choice, Document, Item
from app.exams.assembly import FormItem
from app.exams.paper import questions
from app.exams.services import OpenPaper
from app.standards.editions import edition

KINDS = {"single": 30, "multiple": 12, "judge": 12, "short": 2, "case": 4}
MOST = 25_000


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(instance_path=tmp_path_factory.mktemp("instance"), TESTING=True, origin="http://localhost")


@pytest.fixture(scope="module")
def items() -> list[Item]:
    found = [one.item for one in read_folder(BANKS / "gbt29490-2013").items]
    draw = random.Random(60)
    return [
        item
        for kind, count in KINDS.items()
        for item in draw.sample([one for one in found if one.kind == kind and one.status == "approved"], count)
    ]


def page(app: Flask, items: list[Item], language: str, **of_sitting: object) -> str:
    form = [
        FormItem(
            slot, item.id, item.hash, item.kind, 2, tuple(range(len(item.options))) if isinstance(item, Choice) else ()
        )
        for slot, item in enumerate(items, 1)
    ]
    specification = SimpleNamespace(
        books="closed", pass_rule=SimpleNamespace(multiple="partial"), edition="gbt29490-2013"
    )
    sitting = SimpleNamespace(ref="0" * 32, epoch=1, font=100, **of_sitting)
    paper = OpenPaper(
        sitting=sitting, session=SimpleNamespace(title={"zh_CN": "结业考试", "en": "Final exam"}, leave_seconds=5, leave_seconds_phone=20),
        enrolment=SimpleNamespace(number="2026-03-0115"), specification=specification, edition="gbt29490-2013",
        questions=questions(form, {item.hash: item for item in items}, {}, language), last=0, numbers={}, own={},
    )  # type: ignore[arg-type]  # fmt: skip
    me = SimpleNamespace(name="张晓明", account="zhang")
    with app.test_request_context(f"/?lang={language}", headers={"Accept-Language": language.replace("_", "-")}):
        app.preprocess_request()
        return render_template(
            "exams/sit.html",
            paper=paper,
            tree=edition("gbt29490-2013").tree(),
            at=1,
            me=me,
            now=0,
            deadline=5_400_000,
            left="90:00",
        )


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_sixty_real_questions_travel_in_25_kilobytes(app: Flask, items: list[Item], language: str) -> None:
    html = page(app, items, language)
    assert html.count('<section class="q"') == 60
    assert len(gzip.compress(html.encode(), 6)) <= MOST


def test_documents_stand_with_their_question_and_are_escaped(app: Flask, items: list[Item]) -> None:
    document = Document({"zh_CN": "合同<评审>表", "en": "Sheet"}, {"zh_CN": "第一行\n第二行", "en": "One\nTwo"})
    html = page(app, [replace(items[-1], documents=(document,)), *items[:2]], "zh_CN")
    found = re.findall(r'<details class="doc">.*?</details>', html, re.S)
    assert len(found) == 1 and "合同&lt;评审&gt;表" in found[0] and "第一行\n第二行" in found[0]
    assert html.index(found[0]) < html.index('id="q2"')
