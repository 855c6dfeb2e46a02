"""Every route names a permission of the table or is public, has a tidy address, and none appears or vanishes unnoticed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.accounts.permissions import PERMISSIONS

LISTED = Path(__file__).with_name("routes.txt")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield create_app(instance_path=tmp_path_factory.mktemp("instance"), TESTING=True, origin="http://localhost")


def lines(app: Flask) -> list[str]:
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            permission = getattr(app.view_functions[rule.endpoint], "permission", None)
            found.append(f"{rule.rule} {methods} {rule.endpoint} {permission}")
    return sorted(found)


def test_every_route_names_a_permission_or_is_public(app: Flask) -> None:
    bare = [line for line in lines(app) if line.rsplit(" ", 1)[1] not in {"public", *PERMISSIONS}]
    assert bare == []


def test_addresses_are_kebab_case(app: Flask) -> None:
    for line in lines(app):
        parts = re.sub(r"<[^>]+>", "", line.rsplit(" ", 3)[0]).split("/")
        assert all(re.fullmatch(r"[a-z0-9.-]*", part) for part in parts), line


def test_identifiers_in_addresses_are_typed(app: Flask) -> None:
    for line in lines(app):
        for variable in re.findall(r"<([^>]+)>", line.rsplit(" ", 3)[0]):
            assert not variable.endswith("_id") or ":" in variable, line


def test_the_list_of_routes_is_the_one_agreed_on(app: Flask) -> None:
    """A change here is a decision: write it with `python -m tests.conventions.test_routes` and read the difference."""
    assert lines(app) == LISTED.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    LISTED.write_text("\n".join(lines(create_app())) + "\n", encoding="utf-8")
