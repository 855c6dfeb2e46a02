"""An exam officer's day: a session is announced, changed, staffed, seated, eased and printed; another is cancelled."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import room
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.site import Site

pytestmark = pytest.mark.long  # the services and pages of it are tested in make check

CLASS = "2026 年第 3 期内审员班"


def visitor(browser: Browser, site: Site, account: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
    page.set_default_timeout(15_000)
    room.enter(page, site, account)
    return page


@pytest.fixture(scope="module")
def officer(site: Site, browser: Browser) -> Page:
    return visitor(browser, site, "kaowu")


def announce(page: Page, site: Site, title: str, minutes: int) -> str:
    """Announce a session in rooms, with an access code, by filling the form; its reference."""
    page.goto(f"{site.url}/exam-sessions/new")
    page.select_option("#cohort", label=CLASS)
    page.select_option("#specification", "internal-auditor")
    page.fill("#title_zh", title)
    page.fill("#title_en", "Exam of the journey")
    begins = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(minutes=minutes)
    page.fill("#opens", begins.strftime("%Y-%m-%dT%H:%M"))
    page.fill("#closes", (begins + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))
    page.check("#place_kind-1")
    page.fill("#place", "示例市示例路 2 号")
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/exam-sessions/[0-9a-f]{32}$"))
    expect(page.locator(".flashes")).to_contain_text("考试场次已发布")
    return page.url.rsplit("/", 1)[1]


@pytest.fixture(scope="module")
def session(site: Site, officer: Page) -> str:
    return announce(officer, site, "旅程考试", 45)


def saved(page: Page, button: str) -> tuple[str, bytes]:
    """Click what downloads a file; its name and content."""
    with page.expect_download() as download:
        page.locator("main").get_by_text(button, exact=True).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_the_session_is_changed_staffed_and_gets_a_new_code(site: Site, officer: Page, session: str) -> None:
    page = officer
    page.goto(f"{site.url}/exam-sessions/{session}")
    page.get_by_role("link", name="修改场次").click()
    page.fill("#title_zh", "旅程考试（改）")
    page.fill("#place", "示例市示例路 8 号")
    page.click("main form button[type=submit]")
    expect(page.locator(".flashes")).to_contain_text("场次已修改")
    expect(page.locator("h1")).to_have_text("旅程考试（改）")
    expect(page.locator("main")).to_contain_text("示例市示例路 8 号")
    before = page.locator(".code-shown").inner_text()
    page.get_by_role("button", name="更换口令").click()
    expect(page.locator(".flashes")).to_contain_text("已更换口令")
    assert page.locator(".code-shown").inner_text() != before
    page.locator(f"a[href='/exam-sessions/{session}/invigilators']").click()
    page.locator("[name=invigilators]").first.check()
    page.click("main form button[type=submit]")
    expect(page.locator(".flashes")).to_contain_text("已指定监考老师")
    expect(page.locator("main dl")).not_to_contain_text("尚未指定")


def test_rooms_an_accommodation_and_what_is_printed(site: Site, officer: Page, session: str) -> None:
    page = officer
    page.goto(f"{site.url}/exam-sessions/{session}/candidates")
    page.locator("tbody tr").first.locator("a").click()
    page.check("#scope-0")
    page.select_option("#percent", "150")
    page.select_option("#font", "125")
    page.click("text=给予便利")
    expect(page.locator(".err-summary")).to_be_visible()
    expect(page.locator("#percent")).to_have_value("150")
    page.fill("#reason", "视力障碍")
    page.click("text=给予便利")
    expect(page.locator(".flashes")).to_contain_text("已保存该便利")
    expect(page.locator("main")).to_contain_text("150%")
    page.goto(f"{site.url}/exam-sessions/{session}/rooms")
    page.fill("#rooms", "301 教室 20\n302 教室 20")
    page.fill("#apart", "105 室 4")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/candidates")
    expect(page.locator("input[name^=seat-]").first).not_to_have_value("")
    for button, name in (
        ("全部准考证（PDF）", "准考证"),
        ("考生名单（PDF）", "考生名单"),
        ("考场门贴（PDF）", "本考场座位"),
    ):
        filename, content = saved(page, button)
        assert filename.startswith(name) and "旅程考试（改）" in filename and content.startswith(b"%PDF-"), filename


def test_the_officer_looks_at_fairness_and_dry_draws(site: Site, officer: Page, session: str) -> None:
    page = officer
    page.goto(f"{site.url}/exam-sessions/{session}")
    page.locator("nav.tabs").get_by_text("公平性").click()
    expect(page.locator("main")).to_contain_text("承诺")
    page.goto(f"{site.url}/exam-sessions/new")
    page.locator("a[href='/dry-draws']").last.click()
    page.locator("tbody tr", has=page.locator("a[href$='/internal-auditor']")).locator("a").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_who_waits_is_told_without_a_reload_that_the_session_is_cancelled(
    site: Site, browser: Browser, officer: Page
) -> None:
    other = announce(officer, site, "将取消的考试", 40)
    waiting = visitor(browser, site, "xueyuan19")
    waiting.goto(f"{site.url}/exams")
    card = waiting.locator("li.card", has_text="将取消的考试")
    card.locator("button", has_text="进入候考").click()
    waiting.wait_for_url("**/notice")
    expect(waiting.locator("#bell-left")).to_have_text(re.compile(r"\d\d:\d\d"))
    waiting.evaluate("window.print = () => { window.asked = true; }")
    waiting.locator("details.more summary").click()
    waiting.click("#try-print")
    expect(waiting.locator("#printed")).to_be_visible()
    with waiting.expect_response("**/device-check") as reply:
        waiting.locator("[data-came=no]").click()
    assert reply.value.request.post_data_json["printing"] is False
    expect(waiting.locator("[data-said=no]")).to_be_visible()
    officer.goto(f"{site.url}/exam-sessions/{other}/candidates")
    expect(officer.locator("main")).to_contain_text("未能打印")
    officer.goto(f"{site.url}/exam-sessions/{other}/cancel")
    officer.fill("#reason", "台风")
    officer.click("main form button[type=submit]")
    expect(officer.locator(".flashes")).to_contain_text("场次已取消")
    waiting.keyboard.press("k")  # the page asks the server at once; else it does so within a minute
    expect(waiting.locator("#off")).to_contain_text("本场考试已取消")
    expect(waiting.locator("#off [data-reason]")).to_have_text("台风")
    expect(waiting.locator("#start")).to_have_count(0)
    expect(waiting.locator("#bell-left")).to_have_count(0)
    waiting.evaluate(AXE)
    assert violations(waiting) == [] and not scrolls_sideways(waiting)
    waiting.reload()
    expect(waiting.locator("main")).to_contain_text("台风")
    waiting.set_viewport_size({"width": 375, "height": 800})
    waiting.evaluate(AXE)
    assert violations(waiting) == [] and not scrolls_sideways(waiting)
    waiting.goto(f"{site.url}/exams")
    expect(card).to_contain_text("台风")
    expect(card.locator("button", has_text="准考证")).to_have_count(0)
    waiting.context.close()
