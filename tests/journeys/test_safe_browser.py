"""Safe Exam Browser from the officer's settings to the desk: its header and its script interface, played by Chromium."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.exams import seb
from tests.journeys import room
from tests.journeys.addresses import resolve
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.people import sign_in
from tests.journeys.site import Site
from tests.journeys.test_exam_tools import change, found, pulse, wait_for, wait_saved

_OPEN = "closes_at > strftime('%Y-%m-%d %H:%M:%f', 'now') AND opens_at < strftime('%Y-%m-%d %H:%M:%f', 'now')"
# As versions before 3.1 for macOS do it: the proof is worked out when asked, and a function is called back by its name.
_ASKED = """key => {
  const hex = (made) => [...new Uint8Array(made)].map((one) => one.toString(16).padStart(2, '0')).join('');
  window.SafeExamBrowser = { version: 'played', security: { configKey: '', updateKeys: async (callback) => {
    const text = new TextEncoder().encode(location.href.split('#')[0] + key);
    window.SafeExamBrowser.security.configKey = hex(await crypto.subtle.digest('SHA-256', text));
    window[callback.name]();
  } } };
}"""


def settings(site: Site) -> dict[str, Any]:
    return seb.own_settings(f"{site.url}/exams", f"{site.url}/exams/close-browser", seb.Wishes("ein langes Kennwort"))


@pytest.fixture(scope="module")
def key(site: Site) -> str:
    """The sessions that are open ask for the browser; the Config Key."""
    made = settings(site)
    change(
        site, f"UPDATE exam_sessions SET seb_key = ?, seb_config = ? WHERE {_OPEN}",
        seb.config_key(made), json.dumps(seb.stored(made)),
    )  # fmt: skip
    return seb.config_key(made)


class Played:
    """The header of Safe Exam Browser on every request of a page to the site, redirects too; `key` may change."""

    def __init__(self, page: Page, site: Site, key: str) -> None:
        self.key = key
        self._line = page.context.new_cdp_session(page)
        self._line.on("Fetch.requestPaused", self._send)
        self._line.send("Fetch.enable", {"patterns": [{"urlPattern": f"{site.url}/*"}]})

    def _send(self, paused: dict[str, Any]) -> None:
        request = paused["request"]
        shown = request["headers"] | {seb.HEADER: seb.proof(request["url"], self.key)}
        headers = [{"name": name, "value": value} for name, value in shown.items()]
        self._line.send("Fetch.continueRequest", {"requestId": paused["requestId"], "headers": headers})


def visitor(browser: Browser, width: int = 1280) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN").new_page()
    page.set_default_timeout(30_000)
    return page


def looks_well(page: Page) -> None:
    page.evaluate(AXE)
    for scheme, width in (("light", 1280), ("dark", 375), ("light", 320)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [] and not scrolls_sideways(page), (scheme, width)
    page.set_viewport_size({"width": 1280, "height": 800})


def state(site: Site, ref: str) -> tuple[Any, ...]:
    query = (
        "SELECT state, locked, (SELECT count(*) FROM incidents WHERE sitting_id = s.id) FROM sittings s WHERE ref = ?"
    )
    return found(site, query, ref)[0]


def test_the_officer_asks_for_it_and_candidates_get_the_file(site: Site, browser: Browser) -> None:
    page = visitor(browser)
    sign_in(page, site, "kaowu")
    page.goto(f"{site.url}{resolve(site, '{resit}')}")
    page.click(".tabs >> text=安全考试浏览器")
    expect(page.locator("main")).to_contain_text("未要求")
    page.fill("#own-password", "ein langes Kennwort")
    page.click("text=要求使用安全考试浏览器")
    expect(page.locator(".flashes")).to_contain_text("已要求按这些设置使用")
    shown = page.locator("dd.mono").inner_text()
    with page.expect_download() as loaded:
        page.click("a.btn:has-text('下载设置文件')")
    assert loaded.value.suggested_filename == "exam.seb"
    made = seb.read_settings(loaded.value.path().read_bytes())
    assert made == settings(site) and seb.config_key(made) == shown
    looks_well(page)
    page.set_input_files("#file-file", {"name": "x.seb", "mimeType": "application/seb", "buffer": b"pswd0000"})
    page.click("text=使用该文件")
    expect(page.locator(".notice--danger")).to_contain_text("不设密码、不加密")
    own = seb.settings_file(made | {"allowSpellCheck": True})
    page.set_input_files("#file-file", {"name": "x.seb", "mimeType": "application/seb", "buffer": own})
    page.click("text=使用该文件")
    expect(page.locator("dd.mono")).not_to_have_text(shown)
    page.click("text=不再要求安全考试浏览器")
    expect(page.locator("main")).to_contain_text("未要求")
    page.context.close()


def test_another_browser_is_told_what_to_do(site: Site, key: str, browser: Browser) -> None:
    page = visitor(browser)
    account = room.free_account(site)
    room.enter(page, site, account)
    page.goto(f"{site.url}/exams")
    page.locator("form[action$='/sitting'] button").first.click()
    expect(page.locator("h1")).to_have_text("本场考试须使用安全考试浏览器")
    link = page.locator("a.btn--primary").get_attribute("href")
    assert link is not None and re.fullmatch(r"seb://127\.0\.0\.1:\d+/exam-sessions/[0-9a-f]{32}/exam\.seb", link)
    with page.expect_download() as loaded:
        page.click("a.btn:has-text('下载设置文件')")
    assert seb.config_key(seb.read_settings(loaded.value.path().read_bytes())) == key
    expect(page.locator("#seb-locked")).to_be_hidden()
    looks_well(page)
    ref = page.url.split("/")[-2]
    assert state(site, ref) == ("ready", None, 0)
    page.context.close()


def test_the_right_header_sits_a_wrong_one_is_locked_and_the_desk_unlocks(
    site: Site, key: str, browser: Browser
) -> None:
    page = visitor(browser)
    played = Played(page, site, key)
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    wait_saved(page)
    pulse(page)
    expect(page.locator("#gate-locked")).to_be_hidden()
    played.key = "ab" * 32
    room.choose(page, 2, 1)
    pulse(page)
    expect(page.locator("#gate-locked")).to_be_visible(timeout=15_000)
    wait_for(site, "SELECT locked FROM sittings WHERE ref = ?", [("seb",)], ref)
    assert state(site, ref) == ("open", "seb", 1)
    assert room.answers(site, ref) == {1: "A", 2: "B"}, "what was answered is saved, whatever the browser"
    page.reload()
    expect(page.locator("#seb-locked")).to_be_visible()
    looks_well(page)
    played.key = key
    page.goto(f"{site.url}/sittings/{ref}")
    expect(page.locator("main")).to_contain_text("监考老师解除锁定后，本页会自动继续")
    desk = visitor(browser)
    sign_in(desk, site, "jiankao")
    desk.goto(f"{site.url}/exam-sessions/sittings/{ref}/seat")
    expect(desk.locator(".notice--danger")).to_contain_text("安全考试浏览器")
    looks_well(desk)
    desk.fill("#reason", "已重新启动")
    desk.click("button:has-text('解除锁定')")
    expect(desk.locator(".flashes")).to_be_visible()
    expect(page.locator("#save")).to_have_attribute("data-state", "saved", timeout=30_000)
    assert state(site, ref) == ("open", None, 1)
    expect(page.locator("#q1 .opt input").first).to_be_checked()
    desk.context.close()
    page.context.close()


def test_whoever_cannot_run_it_is_let_go_on_without(site: Site, key: str, browser: Browser) -> None:
    page = visitor(browser)
    Played(page, site, key)
    ref = room.begin(page, site)
    other = visitor(browser, 375)
    room.enter(other, site, room.account_of(site, ref))
    other.goto(f"{site.url}/sittings/{ref}")
    expect(other.locator("#seb-locked")).to_be_visible()
    assert state(site, ref) == ("open", "seb", 1), "the script has looked and found no such browser"
    desk = visitor(browser)
    sign_in(desk, site, "jiankao")
    desk.goto(f"{site.url}/exam-sessions/sittings/{ref}/seat")
    desk.fill("#reason", "该设备无法运行")
    desk.click(".notice--danger button:has-text('准许不使用安全考试浏览器')")
    expect(desk.locator("main")).to_contain_text("已获准不使用安全考试浏览器")
    other.goto(f"{site.url}/sittings/{ref}")
    expect(other.locator("#save")).to_be_attached()
    for one in (desk, other, page):
        one.context.close()


def test_the_script_interface_opens_the_door(site: Site, key: str, browser: Browser) -> None:
    page = visitor(browser)
    page.context.add_init_script(f"({_ASKED})({json.dumps(key)})")
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    wait_saved(page)
    pulse(page)
    page.goto(f"{site.url}/sittings/{ref}")
    wait_saved(page)
    assert state(site, ref) == ("open", None, 0)
    page.context.close()


def test_the_script_interface_with_other_settings_stays_outside(site: Site, key: str, browser: Browser) -> None:
    assert key
    page = visitor(browser)
    page.context.add_init_script(f"({_ASKED})({json.dumps('ab' * 32)})")
    room.enter(page, site, room.free_account(site))
    page.goto(f"{site.url}/exams")
    with page.expect_response(re.compile("/browser$")) as said:
        page.locator("form[action$='/sitting'] button").first.click()
    assert said.value.json() == {"ok": False, "locked": False}
    expect(page.locator("h1")).to_have_text("本场考试须使用安全考试浏览器")
    page.context.close()
