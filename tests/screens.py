"""make screens: pictures of the running site for the README and the documents."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.journeys.people import sign_in
from tests.journeys.site import ROOT, copy_of, prepared_instance

SHOTS = [
    ("home", "-", "/"),
    ("learn", "xueyuan", "/learn"),
    ("verify", "-", "/verify"),
]


def main(folder: Path) -> None:
    """Take the pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        site = copy_of(prepared_instance(Path(made)), Path(made))
        site.start()
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                for name, account, address in SHOTS:
                    for width in (1280, 375):
                        for language in ("zh_CN", "en"):
                            page = browser.new_page(viewport={"width": width, "height": 800})
                            if account != "-":
                                sign_in(page, site, account)
                            page.goto(f"{site.url}{address}?lang={language}")
                            page.screenshot(path=folder / f"{name}-{width}-{language[:2]}.png")
                            page.close()
                browser.close()
        finally:
            site.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
