"""A served site and a real browser for the journeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.journeys.site import Site, copy_of, prepared_instance

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]  # fmt: skip
expect.set_options(timeout=15_000)  # a machine that is busy is no failure


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The prepared instance folder, shared by all workers of this run."""
    base = tmp_path_factory.getbasetemp()
    return prepared_instance(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="module")
def site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration served for one module of journeys."""
    served = copy_of(prepared, tmp_path_factory.mktemp("site"))
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    """Playwright for one module: its event loop must be gone before tests of signing start one of their own."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(driver: Playwright) -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield started
    started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh visitor with a desktop screen and Chinese as the language."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that fails the test when the console reports an error or the policy is violated."""
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on(
        "console", lambda message: troubles.append(message.text) if "Content Security Policy" in message.text else None
    )
    opened.__dict__["troubles"] = troubles
    return opened
