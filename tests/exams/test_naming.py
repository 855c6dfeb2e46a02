"""Whatever the exam room keeps of acts, refusals and ways of handing in has words in both languages."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask_babel import force_locale, gettext

from app.exams import timing
from app.exams.journal import BadEntry, TakenOver
from app.exams.naming import CHANGES, DECISIONS, ENDED, KINDS, LOCKS, REFUSED, SIGNS, change_of
from app.exams.services.uncounted import FLOOD

ROOT = Path(__file__).resolve().parents[2]


def second_arguments(*names: str) -> Iterator[str]:
    """The second argument of each call of these functions in the code, where it is a constant."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        text = path.read_text()
        if not any(f"{name}(" in text for name in names):
            continue
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for call in ast.walk(ast.parse(text)):
            if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in names and len(call.args) > 1:
                kind = call.args[1]
                value = kind.value if isinstance(kind, ast.Constant) else getattr(module, ast.unparse(kind), None)
                if isinstance(value, str):
                    yield value


def test_every_act_of_staff_on_a_sitting_has_words_and_every_word_an_act() -> None:
    assert set(second_arguments("keep_change")) == set(CHANGES)


def test_every_way_of_handing_in_has_words() -> None:
    found = set(second_arguments("close_sitting", "hand_in"))
    assert {"candidate", "deadline", "staff"} <= found | {timing.PAPER} <= set(ENDED)


def test_every_refusal_of_answers_has_words() -> None:
    kinds = [BadEntry, TakenOver, timing.Closed]
    names = {one.__name__ for base in kinds for one in (base, *base.__subclasses__())} | {FLOOD}
    assert names <= set(REFUSED)


def test_all_these_words_are_chinese_for_a_chinese_reader(db_app: Flask) -> None:
    tables = (CHANGES, DECISIONS, ENDED, KINDS, LOCKS, REFUSED, SIGNS)
    said = {words for table in tables for words in table.values()}
    said |= {change_of("to-paper", 3)}
    with db_app.test_request_context(), force_locale("zh_Hans_CN"):
        assert all(any("一" <= sign <= "鿿" for sign in gettext(words)) for words in said), said
