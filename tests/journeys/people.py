"""What people do in many journeys."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.site import Site


def sign_in(page: Page, site: Site, account: str, language: str | None = None) -> None:
    """Sign in as a demonstration person."""
    name, password = site.account(account)
    page.goto(f"{site.url}/sign-in" + (f"?lang={language}" if language else ""))
    page.fill("#account", name)
    page.fill("#password", password)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def sign_out(page: Page, site: Site) -> None:
    """Leave, as closing the browser's profile would."""
    page.context.clear_cookies()
    page.goto(site.url)
