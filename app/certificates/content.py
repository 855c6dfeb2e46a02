"""Reading the wordings 证书文字 that lie as files beside the code."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from app.certificates.wording import Wording

FOLDER = Path(__file__).with_name("wordings")
PARTS = ("title", "lead", "body", "scope", "conditions", "registration")


@cache
def wordings() -> dict[str, Wording]:
    """The wordings by kind of programme; read once, the files are part of the release."""
    return {path.stem: _wording(path) for path in sorted(FOLDER.glob("*.yaml"))}


def _wording(path: Path) -> Wording:
    read = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - makes strings only
    return Wording(read["wording"], path.stem, *(dict(read[part]) for part in PARTS))
