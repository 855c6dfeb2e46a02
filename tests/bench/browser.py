"""A small browser: one connection that stays open, cookies, and the hidden fields of forms."""

from __future__ import annotations

import gzip
import json
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

STALE = 20  # seconds; the server closes a connection that was not used for 30


@dataclass(frozen=True)
class Form:
    """A form of a page: where it is sent, and the values that it holds already."""

    action: str
    values: dict[str, str]


@dataclass(frozen=True)
class Page:
    """An answer of the server; so many bytes of its body travelled."""

    status: int
    location: str
    text: str
    travelled: int = 0

    def form(self, pattern: str) -> Form:
        """The form whose action has the pattern. Raises LookupError."""
        for form in read_forms(self.text):
            if re.search(pattern, form.action):
                return form
        raise LookupError(f"no form for {pattern}")

    def token(self) -> str:
        """The token for requests by script, from the head of the page."""
        return found(r'<meta name="csrf-token" content="([^"]+)"', self.text)


def found(pattern: str, text: str) -> str:
    """The first group of the pattern in the text. Raises LookupError."""
    match = re.search(pattern, text)
    if match is None:
        raise LookupError(f"nothing like {pattern}")
    return match[1]


def read_forms(text: str) -> list[Form]:
    """The forms of a page with their hidden fields."""
    reader = _Reader()
    reader.feed(text)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form":
            self.forms.append(Form(named.get("action") or "", {}))
        elif tag == "input" and self.forms and named.get("type") == "hidden":
            self.forms[-1].values[named.get("name") or ""] = named.get("value") or ""


@dataclass
class Browser:
    """One person's browser at an address of the loopback network of its own, as if from another room."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    page: Page = field(default_factory=lambda: Page(0, "", ""))
    used: float = 0.0
    connection: HTTPConnection | None = None
    busy: threading.Lock = field(default_factory=threading.Lock)

    def get(self, path: str, expect: int = 200) -> Page:
        """Ask for a page."""
        return self._send("GET", path, None, {}, expect)

    def post(self, form: Form, expect: int = 303, **values: str) -> Page:
        """Send a form with what it holds and these values."""
        body = urlencode(form.values | values).encode()
        return self._send("POST", form.action, body, {"Content-Type": "application/x-www-form-urlencoded"}, expect)

    def post_file(self, form: Form, name: str, data: bytes, expect: int = 200) -> Page:
        """Send a form with a file."""
        edge = secrets.token_hex(12)
        parts = [f'name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in form.values.items()]
        parts.append(
            f'name="{name}"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'.encode() + data + b"\r\n"
        )
        start = f"--{edge}\r\nContent-Disposition: form-data; ".encode()
        body = start + start.join(parts) + f"--{edge}--\r\n".encode()
        return self._send("POST", form.action, body, {"Content-Type": f"multipart/form-data; boundary={edge}"}, expect)

    def post_json(self, path: str, token: str, body: Any, expect: int = 200) -> Any:
        """Send JSON as a script of the site does, and read the answer; the page stays."""
        headers = {
            "Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": token,
            "Sec-Fetch-Site": "same-origin",
        }  # fmt: skip
        page = self.page
        answer = self._send("POST", path, json.dumps(body).encode(), headers, expect)
        self.page = page
        return json.loads(answer.text)

    def close(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str], expect: int) -> Page:
        """One request at a time, however late the last answer is."""
        with self.busy:
            self.page = self._exchange(method, path, body, headers)
        if self.page.status != expect:
            raise RuntimeError(f"{method} {path}: {self.page.status} instead of {expect}")
        return self.page

    def _exchange(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Page:
        if time.monotonic() - self.used > STALE:
            self.close()
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(self.address, 0))
        cookies = (
            {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        )
        self.connection.request(method, path, body, {"Accept-Encoding": "gzip"} | headers | cookies)
        answer = self.connection.getresponse()
        sent = answer.read()
        text = (gzip.decompress(sent) if answer.headers.get("Content-Encoding") == "gzip" else sent).decode()
        self.used = time.monotonic()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        location = urlsplit(answer.headers.get("Location", ""))
        return Page(answer.status, location.path, text, len(sent))
