"""Answers of a form without a script 作答: exams, mock exams and practice are sent alike."""

from __future__ import annotations

from typing import Any

from flask import request

from app.banks.responses import CASE_FIELDS


def sent(slot: int, kind: str) -> Any:
    """What the form says for a slot, in the shape of `banks.responses` before it is cleaned."""
    name = f"q{slot}"
    if kind == "multiple":
        return sorted(request.form.getlist(name)) or None
    if kind == "blank":
        texts = [text.strip() for text in request.form.getlist(name)]
        return texts if any(texts) else None
    if kind == "case":
        fields = {field: _text(f"{name}.{field}") for field in CASE_FIELDS}
        return {field: text for field, text in fields.items() if text} or None
    return _text(name) or None


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()
