"""Every page of the thread: no axe violation, no sideways scrolling, no console error, in both themes and languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.journeys.addresses import resolve
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.people import sign_in
from tests.journeys.site import Site

PAGES = Path(__file__).with_name("pages.txt").read_text(encoding="utf-8").splitlines()
"""Lines of account (or - for nobody), address, and words that stand on the Chinese page."""

LOOKS = {"zh_CN": (("light", 1280), ("dark", 375)), "en": (("light", 375), ("dark", 1280))}


@dataclass
class Visitor:
    """A signed-in browser page and what its console said."""

    page: Page
    troubles: list[str]


@pytest.fixture(scope="module")
def visitors(site: Site, browser: Browser) -> Iterator[dict[str, Visitor]]:
    """One visitor for each account that the list names."""
    found: dict[str, Visitor] = {}
    for account in sorted({line.split()[0] for line in PAGES}):
        page = browser.new_context().new_page()
        page.set_default_timeout(15_000)
        if account != "-":
            sign_in(page, site, account)
        found[account] = Visitor(page, [])
        page.on("console", _listener(found[account].troubles))
        page.on("pageerror", lambda error, heard=found[account].troubles: heard.append(str(error)))
    yield found
    for visitor in found.values():
        visitor.page.context.close()


def _listener(heard: list[str]) -> Callable[[ConsoleMessage], None]:
    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "404 (NOT FOUND)" not in message.text:
            heard.append(message.text)

    return listen


@pytest.mark.parametrize("line", PAGES)
def test_page(site: Site, visitors: dict[str, Visitor], line: str) -> None:
    account, pattern, words = line.split(maxsplit=2)
    address, expected = resolve(site, pattern), 404 if "999999" in pattern else 200
    page, troubles = visitors[account].page, visitors[account].troubles
    troubles.clear()
    for language, looks in LOOKS.items():
        answer = page.goto(f"{site.url}{address}{'&' if '?' in address else '?'}lang={language}")
        assert answer is not None and answer.status == expected
        if language == "zh_CN":
            assert words in page.inner_text("body")
        assert page.locator("h1").count() == 1
        page.evaluate(AXE)
        for scheme, width in looks:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half-way
            page.set_viewport_size({"width": width, "height": 800})
            assert not scrolls_sideways(page), (scheme, width, language)
            assert violations(page) == [], (scheme, width, language)
        page.set_viewport_size({"width": 320, "height": 800})
        assert not scrolls_sideways(page), (320, language)
    assert troubles == []
