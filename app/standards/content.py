"""Reads the editions 标准版本 from the YAML files beside this module; a broken file is named with its reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from app.standards.clauses import Clause, Edition

DATA = Path(__file__).with_name("data")


class BrokenEdition(ValueError):
    """A data file cannot be used; the text names the file and the reason."""


def read_editions(folder: Path = DATA) -> dict[str, Edition]:
    """All editions of a folder by code; raises BrokenEdition."""
    return {path.stem: read_edition(path) for path in sorted(folder.glob("*.yaml"))}


def read_edition(path: Path) -> Edition:
    """One edition from one file; raises BrokenEdition."""
    # The base loader leaves every scalar a string: YAML would read clause 7.10 as the number 7.1.
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 -- builds strings only
        edition = _edition(raw)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as reason:
        raise BrokenEdition(f"{path.name}: {reason}") from reason
    _check(edition, path)
    return edition


def _edition(raw: dict[str, Any]) -> Edition:
    replaced_on = raw.get("replaced_on")
    return Edition(
        code=raw["code"],
        number=raw["number"],
        title_zh=raw["title"]["zh_CN"],
        title_en=raw["title"]["en"],
        issued=date.fromisoformat(raw["issued"]),
        effective=date.fromisoformat(raw["effective"]),
        replaced_by=raw.get("replaced_by"),
        replaced_on=date.fromisoformat(replaced_on) if replaced_on else None,
        whole=raw["tree"] == "whole",
        clauses=tuple(Clause(one["no"], one["zh_CN"], one["en"]) for one in raw["clauses"]),
    )


def _check(edition: Edition, path: Path) -> None:
    if edition.code != path.stem:
        raise BrokenEdition(f"{path.name}: the code {edition.code} is not the file name")
    numbers = [one.no for one in edition.clauses]
    for one in edition.clauses:
        if numbers.count(one.no) > 1:
            raise BrokenEdition(f"{path.name}: clause {one.no} stands twice")
        if one.parent and one.parent not in numbers:
            raise BrokenEdition(f"{path.name}: clause {one.no} has no clause {one.parent} above it")
