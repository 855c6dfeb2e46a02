"""Plates: the exam page from a plate is, byte for byte, the page that the template gives."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g, render_template
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from app.accounts.permissions import Actor
from app.banks.content import BANKS, read_folder
from app.banks.items import Blank, Choice, Item
from app.exams.assembly import FormItem
from app.exams.models import ExamSession
from app.exams.paper import Given, questions
from app.exams.plates import cut
from app.exams.services import OpenPaper
from app.exams.views import printing
from app.standards.editions import edition

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SESSION = ExamSession(
    id=7, ref="5" * 32, title_zh="结业<考试>", title_en="Final & exam", leave_seconds=5, leave_seconds_phone=20,
    opens_at=NOW, closes_at=NOW + timedelta(hours=2), minutes=90,
)  # fmt: skip
TIMES = {"now": 1_000_000_000_000, "deadline": 1_000_000_000_000 + 5_400_000, "left": "90:00"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(instance_path=tmp_path_factory.mktemp("instance"), TESTING=True, origin="http://localhost")


@pytest.fixture(scope="module")
def items() -> list[Item]:
    found = [one.item for one in read_folder(BANKS / "gbt29490-2013").items]
    draw, kinds = random.Random(7), ("single", "multiple", "judge", "blank", "short", "case")
    return [item for kind in kinds for item in draw.sample([one for one in found if one.kind == kind] or found, 3)]


def paper_of(items: list[Item], language: str, dice: random.Random, **changes: Any) -> OpenPaper:
    form = []
    for slot, item in enumerate(items, 1):
        order = list(range(len(item.options))) if isinstance(item, Choice) else []
        dice.shuffle(order)
        form.append(FormItem(slot, item.id, item.hash, item.kind, 2, tuple(order)))
    answered = changes.pop("given", {})
    specification = SimpleNamespace(
        books=changes.pop("books", "closed"), pass_rule=SimpleNamespace(multiple="partial"), edition="gbt29490-2013"
    )
    sitting = SimpleNamespace(
        ref=f"{dice.getrandbits(128):032x}", epoch=dice.randint(1, 9), font=changes.pop("font", 100)
    )
    return OpenPaper(
        sitting=sitting, session=SESSION, enrolment=SimpleNamespace(number="2026-<1>"), specification=specification,
        edition="gbt29490-2013", questions=questions(form, {one.hash: one for one in items}, answered, language),
        last=max((one.seq for one in answered.values()), default=0),
        numbers={slot: (one.epoch, one.seq) for slot, one in answered.items()}, own={},
    )  # type: ignore[arg-type]  # fmt: skip


def both(app: Flask, paper: OpenPaper, language: str, name: str, theme: str = "") -> tuple[str, str]:
    tree = edition("gbt29490-2013").tree()
    cookie = {"Cookie": f"theme={theme}"} if theme else {}
    with app.test_request_context(f"/?lang={language}", headers=cookie):
        app.preprocess_request()
        g.actor = Actor(1, f"{name}-account", name, language, "f" * 16, ())
        asked = render_template("exams/sit.html", paper=paper, tree=tree, at=1, **TIMES)
        return printing.exam_page(paper, tree, TIMES), asked


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_page_from_plates_is_the_page_of_the_template(app: Flask, items: list[Item], language: str) -> None:
    dice = random.Random(language)
    for name, theme, changes in (
        ("张晓明", "", {}), ("O'Neil <b>", "", {}), ("李", "dark", {}), ("李", "", {"font": 150}), ("李", "", {"books": "clean-standard"})
    ):  # fmt: skip
        some = items[:]
        dice.shuffle(some)
        printed, asked = both(app, paper_of(some, language, dice, **changes), language, name, theme)
        assert printed == asked


def test_who_has_answered_gets_his_answers(app: Flask, items: list[Item]) -> None:
    given = {1: Given("A", 1, 4)}
    printed, asked = both(app, paper_of(items, "en", random.Random(1), given=given), "en", "Li")
    assert printed == asked and " checked" in printed


def test_fill_in_questions_are_among_them(items: list[Item]) -> None:
    assert any(isinstance(one, Blank) for one in items) and any(isinstance(one, Choice) for one in items)


def test_a_template_that_wants_more_of_a_person_cannot_be_made_a_plate() -> None:
    with pytest.raises(LookupError, match="employer"):
        _ = printing._Only(number="1").employer


@given(st.lists(st.sampled_from(["text ", "<b>", "MARK1", "MARK2"])))
def test_filling_a_plate_puts_the_values_where_the_marks_stood(pieces: list[str]) -> None:
    plate = cut("".join(pieces), {"MARK1": "one", "MARK2": "two"})
    wanted = "".join({"MARK1": "1", "MARK2": "22"}.get(piece, piece) for piece in pieces)
    assert plate.filled({"one": "1", "two": "22"}) == wanted
