"""The fast lane 快速通道: a plain save of answers goes from the socket to the answer store and back, past Flask.

It answers only what Flask's own route would acknowledge in the same way. For everything else (no cookie, another host
or site, an odd body, a refusal, a session that must be marked as seen) it hands the untouched request on, and the
route `exams_api.record` answers; saving twice changes nothing. Session, role, base and sitting are looked at inside
the transaction that writes, so nothing is weaker here than there.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.sansio.utils import host_is_trusted

from app.exams.api.answers import at_once
from app.settings import Settings
from app.web.headers import FIXED, TLS

Environ = dict[str, Any]
Start = Callable[..., Any]

_PATH = re.compile(r"/sittings/([0-9a-f]{32})/answers")
_MOST = 256 * 1024


class FastLane:
    """Middleware around the application."""

    def __init__(self, app: Flask, settings: Settings, cookie: str) -> None:
        self._app, self._next, self._settings, self._cookie = app, app.wsgi_app, settings, cookie
        self._hosts: dict[str, bool] = {}
        fixed = FIXED | (TLS if settings.tls else {})
        self._headers = [
            *fixed.items(), ("Content-Type", "application/json"), ("Cache-Control", "no-store"),
            ("Vary", "Cookie, Accept-Language"),
        ]  # fmt: skip

    def __call__(self, environ: Environ, start: Start, /) -> Iterable[bytes]:
        """Answer, or hand on."""
        if environ["REQUEST_METHOD"] == "POST" and (found := _PATH.fullmatch(environ["PATH_INFO"])):
            reply = self._try(found[1], environ)
            if reply is not None:
                start("200 OK", [*self._headers, ("Content-Length", str(len(reply)))])
                return [reply]
        return self._next(environ, start)

    def _try(self, ref: str, environ: Environ) -> bytes | None:
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdecimal() or int(length) > _MOST or not self._from_here(environ):
            return None
        token = cookie_value(environ.get("HTTP_COOKIE", ""), self._cookie)
        if not token:
            return None
        sent = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(sent)  # whoever answers after all reads it from here
        environ["CONTENT_LENGTH"] = str(len(sent))  # less than promised if the sender went away: it is refused and kept
        try:
            body = json.loads(sent)
        except (ValueError, RecursionError):
            return None
        with self._app.app_context():
            return at_once(ref, token, body)

    def _from_here(self, environ: Environ) -> bool:
        """Whether a page of this site sent it: no form of another site can send JSON, and browsers name the sender."""
        host = environ.get("HTTP_HOST", "")
        if host not in self._hosts and len(self._hosts) < 100:
            self._hosts[host] = host_is_trusted(host, self._settings.hosts)
        site, origin = environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN")
        return (
            self._hosts.get(host, False)
            and environ.get("CONTENT_TYPE", "").split(";")[0].strip() == "application/json"
            and (site is not None or origin is not None)
            and site in {None, "same-origin"}
            and (origin is None or urlsplit(origin).netloc == host)
        )


def cookie_value(header: str, name: str) -> str:
    """The value of one cookie, empty if it is missing or the header is odd."""
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            try:
                return SimpleCookie(f"{name}={value}")[name].value if '"' in value else value
            except (CookieError, KeyError):
                return ""
    return ""
