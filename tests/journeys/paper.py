"""What a well-prepared candidate answers: read from the bank on the server's side, never from the page."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from tests.journeys.site import Site

LETTERS = "ABCDEFGH"


def key_of(site: Site, ref: str) -> list[dict[str, Any]]:
    """For each slot of a sitting: {slot, kind, answer} with the answer as the page takes it, in Chinese."""
    link = sqlite3.connect(f"file:{site.instance / 'auditorium.sqlite3'}?mode=ro", uri=True)
    try:
        (form,) = link.execute("SELECT form FROM sittings WHERE ref = ?", (ref,)).fetchone()
        rows = json.loads(form)
        bodies = dict(link.execute("SELECT hash, content FROM item_versions").fetchall())
    finally:
        link.close()
    return [
        {"slot": row["slot"], "kind": row["kind"], "answer": _answer(json.loads(bodies[row["version"]]), row)}
        for row in rows
    ]


def _answer(item: dict[str, Any], row: dict[str, Any]) -> Any:
    if row["kind"] in {"single", "multiple"}:
        options = item["options"]
        return [LETTERS[place] for place, number in enumerate(row["options"]) if options[number].get("right")]
    if row["kind"] == "judge":
        return [item["answer"]]
    if row["kind"] == "short":
        return item["model"]["zh_CN"]
    key = item["key"]
    return {
        "facts": key["facts"]["zh_CN"],
        "clause": key["clauses"][0]["no"],
        "requirement": key["requirement"]["zh_CN"],
        "grade": key["grade"],
        "reason": key["reason"]["zh_CN"],
    }
