"""Every page of the thread: no axe violation, no sideways scrolling, no console error, in both themes and languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.looks import scrolls_sideways, violations
from tests.journeys.people import sign_in
from tests.journeys.site import Site

PAGES = Path(__file__).with_name("pages.txt").read_text(encoding="utf-8").splitlines()
"""Lines of account (or - for nobody), address, and words that stand on the Chinese page."""

LOOKS = [
    ("light", 1280, "zh_CN"),
    ("dark", 375, "zh_CN"),
    ("light", 375, "en"),
    ("dark", 1280, "en"),
    ("light", 320, "zh_CN"),
]


@pytest.fixture(scope="module")
def signed_in(site: Site, browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """One browser context for each account that the list names."""
    contexts: dict[str, BrowserContext] = {}
    for account in sorted({line.split()[0] for line in PAGES}):
        contexts[account] = browser.new_context()
        contexts[account].set_default_timeout(15_000)
        if account != "-":
            page = contexts[account].new_page()
            sign_in(page, site, account)
            page.close()
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("line", PAGES)
def test_page(site: Site, signed_in: dict[str, BrowserContext], line: str) -> None:
    account, address, words = line.split(maxsplit=2)
    troubles: list[str] = []
    for scheme, width, language in LOOKS:
        page = signed_in[account].new_page()
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        joint = "&" if "?" in address else "?"
        answer = page.goto(f"{site.url}{address}{joint}lang={language}")
        assert answer is not None and answer.status == 200, (answer and answer.status, scheme, width)
        if language == "zh_CN":
            assert words in page.inner_text("body")
        assert page.locator("h1").count() == 1
        assert not scrolls_sideways(page), (scheme, width, language)
        if width != 320:
            assert violations(page) == [], (scheme, width, language)
        page.close()
    assert troubles == []
