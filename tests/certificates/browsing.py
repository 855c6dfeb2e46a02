"""A browser for the service tests, whose application context outlives a request."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, g
from flask.testing import FlaskClient

from app.accounts.services import sessions
from app.store import scope_to, writing


class Browser(FlaskClient):
    """Forgets what the last request left in the shared context, as a server does by itself."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g):
            g.pop(name)
        try:
            return super().open(*args, **kwargs)
        finally:
            scope_to(None)


def browser(app: Flask, person_id: int | None = None, language: str = "en") -> Browser:
    """A browser of a stranger, or one in which a person is signed in."""
    client = Browser(app, response_wrapper=app.response_class)
    client.set_cookie("language", language)
    if person_id is not None:
        with writing():
            client.set_cookie("auditorium", sessions.open_session(person_id, agent="test"))
    return client


def token_in(page: str) -> str:
    """The token of the first form on a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]
