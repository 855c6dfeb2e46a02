"""The exam page in a real browser: no answer is lost, whatever happens to network, browser, window or sign-in."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.journeys import room
from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.journeys.looks import AXE, Violation, scrolls_sideways
from tests.journeys.looks import violations as found_by_axe
from tests.journeys.site import Site


def violations(page: Page) -> list[Violation]:
    page.evaluate(AXE)
    return found_by_axe(page)


def wait_saved(page: Page) -> None:
    expect(page.locator("#save")).to_have_attribute("data-state", "saved", timeout=15_000)


def test_answers_are_there_after_a_reload(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    room.choose(page, 1, 1)
    room.choose(page, 21, 0)
    room.choose(page, 21, 2)
    page.locator("#palette [data-cell='41']").click()
    page.fill("#q41 textarea", "第一行\n第二行")
    page.locator("#palette [data-cell='43']").click()
    page.fill("#q43 textarea[name='q43.facts']", "抽查 5 份合同，3 份没有约定权属")
    room.pick_clause(page, 43, "4.5")
    page.select_option("#q43 select[name='q43.grade']", "minor")
    page.click("[data-mark]")
    wait_saved(page)
    page.reload()
    wait_saved(page)
    assert room.answers(site, ref) == {
        0: [43],
        1: "B",
        21: ["A", "C"],
        41: "第一行\n第二行",
        43: {"facts": "抽查 5 份合同，3 份没有约定权属", "clause": "4.5", "grade": "minor"},
    }
    expect(page.locator("#t-done")).to_have_text("4")
    expect(page.locator("#q43 textarea").first).to_have_value("抽查 5 份合同，3 份没有约定权属")
    assert page.locator("#q21 input:checked").evaluate_all("all => all.map(one => one.value)") == ["A", "C"]
    assert page.locator("#q43").is_visible()
    expect(page.locator("[data-mark]")).to_have_attribute("aria-pressed", "true")


def test_a_killed_browser_loses_nothing_while_the_server_is_away(
    site: Site, driver: Playwright, tmp_path: Path
) -> None:
    folder = tmp_path / "profile"
    context = _own_browser(driver, folder)
    page = context.pages[0]
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    wait_saved(page)
    site.stop(signal.SIGKILL)
    for slot in range(1, 21):
        room.choose(page, slot, slot % 4)
    time.sleep(0.5)
    _kill_browser(folder)
    with contextlib.suppress(Exception):
        context.close()
    site.start()
    assert room.answers(site, ref) == {1: "A"}
    context = _own_browser(driver, folder)
    page = context.pages[0]
    page.goto(f"{site.url}/sittings/{ref}")
    if "/sign-in" in page.url:
        room.enter(page, site, room.account_of(site, ref))
        page.goto(f"{site.url}/sittings/{ref}")
    expect(page.locator("#t-done")).to_have_text("20")
    wait_saved(page)
    assert room.answers(site, ref) == {slot: "ABCD"[slot % 4] for slot in range(1, 21)}
    assert page.locator("dialog[open]").count() == 0
    context.close()


def test_without_the_network_answering_goes_on(site: Site, page: Page, context: BrowserContext) -> None:
    ref = room.begin(page, site)
    context.set_offline(True)
    room.choose(page, 3, 1)
    room.choose(page, 4, 2)
    banner = page.locator("#banner")
    expect(banner).to_contain_text("网络断开了，请继续作答。")
    expect(page.locator("#save-text")).to_have_text("未上传 2 题")
    expect(page.locator("#palette [data-cell='3']")).to_have_attribute("aria-label", "第 3 题，已作答，未上传")
    page.click("#to-check")
    expect(banner).to_contain_text("没有网络，暂时不能交卷")
    assert room.answers(site, ref) == {}
    context.set_offline(False)
    expect(banner).to_contain_text("网络已恢复，答案全部上传。")
    wait_saved(page)
    assert room.answers(site, ref) == {3: "B", 4: "C"}
    expect(banner).to_be_hidden(timeout=9000)


def test_a_second_device_takes_over_on_purpose_and_both_keep_their_answers(
    site: Site, page: Page, context: BrowserContext, browser: Browser
) -> None:
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    wait_saved(page)
    other = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    second = other.new_page()
    room.enter(second, site, room.account_of(site, ref))
    second.goto(f"{site.url}/sittings/{ref}")
    expect(second.locator("#gate-tab")).to_be_visible()
    context.set_offline(True)
    room.choose(page, 2, 1)
    room.choose(page, 3, 1)
    second.click("#take-over")
    expect(second.locator("#gate-tab")).to_be_hidden()
    wait_saved(second)
    room.choose(second, 3, 3)
    wait_saved(second)
    context.set_offline(False)
    expect(page.locator("#gate-tab")).to_be_visible(timeout=15_000)
    assert room.answers(site, ref) == {1: "A", 3: "D"}
    page.click("#take-over")
    expect(page.locator("#gate-tab")).to_be_hidden()
    expect(page.locator("#t-done")).to_have_text("3")
    wait_saved(page)
    assert room.answers(site, ref) == {1: "A", 2: "B", 3: "D"}
    assert room.sitting(site, ref)["epoch"] == 3
    room.choose(second, 4, 0)
    expect(second.locator("#gate-tab")).to_be_visible()
    assert 4 not in room.answers(site, ref)
    other.close()


def test_a_second_window_covers_the_first(site: Site, page: Page, context: BrowserContext) -> None:
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    second = context.new_page()
    second.goto(f"{site.url}/sittings/{ref}")
    expect(page.locator("#gate-tab")).to_be_visible()
    room.choose(second, 2, 0)
    wait_saved(second)
    assert room.answers(site, ref) == {1: "A", 2: "A"}
    page.click("#take-over")
    expect(page.locator("#gate-tab")).to_be_hidden()
    expect(second.locator("#gate-tab")).to_be_visible()
    room.choose(page, 3, 0)
    wait_saved(page)
    assert room.answers(site, ref) == {1: "A", 2: "A", 3: "A"}


@pytest.mark.parametrize("lost", ["the sign-in", "every cookie"])
def test_signing_in_again_in_place_costs_no_answer(site: Site, page: Page, context: BrowserContext, lost: str) -> None:
    ref = room.begin(page, site)
    if lost == "the sign-in":
        room.sign_everybody_out(site)
    else:
        context.clear_cookies()
    room.choose(page, 5, 1)
    dialog = page.locator("#dlg-login")
    expect(dialog).to_be_visible()
    expect(page.locator("#relogin-user")).to_have_value(room.account_of(site, ref))
    assert violations(page) == []
    page.fill("#relogin-pw", "not the password")
    page.click("#relogin button[type=submit]")
    expect(page.locator("#relogin-error")).to_have_text("账号或密码不对。")
    page.fill("#relogin-pw", room.PASSWORD)
    page.click("#relogin button[type=submit]")
    expect(dialog).to_be_hidden()
    wait_saved(page)
    assert room.answers(site, ref) == {5: "B"}
    room.choose(page, 6, 1)
    wait_saved(page)
    assert room.answers(site, ref) == {5: "B", 6: "B"}


def test_handing_in_shows_what_is_open_and_gives_a_receipt(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    room.choose(page, 2, 0)
    page.click("[data-mark]")
    page.click("#to-check")
    page.wait_for_url("**/check")
    main = page.inner_text("main")
    assert "还有 42 题未作答，1 题有标记。" in main
    assert violations(page) == []
    page.locator("a[href$='#q7']").click()
    expect(page.locator("#q7")).to_be_visible()
    page.click("#to-check")
    page.wait_for_url("**/check")
    page.check("#sure")
    page.click("button.btn--danger")
    page.wait_for_url("**/receipt*")
    row = room.sitting(site, ref)
    assert (row["state"], row["closed_by"]) == ("closed", "candidate")
    assert row["receipt"] in page.inner_text("main")
    page.goto(f"{site.url}/sittings/{ref}")
    assert "/receipt" in page.url


TYPING = """() => {
    const area = document.querySelector('#q41 textarea');
    let times = 0;
    const typing = setInterval(() => {
        if (area.disabled) { clearInterval(typing); return; }
        times += 1;
        area.value = sessionStorage.typed = `第 ${times} 次`;
        area.dispatchEvent(new Event('input', {bubbles: true}));
    }, 100);
}"""
"""Somebody types until the page takes nothing more, and remembers the last that was typed."""


def hear(page: Page) -> None:
    """As when the network comes back: the page asks at once how the exam stands."""
    page.evaluate("() => { window.dispatchEvent(new Event('online')); }")


def unsent_at_the_end(site: Site, page: Page, context: BrowserContext, grace: int) -> str:
    """An exam with one answer on the server and one on the device alone, when the time is over without a network."""
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    wait_saved(page)
    page.route("**/sittings/*/answers", lambda route: route.abort())
    room.choose(page, 2, 0)
    expect(page.locator("#save")).to_have_attribute("data-state", "local")
    room.end_in(site, ref, 6, grace=grace)
    hear(page)
    expect(page.locator("#timer")).to_have_attribute("data-level", "last", timeout=15_000)
    context.set_offline(True)
    expect(page.locator("#gate-end")).to_contain_text("答案已锁定并保存在本机", timeout=20_000)
    page.unroute("**/sittings/*/answers")
    return ref


def test_at_the_end_of_the_time_the_last_answers_are_sent_and_it_is_handed_in(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    wait_saved(page)
    room.end_in(site, ref, 8)
    page.evaluate(TYPING)
    hear(page)
    expect(page.locator("#timer")).to_have_attribute("data-level", "last", timeout=15_000)
    page.wait_for_url("**/receipt*", timeout=30_000)
    assert room.sitting(site, ref)["state"] == "closed"
    typed = page.evaluate("() => sessionStorage.typed")
    assert room.answers(site, ref) == {1: "A", 41: typed}


def test_answers_that_come_after_the_end_are_kept_as_late_and_not_counted(
    site: Site, page: Page, context: BrowserContext
) -> None:
    ref = unsent_at_the_end(site, page, context, grace=2)
    gate = page.locator("#gate-end")
    expect(gate).to_contain_text("1 题（第 2 题）")
    expect(page.locator("#end-code")).to_have_text(re.compile(r"^[0-9A-F]{4}-[0-9A-F]{4}$"))
    assert violations(page) == []
    until = time.monotonic() + 10
    while room.sitting(site, ref)["state"] != "closed" and time.monotonic() < until:
        time.sleep(0.2)
    assert room.sitting(site, ref)["closed_by"] == "deadline"
    context.set_offline(False)
    page.click("#end-retry")
    expect(gate).to_contain_text("不计入成绩", timeout=20_000)
    assert room.answers(site, ref) == {1: "A"}
    assert room.sitting(site, ref)["late"] == 1


def test_answers_that_were_on_their_way_at_the_end_count_in_the_grace(
    site: Site, page: Page, context: BrowserContext
) -> None:
    ref = unsent_at_the_end(site, page, context, grace=600)
    page.wait_for_timeout(1500)  # the page stops a second early
    assert room.sitting(site, ref)["state"] == "open"
    context.set_offline(False)
    page.click("#end-retry")
    page.wait_for_url("**/receipt*", timeout=20_000)
    assert room.answers(site, ref) == {1: "A", 2: "A"}
    row = room.sitting(site, ref)
    assert (row["closed_by"], row["late"]) == ("deadline", 0)


def test_extra_time_appears_with_the_next_save(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    room.end_in(site, ref, 100 * 60)
    room.choose(page, 1, 0)
    expect(page.locator("#banner")).to_contain_text("您的考试时间延长了 10 分钟。")
    assert re.fullmatch(r"1:(39:\d\d|40:00)", page.inner_text("#timer-v"))


def test_the_keyboard_works_and_can_be_switched_off(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    page.keyboard.press("b")
    page.keyboard.press("f")
    page.keyboard.press("n")
    page.keyboard.press("3")
    wait_saved(page)
    expect(page.locator("#q2")).to_be_visible()
    assert room.answers(site, ref) == {0: [1], 1: "B", 2: "C"}
    page.keyboard.press("Shift+Slash")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#q2")).to_be_visible()
    assert page.locator("#q3").is_hidden()


def test_without_scripts_the_exam_is_one_long_form(site: Site, browser: Browser) -> None:
    plain = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 1280, "height": 800})
    page = plain.new_page()
    with contextlib.closing(room.database(site)) as link:
        (account,) = link.execute(room._FREE, {"now": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())}).fetchone()
    room.enter(page, site, account)
    page.goto(f"{site.url}/exams")
    page.locator("form[action$='/sitting'] button").first.click()
    page.check("#mine")
    page.check("#accept")
    page.click("#begin")
    ref = page.url.rsplit("/", 1)[1]
    assert page.locator("section.q:visible").count() == 44
    page.locator("#q1 .opt").nth(1).click()
    page.locator("#q21 .opt").nth(0).click()
    page.locator("#q21 .opt").nth(1).click()
    page.fill("#q42 textarea", "一\n二")
    page.fill("#q44 input[name='q44.clause']", "5.2")
    page.click(".plain-end button")
    page.wait_for_url("**/check")
    assert "还有 40 题未作答" in page.inner_text("main")
    assert room.answers(site, ref) == {1: "B", 21: ["A", "B"], 42: "一\n二", 44: {"clause": "5.2"}}
    page.goto(f"{site.url}/sittings/{ref}")
    page.locator("#q21 .opt").nth(0).click()
    page.click(".plain-end button")
    page.wait_for_url("**/check")
    assert room.answers(site, ref)[21] == ["B"]
    page.check("#sure")
    page.click("button.btn--danger")
    page.wait_for_url("**/receipt*")
    assert room.sitting(site, ref)["state"] == "closed"
    plain.close()


def test_neither_page_nor_replies_hold_anything_of_the_key(site: Site, page: Page) -> None:
    said: list[str] = []
    page.on("response", lambda reply: said.append(reply.text()) if "/sittings/" in reply.url and reply.ok else None)
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    wait_saved(page)
    with contextlib.closing(room.database(site)) as link:
        (form,) = link.execute("SELECT form FROM sittings WHERE ref = ?", (ref,)).fetchone()
        contents = {row[0]: row[1] for row in link.execute("SELECT hash, content FROM item_versions")}
    import json

    document = "\n".join([page.content(), *said])
    for row in json.loads(form):
        content = json.loads(contents[row["version"]])
        assert row["version"] not in document and f'"{row["id"]}"' not in document
        hidden = [content["why"]] if content.get("why") else []
        hidden += [option["because"] for option in content.get("options", []) if option.get("because")]
        hidden += [content["model"]] if "model" in content else []
        hidden += [content["key"]["facts"], content["key"]["reason"]] if "key" in content else []
        for text in hidden:
            assert text["zh_CN"] not in document and text["en"] not in document


@pytest.mark.parametrize(
    ("scheme", "width", "language"), [("light", 1280, "zh_CN"), ("dark", 375, "en"), ("light", 320, "zh_CN")]
)
def test_the_exam_page_in_all_its_states_is_accessible(
    site: Site, page: Page, context: BrowserContext, scheme: str, width: int, language: str
) -> None:
    ref = room.begin(page, site)
    page.set_viewport_size({"width": width, "height": 720})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{site.url}/sittings/{ref}?lang={language}")
    wait_saved(page)
    for slot in (1, 21, 31, 41, 43):
        page.evaluate("slot => document.querySelector(`[data-cell='${slot}']`).click()", slot)
        assert violations(page) == [], slot
        assert not scrolls_sideways(page), slot
    if width < 900:
        page.click(".dock [data-open]")
        assert violations(page) == []
        page.click("#palette [data-cell='2']")
    else:
        page.click("#palette [data-cell='2']")
        page.click(".q-acts [data-open='dlg-keys']")
        assert violations(page) == []
        page.keyboard.press("Escape")
    page.locator("#q2 .opt").nth(1).click()
    context.set_offline(True)
    page.locator("#q2 .opt").nth(2).click()
    expect(page.locator("#banner")).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    context.set_offline(False)
    wait_saved(page)
    assert page.__dict__["troubles"] == []


def _own_browser(driver: Playwright, folder: Path) -> BrowserContext:
    """A browser with a profile on disk, as a candidate's own."""
    for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
        (folder / name).unlink(missing_ok=True)
    return driver.chromium.launch_persistent_context(
        folder, executable_path=CHROMIUM, args=FLAGS, locale="zh-CN", viewport={"width": 1280, "height": 800}
    )


def _kill_browser(folder: Path) -> None:
    """kill -9 of this profile's browser and all its children."""
    found = subprocess.run(["pgrep", "-f", f"user-data-dir={folder}"], capture_output=True, text=True, check=True)
    for pid in found.stdout.split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
