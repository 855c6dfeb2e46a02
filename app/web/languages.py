"""Languages 语言: Chinese first, English complete; the reader's choice is kept in a cookie and with the account."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask, g, request
from flask_babel import Babel

from app.accounts.guards import find_actor
from app.accounts.services import sessions
from app.store import settings, writing

LANGUAGES = {"zh_CN": "中文", "en": "English"}
HTML = {"zh_CN": "zh-CN", "en": "en"}
COOKIE = "language"


@lru_cache
def locale(code: str) -> Locale:
    """The Babel locale of a language code; the catalogue of zh_CN lies in `translations/zh_Hans_CN`."""
    return Locale.parse("zh_Hans_CN" if code == "zh_CN" else code)


def current() -> str:
    """The language of this request: asked for in the address, chosen before, the browser's, or Chinese."""
    if "language" not in g:
        g.language = _choose()
    return str(g.language)


def _choose() -> str:
    person = find_actor()
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE), person.language if person else None):
        if wish in LANGUAGES:
            return str(wish)
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "en", "en-US", "en-GB"])
    return "en" if best and best.startswith("en") else "zh_CN"


def prepare(app: Flask) -> None:
    """Connect Flask-Babel and remember an explicit choice."""
    Babel(app, locale_selector=lambda: locale(current()) if request else locale("zh_CN"))
    app.after_request(_remember)


def _remember(response: Any) -> Any:
    wish = request.args.get("lang")
    if wish in LANGUAGES and wish != request.cookies.get(COOKIE):
        response.set_cookie(
            COOKIE, wish, max_age=365 * 86400, path="/", samesite="Lax", httponly=True, secure=settings().tls
        )
        person = find_actor()
        if person is not None and person.language != wish:
            with writing():
                sessions.keep_language(person.person_id, wish)
    return response
