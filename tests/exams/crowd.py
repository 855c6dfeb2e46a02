"""People with browsers for a whole session: each signs in, sends forms with the token of the page, and answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, has_app_context
from werkzeug.test import TestResponse

from app import clock
from app.exams import journal
from app.store import db, scope_to
from tests.torture.world import value

PASSWORD = "correct horse 9"
AT_ONCE = 8


def everybody(act: Callable[[Candidate], Any], people: Iterable[Candidate]) -> list[Any]:
    """What all do at the same time, several at once, each in a thread of his own as in a web server."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, people))


@dataclass
class Visitor:
    """A person at a browser. What a page says is looked at here: an answer of another status fails the test."""

    app: Flask
    account: str
    language: str = "en"

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.client.set_cookie("language", self.language)
        self._token = ""

    def enter(self) -> None:
        """Sign in with the password."""
        page = self.get("/sign-in")
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
        assert token is not None
        form = {"account": self.account, "password": PASSWORD, "csrf_token": token[1]}
        assert self._open("POST", "/sign-in", data=form).status_code == 303
        self._token = ""

    def get(self, address: str, status: int = 200) -> TestResponse:
        """Look at a page."""
        page = self._open("GET", address)
        assert page.status_code == status, (address, page.status_code, page.text[:2000])
        return page

    def post(self, address: str, status: int = 303, **form: Any) -> TestResponse:
        """Send a form; fields may have several values."""
        page = self._open("POST", address, data={"csrf_token": self._page_token(), **form})
        assert page.status_code == status, (address, page.status_code, page.text[:3000])
        return page

    def ask(self, address: str, status: int = 200, **body: Any) -> dict[str, Any]:
        """Send JSON as a script of the page does."""
        headers = {"X-CSRFToken": self._page_token(), "Sec-Fetch-Site": "same-origin"}
        reply = self._open("POST", address, json=body, headers=headers)
        assert reply.status_code == status, (address, reply.status_code, reply.text[:1000])
        found: dict[str, Any] = reply.get_json()
        return found

    def _page_token(self) -> str:
        if not self._token:
            found = re.search(r'<meta name="csrf-token" content="([^"]+)"', self.get("/me").text)
            assert found is not None
            self._token = found[1]
        return self._token

    def _open(self, method: str, address: str, **options: Any) -> TestResponse:
        if not has_app_context():
            return self.client.open(address, method=method, **options)
        with ThreadPoolExecutor(1) as alone:  # a request has an application context of its own, as on a server
            reply = alone.submit(self.client.open, address, method=method, **options).result()
        db.session.rollback()
        scope_to(None)
        return reply


@dataclass
class Candidate(Visitor):
    """Somebody who sits: `answers` is what his device shows, `kinds` those of his questions in order."""

    ref: str = ""
    kinds: Sequence[str] = ()
    answers: dict[int, Any] = field(default_factory=dict)
    epoch: int = 1
    seq: int = 0
    window: int = 1

    @property
    def writer(self) -> str:
        """The name of the window that he writes in."""
        return hashlib.sha256(f"{self.account}.{self.window}".encode()).hexdigest()[:32]

    def arrive(self, session: str) -> None:
        """Come into the waiting room and let the device be checked."""
        assert "Go to the waiting room" in self.get("/exams").text
        self.ref = str(self.post(f"/exams/{session}/sitting").location).split("/")[2]
        assert self.account in self.get(f"/sittings/{self.ref}/notice").text
        self.ask(f"/sittings/{self.ref}/device-check", storage=True, clock=True, connection=True)

    def promise(self, code: str) -> None:
        """Confirm who one is, accept the statement and type the access code; then one waits for the bell."""
        made = self.post(f"/sittings/{self.ref}/begin", mine="y", accept="y", code=code)
        assert str(made.location).endswith("/notice#start")

    def begin(self) -> None:
        """The bell: the clock starts, the whole paper is there, and this window has the pen."""
        assert self.post(f"/sittings/{self.ref}/begin").location == f"/sittings/{self.ref}"
        self.kinds = re.findall(
            r'<section class="q" id="q\d+" data-kind="(\w+)"', self.get(f"/sittings/{self.ref}").text
        )
        assert self.ask(f"/sittings/{self.ref}/lease", writer=self.writer, take_over=False)["granted"]

    def save(self, slots: Iterable[int], *, written: Any = None) -> dict[str, Any]:
        """Answer these questions and send them in one batch; `written` is the moment by the device's clock."""
        ms = round((written or clock.now()).timestamp() * 1000)
        batch = []
        for slot in slots:
            self.seq += 1
            self.answers[slot] = value(self.kinds[slot - 1], f"{self.account}.{slot}.{self.seq}")
            batch.append({"seq": self.seq, "slot": slot, "value": self.answers[slot], "ms": ms})
        reply = self.ask(f"/sittings/{self.ref}/answers", epoch=self.epoch, writer=self.writer, entries=batch)
        assert reply["acked"] == [one["seq"] for one in batch]
        return reply

    def pulse(self, *, left: int = 0) -> dict[str, Any]:
        """Say where the page is, and perhaps that it was left for a minute so many times."""
        events = [{"no": n, "kind": "left", "slot": 1, "ms": 60_000, "client_ms": 5} for n in range(1, left + 1)]
        slot = max(self.answers, default=1)
        return self.ask(f"/sittings/{self.ref}/pulse", writer=self.writer, slot=slot, seen_no=0, events=events)

    def take_over(self) -> None:
        """Go on in another window, on purpose."""
        self.window += 1
        assert not self.ask(f"/sittings/{self.ref}/lease", writer=self.writer, take_over=False)["granted"]
        held = self.ask(f"/sittings/{self.ref}/lease", writer=self.writer, take_over=True)
        self.epoch, self.seq = held["epoch"], held["last"]

    @property
    def digest(self) -> str:
        """The digest of what the device shows."""
        return journal.digest(self.ref, {slot: journal.canonical(given) for slot, given in self.answers.items()})

    def hand_in(self) -> str:
        """Hand in what both sides have alike; the receipt."""
        said = self.ask(f"/sittings/{self.ref}/hand-in", digest=self.digest, accepted="")
        assert said["receipt"] == journal.receipt(self.digest) and said["questions"] == len(self.kinds)
        return str(said["receipt"])
