"""IP Auditorium 知审学堂: it teaches, examines, certifies, and lets anyone check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(**overrides: Any) -> Flask:
    """Build the application; `overrides` replace fields of `Settings` (tests use a folder and a database of their own)."""
    from app.web.factory import build

    return build(**overrides)
