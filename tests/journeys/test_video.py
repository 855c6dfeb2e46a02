"""A lesson's video in a real browser: captions in both languages, going on after a reload, what is counted and what not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import sign_in
from tests.journeys.site import Site

pytestmark = pytest.mark.long  # the services and pages of it are tested in make check

LESSON = "/learn/courses/internal-auditor/lessons/2013-8.1"
VIDEO = "document.querySelector('video')"


def until(page: Page, condition: str) -> None:
    """Wait until the page says so; its policy lets no script of Playwright wait inside it."""
    for _try in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


def visit(site: Site, browser: Browser) -> Page:
    """A page of a device of its own, on which the trainee has signed in and opened the lesson."""
    page = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(15_000)
    sign_in(page, site, "xueyuan20")
    page.goto(f"{site.url}{LESSON}")
    until(page, f"{VIDEO}.readyState >= 1")
    return page


@pytest.fixture(scope="module")
def page(site: Site, browser: Browser) -> Iterator[Page]:
    made = visit(site, browser)
    yield made
    made.context.close()


def watched(page: Page) -> int:
    """Seconds that the page says were watched."""
    found = re.search(r"(\d+):(\d\d)", page.locator("[data-watched]").inner_text())
    assert found
    return int(found[1]) * 60 + int(found[2])


def play(page: Page, seconds: int) -> None:
    """Watch for so long, then pause, and wait until the server has answered."""
    page.evaluate(f"{VIDEO}.play()")
    page.wait_for_timeout(seconds * 1000)
    with page.expect_response("**/study/video") as answer:
        page.evaluate(f"{VIDEO}.pause()")
    assert answer.value.ok
    page.wait_for_timeout(200)


def test_captions_can_be_chosen_in_both_languages(page: Page) -> None:
    tracks = f"[...{VIDEO}.textTracks]"
    assert page.evaluate(f"{tracks}.map(one => [one.kind, one.language, one.mode])") == [
        ["captions", "zh-CN", "showing"],
        ["captions", "en", "disabled"],
    ]
    page.evaluate(f"{VIDEO}.textTracks[0].mode = 'disabled'; {VIDEO}.textTracks[1].mode = 'showing'")
    until(page, f"{VIDEO}.textTracks[1].cues?.length === 8")
    assert "four dates" in page.evaluate(f"{VIDEO}.textTracks[1].cues[0].text")


def test_what_plays_is_counted_and_a_pause_or_a_jump_is_not(page: Page) -> None:
    page.evaluate(f"{VIDEO}.currentTime = 0")
    play(page, 4)
    first = watched(page)
    assert 3 <= first <= 5
    page.wait_for_timeout(2500)
    assert watched(page) == first, "nothing counts while it stands still"
    page.evaluate(f"{VIDEO}.currentTime = 20")
    play(page, 2)
    assert first + 1 <= watched(page) <= first + 3, "what was jumped over does not count"


def test_it_goes_on_where_it_was_left_on_this_device_and_on_another(site: Site, page: Page, browser: Browser) -> None:
    left = page.evaluate(f"{VIDEO}.currentTime")
    assert left > 21
    page.reload()
    until(page, f"{VIDEO}.readyState >= 1 && {VIDEO}.currentTime > 1")
    assert abs(page.evaluate(f"{VIDEO}.currentTime") - left) < 1.5
    other = visit(site, browser)
    until(other, f"{VIDEO}.currentTime > 1")
    assert abs(other.evaluate(f"{VIDEO}.currentTime") - left) < 1.5
    other.context.close()


def test_the_transcript_is_read_without_the_video_and_by_keyboard(page: Page) -> None:
    page.locator(".video__text summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".video__text li")).to_have_count(8)
    expect(page.locator(".video__text li").last).to_be_visible()


def test_the_module_can_be_taken_away_as_a_pdf(site: Site, page: Page) -> None:
    with page.expect_download() as taken:
        page.get_by_role("link", name="本模块讲义（PDF）").click()
    assert taken.value.suggested_filename == "A6 实施运行与审核改进.pdf"
    assert taken.value.path().read_bytes().startswith(b"%PDF-1.7")
