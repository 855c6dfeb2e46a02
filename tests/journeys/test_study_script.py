"""The heartbeat of a page that is studied in a real browser, with the browser's clock turned by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route

from app.settings import ROOT

SCRIPT = ROOT / "app" / "static" / "js" / "study.js"
HTML = """<!doctype html><meta charset="utf-8"><meta name="csrf-token" content="t">
<div data-study="/study/beat" data-lesson="2013-6.1.2" data-course="one" data-visit="visit-one">
<div class="prose"><p>Start</p><h2 id="s1">One</h2><p>A</p><h2 id="s2">Two</h2><p>B</p></div>
<span data-minutes="{n} minutes" hidden></span></div>
<script type="module" src="/study.js"></script>"""
ORIGIN = "http://lesson.test"


@dataclass
class Watched:
    """A page and the beats that it sent; `status` is what the server answers."""

    page: Page
    beats: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200

    def serve(self, route: Route, request: Request) -> None:
        if request.url.endswith("/study.js"):
            route.fulfill(body=SCRIPT.read_text(encoding="utf-8"), content_type="text/javascript")
        elif request.url.endswith("/study/beat"):
            assert request.headers["x-csrf-token"] == "t"
            self.beats.append(json.loads(request.post_data or "{}"))
            route.fulfill(status=self.status, json={"minutes": len(self.beats)})
        else:
            route.fulfill(body=HTML, content_type="text/html")

    def wait(self, seconds: int) -> None:
        """Let the browser's clock run, beat by beat."""
        for _half in range(seconds // 30):
            self.page.clock.run_for(30_000)
            self.page.wait_for_timeout(20)

    def hide(self, hidden: bool) -> None:
        """Put the page in the background, or back."""
        self.page.evaluate(
            "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
            " document.dispatchEvent(new Event('visibilitychange')); }",
            hidden,
        )
        self.page.wait_for_timeout(50)


@pytest.fixture
def watched(page: Page) -> Watched:
    found = Watched(page)
    page.clock.install()
    page.route("**/*", found.serve)
    page.goto(ORIGIN)
    page.wait_for_function("!document.querySelector('[data-minutes]').hidden")
    page.wait_for_timeout(50)
    return found


def test_it_beats_at_once_and_every_thirty_seconds(watched: Watched) -> None:
    assert watched.beats[0] == {
        "lesson": "2013-6.1.2",
        "course": "one",
        "visit": "visit-one",
        "idle": 0,
        "away": 0,
        "section": 2,
    }
    watched.wait(90)
    assert len(watched.beats) == 4
    assert watched.page.locator("[data-minutes]").inner_text() == "4 minutes"


def test_it_falls_silent_after_five_minutes_and_says_so_on_waking(watched: Watched) -> None:
    watched.wait(900)
    assert len(watched.beats) == 11
    watched.page.mouse.move(50, 50)
    watched.page.wait_for_timeout(50)
    assert len(watched.beats) == 12
    assert watched.beats[-1]["idle"] >= 900


def test_a_page_in_the_background_is_silent_and_says_how_long(watched: Watched) -> None:
    watched.hide(True)
    before = len(watched.beats)
    watched.wait(600)
    assert len(watched.beats) == before
    watched.hide(False)
    assert len(watched.beats) == before + 1
    assert watched.beats[-1]["away"] >= 600
    assert watched.beats[-1]["idle"] == 0


def test_it_stops_when_the_server_no_longer_knows_the_reader(watched: Watched) -> None:
    watched.status = 401
    watched.page.evaluate("document.addEventListener('signed-out', () => { document.title = 'out'; })")
    watched.wait(120)
    assert len(watched.beats) == 2
    assert watched.page.title() == "out"


def test_it_goes_on_when_the_page_has_signed_in_again(watched: Watched) -> None:
    watched.status = 401
    watched.wait(60)
    watched.status = 200
    watched.page.evaluate("document.dispatchEvent(new CustomEvent('signed-in'))")
    watched.wait(60)
    assert len(watched.beats) == 5


def test_it_goes_on_after_a_failure_of_the_server(watched: Watched) -> None:
    watched.status = 503
    watched.wait(60)
    watched.status = 200
    watched.wait(30)
    assert len(watched.beats) == 4


def test_a_video_that_plays_counts_as_a_touch_and_one_that_pauses_does_not(watched: Watched) -> None:
    watched.page.evaluate(
        "document.querySelector('[data-study]').append(document.createElement('video'));"
        " Object.defineProperty(document.querySelector('video'), 'paused', { value: false, configurable: true })"
    )
    watched.wait(600)
    assert len(watched.beats) == 21 and {one["idle"] for one in watched.beats} == {0}
    watched.page.evaluate("Object.defineProperty(document.querySelector('video'), 'paused', { value: true })")
    watched.wait(600)
    assert len(watched.beats) == 31, "five minutes after the last second it played, the beat stops"
