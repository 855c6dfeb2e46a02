"""Where the time of a request goes: the same steps in this process, one at a time, with a stopwatch at each part."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from flask import Flask, before_render_template, g, request, template_rendered
from sqlalchemy import event

from app.store import db
from tests.bench import attempt, bell, steps
from tests.bench.figures import milliseconds
from tests.bench.measure import Meter
from tests.bench.world import World

HEAD = ["Request", "Times", "Page kB", "CPU ms", "template", "driver", "rest", "statements"]
PEOPLE = 8
WARM = 2
LANE = "POST fast lane"
SHOWN = {
    "GET web.healthz": "/healthz",
    "GET web.healthz signed in": "/healthz, signed in",
    "GET verification.start": "Start page of verification",
    "POST accounts.sign_in": "Sign-in",
    "GET courses.lesson": "Lesson page",
    "POST exams.prepare": "The paper is drawn",
    "GET exams.notice": "Waiting room",
    "POST exams.begin": "The clock starts",
    "GET exams.sit": "Page with all questions",
    "POST exams_api.lease": "The page takes the pen",
    LANE: "Save of two answers",
    "POST marking.hand_in": "Hand-in",
    "GET marking.receipt": "Receipt",
    "GET marking.result": "Result",
}


@dataclass
class Spent:
    """CPU seconds of one request: in all, in its template, in the database driver; and how many statements."""

    whole: float = 0.0
    template: float = 0.0
    driver: float = 0.0
    statements: int = 0
    size: int = 0
    began: float = 0.0


@dataclass
class Stopwatch:
    """Middleware that keeps what each request spent, by method and endpoint."""

    app: Flask
    kept: dict[str, list[Spent]] = field(default_factory=dict)
    now: Spent = field(default_factory=Spent)
    name: str = ""

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.now, self.name = Spent(), ""
        began = time.thread_time()
        answer = self.app.wsgi_app(environ, start)
        self.now.whole = time.thread_time() - began
        if not self.name and environ["PATH_INFO"].endswith("/answers"):
            self.name = LANE
        self.kept.setdefault(self.name, []).append(self.now)
        return answer

    def attach(self) -> None:
        """Listen to Flask and SQLAlchemy."""
        self.app.after_request_funcs.setdefault(None, []).insert(0, self._named)
        before_render_template.connect(self._template_begins, self.app)
        template_rendered.connect(self._template_ends, self.app)
        with self.app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._statement_begins)
            event.listen(db.engine, "after_cursor_execute", self._statement_ends)

    def _named(self, response: Any) -> Any:
        known = " signed in" if request.endpoint == "web.healthz" and g.get("actor") else ""
        waits = " in the waiting room" if (response.location or "").endswith("/notice#start") else ""
        self.name = f"{request.method} {request.endpoint}{known}{waits}"
        self.now.size = response.content_length or 0
        return response

    def _template_begins(self, _sender: Flask, **_facts: Any) -> None:
        g.template_began = time.thread_time(), self.now.driver

    def _template_ends(self, _sender: Flask, **_facts: Any) -> None:
        began, driver = g.template_began
        self.now.template += time.thread_time() - began - (self.now.driver - driver)

    def _statement_begins(self, *_facts: Any) -> None:
        self.now.began = time.thread_time()

    def _statement_ends(self, *_facts: Any) -> None:
        self.now.driver += time.thread_time() - self.now.began
        self.now.statements += 1


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def measure(here: World, accounts: Sequence[str]) -> list[list[str]]:
    """The rows of the table, from a few people doing all steps but verification."""
    watch = Stopwatch(here.app)
    watch.attach()
    with make_server("127.0.0.1", 0, watch, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            _do_all(here, accounts, server.server_port)
        finally:
            server.shutdown()
            thread.join()
    return [_row(label, watch.kept[name][WARM:]) for name, label in SHOWN.items()]


def _do_all(here: World, accounts: Sequence[str], port: int) -> None:
    people = steps.candidates(port, accounts, room=2)
    meter = Meter(0, None, clients=1, warm=0)
    steps.plain(meter, port, len(people) * 4)
    steps.learn(meter, people, len(people) * 4)
    attempt.measure(meter, here, bell.announce(here), people)


def _row(label: str, spent: Sequence[Spent]) -> list[str]:
    """The request in the middle by CPU time, since something else may have run in the middle of a dear one."""
    one = sorted(spent, key=lambda each: each.whole)[len(spent) // 2]
    parts = map(milliseconds, (one.template, one.driver, one.whole - one.template - one.driver))
    return [label, str(len(spent)), f"{one.size / 1000:.0f}", milliseconds(one.whole), *parts, str(one.statements)]
