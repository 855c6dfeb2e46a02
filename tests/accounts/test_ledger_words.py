"""The journal has words for every kind of entry that the code writes, and for the facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.accounts.ledger_words import FACTS, KINDS, SUBJECTS, shortened
from app.certificates.states import ACTS, EVENTS

APP = Path(__file__).resolve().parents[2] / "app"
RESULT_STATES = {"provisional", "final"}
MADE = {"certificate.": set(EVENTS) | {act.event for act in ACTS.values()}, "result.": RESULT_STATES}
KIND = re.compile(r"[a-z]+\.[a-z-]+")


def calls() -> Iterator[ast.Call]:
    """Every call in app/ that writes to the ledger."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "func", None)
            if isinstance(node, ast.Call) and isinstance(name, ast.Name) and name.id in {"record", "_record", "_log"}:
                yield node


def written() -> set[str]:
    """The kinds in those calls; what is put together from a prefix and a state stands for each of its states."""
    found: set[str] = set()
    for call in calls():
        for part in [*call.args, *(option.value for option in call.keywords if option.arg == "kind")]:
            if isinstance(part, ast.JoinedStr):
                prefix = ast.literal_eval(part.values[0])
                found |= {prefix + state for state in MADE[prefix]}
            elif isinstance(part, ast.Constant) and isinstance(part.value, str) and KIND.fullmatch(part.value):
                found.add(part.value)
    return found


def test_every_kind_that_is_written_has_its_sentence_and_none_is_idle() -> None:
    assert len(written()) > 25
    assert written() == set(KINDS)


def test_every_subject_has_its_noun() -> None:
    found = set()
    for path in APP.rglob("*.py"):
        found |= set(re.findall(r'subject ?= ?f"([a-z]+):', path.read_text(encoding="utf-8")))
    assert found == set(SUBJECTS)


def test_every_fact_that_is_spelled_out_has_a_name() -> None:
    found = set()
    for call in calls():
        for option in call.keywords:
            if option.arg == "facts" and isinstance(option.value, ast.Dict):
                found |= {key.value for key in option.value.keys if isinstance(key, ast.Constant)}
    assert len(found) > 3 and found <= set(FACTS)


def test_long_values_are_shortened_and_words_are_not() -> None:
    assert shortened("0123456789abcdef" * 4) == "0123456789ab…"
    assert shortened("BJ-IA13-2026-000041") == "BJ-IA13-2026-000041"
    assert shortened("handed-in") == "handed-in"
