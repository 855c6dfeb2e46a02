"""docs/dependencies.md has a row for every direct dependency, with the version that is pinned, and no row too many."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "dependencies.md"
HEADS = {
    "requirements": "## What the site runs on",
    "requirements-check": "## What make check needs on top",
    "vendored": "## Copied into the repository",
}


def wanted(name: str) -> set[str]:
    """The packages that an .in file asks for, without extras."""
    lines = (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines()
    asked = [line.split("#", 1)[0].strip() for line in lines]
    return {plain(line) for line in asked if line and not line.startswith("-")}


def pinned(name: str) -> dict[str, str]:
    """Package → version of a lock file."""
    text = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.M))


def copied() -> dict[str, str]:
    """Package → version of what is copied into the repository, from the manifests and the script that cuts the fonts."""
    assets = json.loads((ROOT / "app/static/vendor/manifest.json").read_text(encoding="utf-8"))
    found = {entry["name"]: entry["version"] for entry in assets}
    fonts = json.loads((ROOT / "app/documents/fonts/manifest.json").read_text(encoding="utf-8"))["source"]
    name, version = fonts.rsplit("@", 1)
    script = (ROOT / "scripts/build_fonts.py").read_text(encoding="utf-8")
    listed = re.search(r'LIST_PACKAGE = "([a-z0-9-]+)==([0-9.]+)"', script)
    assert listed
    return found | {name: version, listed[1]: listed[2]}


def plain(name: str) -> str:
    """A package's name without extras and a version, in small letters."""
    return re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0].lower().replace("_", "-")


def rows(section: str) -> dict[str, list[str]]:
    """Package → the cells of its row."""
    text = PAGE.read_text(encoding="utf-8").split(HEADS[section], 1)[1].split("\n## ", 1)[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len({plain(row[0]) for row in cells}) == len(cells), "a package has two rows"
    return {plain(row[0]): row for row in cells}


@pytest.mark.parametrize("section", ["requirements", "requirements-check"])
def test_every_direct_dependency_has_a_row_and_every_row_a_dependency(section: str) -> None:
    assert wanted(section)
    assert set(rows(section)) == wanted(section)


@pytest.mark.parametrize("section", ["requirements", "requirements-check"])
def test_rows_name_the_version_that_is_pinned(section: str) -> None:
    versions = pinned(section)
    assert {name: row[1] for name, row in rows(section).items()} == {name: versions[name] for name in wanted(section)}


def test_what_is_copied_into_the_repository_has_its_row() -> None:
    assert {name: row[1] for name, row in rows("vendored").items()} == copied()


@pytest.mark.parametrize("section", list(HEADS))
def test_rows_are_whole(section: str) -> None:
    for name, row in rows(section).items():
        assert len(row) == 5 and all(row), name
        assert row[3].endswith(".") and row[4].endswith("."), name
