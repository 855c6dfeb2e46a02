"""What people do on the site, step by step, as their browsers do it."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.office.services.demonstration import PASSWORD
from tests.bench import world
from tests.bench.browser import Browser, found
from tests.bench.figures import Figure, together
from tests.bench.measure import Meter
from tests.bench.world import Issued, World

START = "Start of an exam with its first page"


@dataclass
class Candidate:
    """A trainee with a browser, and what the exam page told it."""

    account: str
    browser: Browser
    ref: str = ""
    token: str = ""
    writer: str = field(default_factory=lambda: secrets.token_hex(16))
    epoch: int = 0
    last: int = 0
    answers: dict[int, Any] = field(default_factory=dict)

    def open(self, path: str) -> None:
        """Look at a page."""
        self.browser.get(path)

    def sign_in(self) -> None:
        """Send the sign-in form that stands on the page."""
        self.browser.post(self.browser.page.form("/sign-in$"), account=self.account, password=PASSWORD)

    def ask_for_paper(self) -> None:
        """Press the button of the open session in the list of exams."""
        page = self.browser.post(self.browser.page.form(r"/exams/\w+/sitting$"))
        self.ref = found(r"/sittings/(\w+)/", page.location)

    def accept(self) -> None:
        """Accept the statement: the clock starts."""
        self.browser.post(self.browser.page.form("/begin$"), accept="y", mine="y")

    def take_pen(self) -> None:
        """What the exam page does first: read itself and ask for the pen."""
        page = self.browser.page
        self.token, self.epoch = page.token(), int(found(r'data-epoch="(\d+)"', page.text))
        held = self.browser.post_json(self._path("lease"), self.token, {"writer": self.writer, "take_over": False})
        assert held["granted"]

    def save(self, slots: Sequence[int]) -> None:
        """Send the answers of these slots in one request."""
        now = int(time.time() * 1000)
        entries = [
            {"seq": number, "slot": slot, "value": self.answers[slot], "ms": now}
            for number, slot in enumerate(slots, self.last + 1)
        ]
        body = {"epoch": self.epoch, "writer": self.writer, "entries": entries}
        said = self.browser.post_json(self._path("answers"), self.token, body)
        self.last += len(entries)
        assert said["acked"][-1] == self.last

    def hand_in(self) -> None:
        """Hand in by script."""
        assert self.browser.post_json(self._path("hand-in"), self.token, {})["receipt"]

    def _path(self, end: str) -> str:
        return f"/sittings/{self.ref}/{end}"


def candidates(port: int, accounts: Sequence[str], room: int) -> list[Candidate]:
    """People, each at an address of its own."""
    return [Candidate(name, Browser(port, f"127.{room}.0.{at}")) for at, name in enumerate(accounts, 1)]


def plain(meter: Meter, port: int, times: int) -> None:
    """Pages that show what server, framework and templates cost by themselves."""
    browsers = [Browser(port, f"127.9.0.{at}") for at in range(1, 61)]
    turns = [browsers[at % len(browsers)] for at in range(times + meter.warm)]
    meter.step("/healthz (framework only)", [partial(one.get, "/healthz") for one in turns])
    meter.step("Start page of verification (no query)", [partial(one.get, "/verify") for one in turns])


def learn(meter: Meter, people: Sequence[Candidate], times: int) -> None:
    """Sign in and read lessons."""
    meter.prepare([partial(one.open, "/sign-in") for one in people])
    meter.step("Sign-in", [one.sign_in for one in people])
    turns = [people[at % len(people)] for at in range(times + meter.warm)]
    meter.step("/healthz, signed in (and who it is)", [partial(one.open, "/healthz") for one in turns])
    outline = people[0].browser.get("/learn")
    course = people[0].browser.get(found(r'href="(/learn/courses/[^"?#/]+)"', outline.text))
    lessons = sorted(set(re.findall(r'href="(/learn/courses/[^"?#]+/lessons/[^"?#]+)"', course.text)))
    visits = [(one, lessons[at % len(lessons)]) for at, one in enumerate(turns)]
    meter.step("Lesson page", [partial(one.open, lesson) for one, lesson in visits])


def sit(meter: Meter, here: World, people: Sequence[Candidate], saves: int) -> None:
    """Start the exam, save answers one by one, hand in."""
    meter.prepare([partial(one.open, "/exams") for one in people])
    parts = [
        meter.step("– the paper is drawn", [one.ask_for_paper for one in people]),
        meter.step("– notice and statement", [_opener(one, "/sittings/{}/notice") for one in people]),
        meter.step("– the clock starts", [one.accept for one in people]),
        meter.step("– page with all questions", [_opener(one, "/sittings/{}") for one in people]),
    ]
    _put_before(meter.figures, together(START, parts), parts)
    meter.prepare([one.take_pen for one in people])
    right = world.right_answers(here, [one.ref for one in people])
    for one in people:
        one.answers = right[one.ref]
    slots = sorted(people[0].answers)
    meter.step("Save of one answer", [partial(one.save, [slot]) for slot in slots[:saves] for one in people])
    meter.prepare([partial(one.save, slots[saves:]) for one in people])
    meter.step("Hand-in", [one.hand_in for one in people])


def _opener(one: Candidate, path: str) -> Any:
    return lambda: one.open(path.format(one.ref))


def _put_before(figures: list[Figure], whole: Figure, parts: Sequence[Figure]) -> None:
    figures.insert(figures.index(parts[0]), whole)


def verify(meter: Meter, port: int, known: Sequence[Issued], times: int, files: int) -> None:
    """Strangers verify by number and name, and by the PDF; each from another address, so that no limit bites."""
    strangers = [Browser(port, f"127.8.{at // 200}.{at % 200 + 1}") for at in range(times + meter.warm)]
    meter.prepare([partial(one.get, "/verify") for one in strangers])
    pairs = [(one, known[at % len(known)]) for at, one in enumerate(strangers)]
    meter.step("Verification by number and name", [partial(_by_number, one, paper) for one, paper in pairs])
    some = pairs[: files + meter.warm]
    meter.prepare([partial(one.get, "/verify") for one, _ in some])
    meter.step("Verification by PDF", [partial(_by_file, one, paper) for one, paper in some])


def _by_number(browser: Browser, paper: Issued) -> None:
    page = browser.post(browser.page.form("/verify$"), expect=200, number=paper.number, name=paper.name)
    assert "verdict--ok" in page.text and "vf-match" in page.text and paper.number in page.text


def _by_file(browser: Browser, paper: Issued) -> None:
    page = browser.post_file(browser.page.form("/verify/file$"), "file", paper.pdf)
    assert "verdict--ok" in page.text and paper.number in page.text
