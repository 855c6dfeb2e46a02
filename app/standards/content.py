"""Reads editions 标准版本, mappings and laws from YAML files; a broken file is named with its reason.

What the release knows lies in `data/` beside this module. A base that holds the text of an edition lays a fuller file
of the same name into the folder `standards` of its instance, and that one counts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from app.standards.clauses import Clause, Edition
from app.standards.laws import Law, Laws
from app.standards.mapping import EditionMapping, Pair

DATA = Path(__file__).with_name("data")
LARGEST_FILE = 256 * 1024
Value = TypeVar("Value")


class BrokenEdition(ValueError):
    """A data file cannot be used; the text names the file and the reason."""


def read_editions(*folders: Path) -> dict[str, Edition]:
    """All editions by code; a file in a later folder takes the place of one of the same name. Raises BrokenEdition."""
    paths = {path.stem: path for folder in folders or (DATA / "editions",) for path in sorted(folder.glob("*.yaml"))}
    found = {code: read_edition(path) for code, path in sorted(paths.items())}
    for edition in found.values():
        if edition.replaced_by is not None and not any(edition.replaced_by == one.number for one in found.values()):
            raise BrokenEdition(f"{edition.code}.yaml: {edition.replaced_by} is no edition that is known here")
    return found


def read_edition(path: Path) -> Edition:
    """One edition from one file; raises BrokenEdition."""
    edition = _made(path, _edition)
    _check(edition, path)
    return edition


def read_mappings(folder: Path = DATA / "mappings") -> tuple[EditionMapping, ...]:
    """Every mapping of a folder; raises BrokenEdition."""
    return tuple(_made(path, _mapping) for path in sorted(folder.glob("*.yaml")))


def read_laws(path: Path = DATA / "laws.yaml") -> Laws:
    """Every edition of every law, by name and edition; raises BrokenEdition."""
    found: dict[tuple[str, str], Law] = {}
    for law in _made(path, _laws):
        if law.key in found:
            raise BrokenEdition(f"{path.name}: {law.name} {law.edition} stands twice")
        found[law.key] = law
    return found


def _made(path: Path, make: Callable[[dict[str, Any]], Value]) -> Value:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError(f"the file is larger than {LARGEST_FILE // 1024} kB")
        # The base loader leaves every scalar a string: YAML would read clause 7.10 as the number 7.1.
        return make(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader))  # noqa: S506 -- strings only
    except KeyError as reason:
        raise BrokenEdition(f"{path.name}: the field {reason} is missing") from reason
    except (OSError, yaml.YAMLError, TypeError, ValueError) as reason:
        raise BrokenEdition(f"{path.name}: {reason}") from reason


def _edition(raw: dict[str, Any]) -> Edition:
    return Edition(
        code=raw["code"],
        number=raw["number"],
        title_zh=raw["title"]["zh_CN"],
        title_en=raw["title"]["en"],
        issued=date.fromisoformat(raw["issued"]),
        effective=date.fromisoformat(raw["effective"]),
        replaced_by=raw.get("replaced_by"),
        replaced_on=_day(raw, "replaced_on"),
        identical_to=raw.get("identical_to"),
        whole=raw["tree"] == "whole",
        clauses=tuple(Clause(one["no"], one["zh_CN"], one["en"]) for one in raw["clauses"]),
    )


def _mapping(raw: dict[str, Any]) -> EditionMapping:
    pairs = tuple(Pair(tuple(pair["from"]), tuple(pair["to"])) for pair in raw["pairs"])
    return EditionMapping(raw["from"], raw["to"], pairs, tuple(raw["new"]))


def _laws(raw: dict[str, Any]) -> list[Law]:
    return [
        Law(law["name"], law["en"], one["edition"], _day(one, "adopted"), _day(one, "effective"), _day(one, "ends"))
        for law in raw["laws"]
        for one in law["editions"]
    ]


def _day(raw: dict[str, Any], name: str) -> date | None:
    return date.fromisoformat(raw[name]) if raw.get(name) else None


def _check(edition: Edition, path: Path) -> None:
    if edition.code != path.stem:
        raise BrokenEdition(f"{path.name}: the code {edition.code} is not the file name")
    numbers = [one.no for one in edition.clauses]
    for one in edition.clauses:
        if numbers.count(one.no) > 1:
            raise BrokenEdition(f"{path.name}: clause {one.no} stands twice")
        if one.parent and one.parent not in numbers:
            raise BrokenEdition(f"{path.name}: clause {one.no} has no clause {one.parent} above it")
