"""make screens: pictures of the running site for the README and the documents."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.addresses import resolve
from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.journeys.people import sign_in
from tests.journeys.site import ROOT, copy_of, prepared_instance

SHOTS = [
    ("exam", "xueyuan15", "{sitting:xueyuan15}", 1280, "zh_CN"),
    ("verify", "-", "{verify:valid}", 375, "zh_CN"),
    ("verify", "-", "{verify:withdrawn}", 1280, "en"),
    ("learn", "xueyuan20", "/learn", 1280, "zh_CN"),
    ("lesson", "xueyuan20", "/learn/courses/internal-auditor/lessons/2013-6.1.2", 375, "zh_CN"),
    ("class", "guanli", "{cohort}", 1280, "zh_CN"),
]
"""Name, account, address, width and language of each picture."""


def main(folder: Path) -> None:
    """Take the pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        site = copy_of(prepared_instance(Path(made)), Path(made))
        site.start()
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                for name, account, pattern, width, language in SHOTS:
                    page = browser.new_page(viewport={"width": width, "height": 800})
                    if account != "-":
                        sign_in(page, site, account)
                    address = resolve(site, pattern)
                    page.goto(f"{site.url}{address}{'&' if '?' in address else '?'}lang={language}")
                    page.wait_for_timeout(500)
                    page.screenshot(path=folder / f"{name}-{width}-{language[:2]}.png")
                    page.close()
                browser.close()
        finally:
            site.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
