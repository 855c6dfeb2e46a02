"""Every route with every role: the permission table decides, and a stranger learns nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter

from app import create_app
from app.accounts.permissions import PERMISSIONS, ROLES
from app.accounts.services import people, sessions
from app.store import db, scope_to, writing
from app.web.setup import migrate

METHODS = ("GET", "POST")


@dataclass(frozen=True)
class House:
    """An application without objects, and one person for each role of one base."""

    app: Flask
    people: dict[str, int]

    def client(self, role: str) -> FlaskClient:
        """A client of a person with this role, signed in anew; for the empty role a stranger."""
        client = self.app.test_client()
        if role:
            with self.app.app_context():
                with writing():
                    token = sessions.open_session(self.people[role], agent="test")
                db.session.remove()
            client.set_cookie("auditorium", token)
        return client


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    app = create_app(instance_path=tmp_path_factory.mktemp("instance"), TESTING=True, origin="http://localhost")
    app.config["WTF_CSRF_ENABLED"] = False
    found = {}
    with app.app_context():
        migrate()
        scope_to(None)
        with writing():
            base = people.add_base(
                code="T",
                name_zh="示例",
                name_en="Example",
                credit_code="X",
                region="",
                signer_zh="",
                signer_en="",
                by=None,
            )
            for role in ROLES:
                person = people.add_person(account=role, name=role, password=None)
                people.grant(person_id=person, role=role, base_id=base, by=None)
                found[role] = person
        db.session.remove()
    yield House(app, found)
    with app.app_context():
        db.engine.dispose()


def routes() -> list[tuple[str, str]]:
    """Endpoint and method of every route, read from the list that is under test elsewhere."""
    from tests.conventions.test_routes import LISTED

    found = []
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        _, methods, endpoint, _ = line.rsplit(" ", 3)
        found += [(endpoint, method) for method in methods.split(",") if method in METHODS]
    return found


def _nothing(converter: object) -> object:
    """A value that the route takes and that names no object."""
    kind = type(converter).__name__
    if isinstance(converter, IntegerConverter):
        return 999_999
    if kind == "AnyConverter":
        return sorted(converter.items)[0]  # type: ignore[attr-defined]
    length = re.search(r"\{(\d+)\}", getattr(converter, "regex", ""))
    return "0" * int(length[1]) if length else "nothing"


def address(app: Flask, endpoint: str) -> str:
    rule = next(iter(app.url_map.iter_rules(endpoint)))
    values = {name: _nothing(converter) for name, converter in rule._converters.items()}
    with app.test_request_context():
        from flask import url_for

        return url_for(endpoint, **values)


@pytest.mark.parametrize(("endpoint", "method"), routes(), ids=lambda part: part)
def test_the_permission_table_decides(house: House, endpoint: str, method: str) -> None:
    permission = house.app.view_functions[endpoint].__dict__["permission"]
    for role in ("", *ROLES):
        status = house.client(role).open(address(house.app, endpoint), method=method).status_code
        if permission == "public":
            assert status not in {403} and status < 500, (role, status)
        elif not role:
            assert status in {303, 401}, status
        elif role in PERMISSIONS[permission]:
            assert status != 403 and status < 500, (role, status)
        else:
            assert status == 403, (role, status)


@pytest.mark.parametrize(("endpoint", "method"), routes(), ids=lambda part: part)
def test_unknown_ids_are_answered_alike(house: House, endpoint: str, method: str) -> None:
    """A page of an object that does not exist is 404 for those who hold the permission (verification answers in words)."""
    if "<" not in next(iter(house.app.url_map.iter_rules(endpoint))).rule or endpoint.startswith("verification."):
        return
    permission = house.app.view_functions[endpoint].__dict__["permission"]
    for role in sorted(PERMISSIONS.get(permission, frozenset())):
        status = house.client(role).open(address(house.app, endpoint), method=method).status_code
        assert status in {400, 404, 415, 422}, (role, status)


def test_a_post_without_the_form_token_changes_nothing(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = True
    try:
        client = house.client("trainee")
        assert client.post("/sign-out-everywhere").status_code == 400
        assert client.get("/me").status_code == 200
    finally:
        house.app.config["WTF_CSRF_ENABLED"] = False
