"""What the exam page offers beside answering: marks of one's own, reading, reports, news, and what it notices."""

from __future__ import annotations

import json
import secrets
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import room
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.site import Site


def wait_saved(page: Page) -> None:
    expect(page.locator("#save")).to_have_attribute("data-state", "saved", timeout=15_000)


def change(site: Site, statement: str, *values: Any) -> None:
    with closing(room.database(site)) as link, link:
        link.execute(statement, values)


def found(site: Site, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(room.database(site)) as link:
        return link.execute(query, values).fetchall()


def wait_for(site: Site, query: str, wanted: list[tuple[Any, ...]], *values: Any) -> None:
    until = time.monotonic() + 15
    while found(site, query, *values) != wanted and time.monotonic() < until:
        time.sleep(0.1)
    assert found(site, query, *values) == wanted


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def pulse(page: Page) -> None:
    """As when the network comes back: the page tells and asks at once."""
    page.evaluate("() => { window.dispatchEvent(new Event('online')); }")


def hide(page: Page, seconds: int) -> None:
    """The page is out of sight for so long by its own clock, which has been installed."""
    away = """yes => {
        Object.defineProperty(document, 'hidden', {value: yes, configurable: true});
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    page.evaluate(away, True)
    page.clock.fast_forward(seconds * 1000)
    page.evaluate(away, False)


def test_own_marks_survive_a_reload_and_change_no_answer(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    page.keyboard.press("Shift+b")
    page.locator("#q1 .strike").nth(3).click()
    page.locator("[data-note]").click()
    page.fill("#note", "再看一遍 A")
    wait_saved(page)
    page.reload()
    wait_saved(page)
    assert room.answers(site, ref) == {-1: {"note": "再看一遍 A", "struck": ["B", "D"]}, 1: "A"}
    expect(page.locator("#q1 .opt-row--struck")).to_have_count(2)
    expect(page.locator("#note")).to_have_value("再看一遍 A")
    expect(page.locator("#q1 .strike").nth(1)).to_have_attribute("aria-pressed", "true")
    page.locator("#q1 .opt").nth(1).click()
    expect(page.locator("#q1 .opt-row--struck")).to_have_count(1)
    wait_saved(page)
    assert room.answers(site, ref)[1] == "B"


def test_own_marks_come_along_to_another_device_and_no_member_of_staff_sees_them(
    site: Site, page: Page, browser: Browser
) -> None:
    ref = room.begin(page, site)
    secret = "这句话只写给自己看"
    page.keyboard.press("Shift+b")
    page.locator("#palette [data-cell='41']").click()
    page.fill("#q41 textarea", "这句话写给阅卷人看")
    page.locator("[data-note]").click()
    page.fill("#note", secret)
    wait_saved(page)
    other = browser.new_context(locale="zh-CN", viewport={"width": 375, "height": 800})
    second = other.new_page()
    room.enter(second, site, room.account_of(site, ref))
    second.goto(f"{site.url}/sittings/{ref}")
    second.click("#take-over")
    expect(second.locator("#gate-tab")).to_be_hidden()
    wait_saved(second)
    expect(second.locator("#q1 .opt-row--struck")).to_have_count(1)
    second.evaluate("() => document.querySelector(`[data-cell='41']`).click()")
    expect(second.locator("#note")).to_have_value(secret)
    expect(second.locator("#note-hint")).to_contain_text("只有您自己能看到")
    second.click("#to-check")
    second.wait_for_url("**/check")
    second.check("#sure")
    second.click("button.btn--danger")
    second.wait_for_url("**/receipt*")
    other.close()
    scripts = "SELECT k.ref FROM scripts k JOIN sittings s ON s.id = k.sitting_id WHERE s.ref = ? ORDER BY k.slot"
    query = scripts.replace("k.ref", "count(*)").split(" ORDER")[0]
    wait_for(site, query, [(1,)], ref)
    seen = ""
    for account, addresses in (
        ("jiankao", [f"/exam-sessions/sittings/{ref}/seat", f"/exam-sessions/sittings/{ref}/uncounted"]),
        ("yuejuan", [f"/marking/scripts/{one}" for (one,) in found(site, scripts, ref)]),
    ):
        staff = browser.new_context(locale="zh-CN")
        desk = staff.new_page()
        room.enter(desk, site, account)
        for address in addresses:
            reply = desk.goto(f"{site.url}{address}")
            assert reply is not None and reply.status == 200, address
            seen += desk.content()
        staff.close()
    assert "这句话写给阅卷人看" in seen and secret not in seen


@pytest.mark.long
def test_a_clause_is_chosen_with_a_finger_on_a_phone(site: Site, browser: Browser) -> None:
    phone = browser.new_context(
        locale="zh-CN", viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    page = phone.new_page()
    ref = room.begin(page, site)
    page.locator(".dock [data-open]").tap()
    page.locator("#palette [data-cell='43']").tap()
    page.locator("#q43 .pick").tap()
    page.fill("#clause-find", "知识产权")
    page.locator("#clause-list li", has_text="4.4").tap()
    expect(page.locator("#dlg-clause")).to_be_hidden()
    expect(page.locator("#q43 .pick")).to_contain_text("4.4")
    wait_saved(page)
    assert room.answers(site, ref) == {43: {"clause": "4.4"}}
    assert not scrolls_sideways(page)
    phone.close()


@pytest.mark.long
def test_a_phone_may_be_away_for_longer_before_it_is_noted(site: Site, browser: Browser) -> None:
    phone = browser.new_context(locale="zh-CN", viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True)
    page = phone.new_page()
    ref = room.begin(page, site)
    change(site, "UPDATE exam_sessions SET leave_seconds = 60, leave_seconds_phone = 600")
    page.clock.install()
    page.reload()
    wait_saved(page)
    hide(page, 300)
    expect(page.locator("#banner")).to_be_hidden()
    hide(page, 700)
    expect(page.locator("#banner")).to_contain_text("离开考试页面")
    query = "SELECT kind, ms >= 700000 FROM sitting_events e JOIN sittings s ON s.id = e.sitting_id WHERE s.ref = ?"
    wait_for(site, query, [("left", 1)], ref)
    phone.close()


def test_a_clause_is_found_by_its_number_with_the_keyboard_alone(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    page.locator("#palette [data-cell='43']").click()
    page.locator("#q43 .pick").press("Enter")
    expect(page.locator("#clause-find")).to_be_focused()
    page.keyboard.type("5.2")
    page.keyboard.press("Enter")
    expect(page.locator("#q43 .pick")).to_be_focused()
    expect(page.locator("#q43 .pick")).to_contain_text("5.2")
    wait_saved(page)
    assert room.answers(site, ref) == {43: {"clause": "5.2"}}
    page.locator("#q43 .pick").click()
    page.locator("#clause-list li").first.click()
    wait_saved(page)
    assert room.answers(site, ref) == {43: None}


def open_book(site: Site, ref: str) -> None:
    """As if the specification allowed materials, with one in the session; in this site's database alone."""
    (session, base, specification) = found(
        site,
        "SELECT x.id, x.base_id, x.specification_hash FROM exam_sessions x JOIN sittings s ON s.session_id = x.id"
        " WHERE s.ref = ?",
        ref,
    )[0]
    (content,) = found(site, "SELECT content FROM specification_versions WHERE hash = ?", specification)[0]
    changed = json.dumps({**json.loads(content), "books": "clean-standard"}, ensure_ascii=False)
    change(site, "UPDATE specification_versions SET content = ? WHERE hash = ?", changed, specification)
    text = "## 第一章\n\n合同评审由法务负责。\n\n" + "权属在合同中写明。\n\n" * 30
    change(
        site,
        "INSERT INTO session_materials (base_id, session_id, no, title_zh, title_en, body_zh, body_en, by_id, at)"
        " VALUES (?, ?, 1, '合同管理制度', 'Rules', ?, ?, 1, ?)",
        base, session, text, text, now(),
    )  # fmt: skip


@pytest.mark.parametrize("width", [1280, 375])
def test_materials_are_read_and_searched_beside_the_question(site: Site, page: Page, width: int) -> None:
    ref = room.begin(page, site)
    if not found(site, "SELECT 1 FROM session_materials"):
        open_book(site, ref)
        site.stop()  # what a hash names is kept in the process
        site.start()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site.url}/sittings/{ref}")
    page.locator("[data-read]").click()
    expect(page.locator("#reading-body")).to_contain_text("合同评审由法务负责。")
    page.fill("#reading-find", "合同")
    expect(page.locator("#reading-n")).to_contain_text("共 31 处")
    page.keyboard.press("Enter")
    expect(page.locator("#reading-n")).to_contain_text("第 2 处")
    page.evaluate(AXE)
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.locator("#reading-tabs button").nth(1).click()
    expect(page.locator("#reading-body .clause-tree li").first).to_be_visible()
    page.click("#reading-close")
    expect(page.locator("#reading")).to_be_hidden()


DOCUMENT = {
    "title": {"zh_CN": "合同评审记录", "en": "Contract review record"},
    "text": {"zh_CN": "第 7 条没有约定权属。\n第 9 条写明保密。", "en": "Clause 7 says nothing of ownership."},
}


def add_document(site: Site) -> None:
    """As if every case of the bank had a document; in this site's database alone."""
    for hash, content in found(site, "SELECT hash, content FROM item_versions"):
        item = json.loads(content)
        if item["kind"] == "case":
            changed = json.dumps({**item, "documents": [DOCUMENT]}, ensure_ascii=False)
            change(site, "UPDATE item_versions SET content = ? WHERE hash = ?", changed, hash)
    site.stop()  # what a hash names is kept in the process
    site.start()


def test_a_document_stands_beside_its_question_alone(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    add_document(site)
    page.goto(f"{site.url}/sittings/{ref}")
    wait_saved(page)
    page.locator("#palette [data-cell='43']").click()
    body = page.locator("#reading-body")
    expect(body).to_contain_text("第 9 条写明保密。")
    page.fill("#reading-find", "保密")
    expect(page.locator("#reading-n")).to_contain_text("共 1 处")
    page.fill("#q43 textarea[name='q43.facts']", "第 7 条没有约定权属")
    page.evaluate(AXE)
    assert violations(page) == []
    page.click("[data-prev]")
    expect(body.get_by_text("第 9 条写明保密。")).to_have_count(0)
    if page.locator("#reading").is_visible():  # the session has materials by another test
        page.click("#reading-close")
    page.set_viewport_size({"width": 375, "height": 800})
    page.evaluate("() => document.querySelector(`[data-cell='43']`).click()")
    expect(page.locator("#reading")).to_be_hidden()
    page.locator("[data-read]").click()
    expect(page.locator("#dlg-read #reading-body")).to_contain_text("第 9 条写明保密。")
    page.evaluate(AXE)
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.click("#reading-close")
    wait_saved(page)
    assert room.answers(site, ref) == {43: {"facts": "第 7 条没有约定权属"}}


def test_a_report_that_is_written_without_the_network_arrives_once(
    site: Site, page: Page, context: BrowserContext
) -> None:
    ref = room.begin(page, site)
    query = "SELECT slot, body FROM question_reports r JOIN sittings s ON s.id = r.sitting_id WHERE s.ref = ?"
    context.set_offline(True)
    page.locator("#palette [data-cell='3']").click()
    page.click("[data-open='dlg-report']")
    page.fill("#report-text", "选项 B 和 D 相同")
    page.click("#report-form button[type=submit]")
    expect(page.locator("#dlg-report")).to_be_hidden()
    room.choose(page, 3, 0)
    assert found(site, query, ref) == []
    context.set_offline(False)
    wait_for(site, query, [(3, "选项 B 和 D 相同")], ref)
    page.reload()
    wait_saved(page)
    assert found(site, query, ref) == [(3, "选项 B 和 D 相同")]


def test_announcements_and_extra_time_come_without_a_reload(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    wait_saved(page)
    change(
        site,
        "INSERT INTO announcements (base_id, session_id, no, room, body, by_id, at)"
        " SELECT base_id, session_id, 1 + (SELECT count(*) FROM announcements), '', '第 5 题的图看不清也没关系。', 1, ?"
        " FROM sittings WHERE ref = ?",
        now(), ref,
    )  # fmt: skip
    room.end_in(site, ref, 100 * 60)
    pulse(page)
    expect(page.locator("#news")).to_contain_text("第 5 题的图看不清也没关系。", timeout=15_000)
    expect(page.locator("#announce-now")).to_contain_text("第 5 题的图看不清也没关系。")
    expect(page.locator("#timer-v")).to_contain_text("1:")
    page.reload()
    wait_saved(page)
    expect(page.locator("#news")).to_contain_text("第 5 题", timeout=15_000)
    page.locator("#news button").first.click()
    expect(page.locator("#news")).to_be_hidden()
    page.reload()
    wait_saved(page)
    pulse(page)
    page.wait_for_timeout(3000)
    expect(page.locator("#news")).to_be_hidden()


def test_a_locked_exam_goes_on_when_it_is_unlocked(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    wait_saved(page)
    change(site, "UPDATE sittings SET locked = 'left' WHERE ref = ?", ref)
    pulse(page)
    expect(page.locator("#gate-locked")).to_be_visible(timeout=15_000)
    page.evaluate(AXE)
    assert violations(page) == []
    change(site, "UPDATE sittings SET locked = NULL WHERE ref = ?", ref)
    pulse(page)
    expect(page.locator("#gate-locked")).to_be_hidden(timeout=15_000)
    room.choose(page, 2, 0)
    wait_saved(page)
    assert room.answers(site, ref) == {2: "A"}


def test_what_is_noticed_is_told_to_the_candidate_and_kept_once(
    site: Site, page: Page, context: BrowserContext
) -> None:
    ref = room.begin(page, site)
    change(site, "UPDATE exam_sessions SET leave_seconds = 60")
    page.clock.install()
    page.reload()
    wait_saved(page)
    query = "SELECT kind FROM sitting_events e JOIN sittings s ON s.id = e.sitting_id WHERE s.ref = ? ORDER BY e.id"
    hide(page, 10)
    hide(page, 70)
    expect(page.locator("#banner")).to_contain_text("离开考试页面")
    wait_for(site, query, [("left",)], ref)
    hide(page, 70)
    expect(page.locator("#banner")).to_contain_text("已记录（第 2 次）")
    wait_for(site, query, [("left",), ("left",)], ref)
    page.locator("#palette [data-cell='41']").click()
    paste = """text => {
        const data = new DataTransfer();
        data.setData('text', text);
        const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true});
        document.querySelector('#q41 textarea').dispatchEvent(event);
    }"""
    page.evaluate(paste, "别处的文字")
    expect(page.locator("#banner")).to_contain_text("粘贴")
    wait_for(site, query, [("left",), ("left",), ("paste",)], ref)
    page.reload()
    wait_saved(page)
    pulse(page)
    page.wait_for_timeout(2000)
    assert found(site, query, ref) == [("left",), ("left",), ("paste",)]


@pytest.mark.long
def test_a_second_window_is_told_to_staff_by_the_window_that_must_wait(
    site: Site, page: Page, context: BrowserContext
) -> None:
    ref = room.begin(page, site)
    second = context.new_page()
    second.goto(f"{site.url}/sittings/{ref}")
    expect(page.locator("#gate-tab")).to_be_visible()
    query = "SELECT kind FROM sitting_events e JOIN sittings s ON s.id = e.sitting_id WHERE s.ref = ?"
    wait_for(site, query, [("second-window",)], ref)
    page.close()
    room.choose(second, 1, 0)
    wait_saved(second)
    assert room.answers(site, ref) == {1: "A"}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (375, "light")])
@pytest.mark.long
def test_what_staff_ask_and_how_staff_end_an_exam_is_accessible(
    site: Site, page: Page, context: BrowserContext, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    ref = room.begin(page, site)
    change(
        site,
        "INSERT INTO incidents (ref, session_id, sitting_id, kind, source, body, by_id, at, base_id)"
        " SELECT ?, session_id, id, 'device', 'staff', '桌上有一部手机。', 1, ?, base_id FROM sittings WHERE ref = ?",
        secrets.token_hex(16), now(), ref,
    )  # fmt: skip
    pulse(page)
    news = page.locator("#news", has_text="桌上有一部手机。")
    expect(news).to_be_visible(timeout=15_000)
    news.locator("button").last.click()
    expect(page.locator("#ask-text")).to_be_focused()
    page.evaluate(AXE)
    assert violations(page) == []
    page.fill("#ask-text", "手机已关机。")
    context.set_offline(True)
    page.click("#ask-form button[type=submit]")
    expect(page.locator("#ask-error")).to_be_visible()
    assert violations(page) == []
    context.set_offline(False)
    page.click("#ask-form button[type=submit]")
    expect(page.locator("#dlg-ask")).to_be_hidden()
    query = "SELECT reply FROM incidents i JOIN sittings s ON s.id = i.sitting_id WHERE s.ref = ?"
    assert found(site, query, ref) == [("手机已关机。",)]
    change(
        site,
        "UPDATE sittings SET state = 'closed', closed_by = 'staff', closed_reason = '身体不适', closed_at = ? WHERE ref = ?",
        now(), ref,
    )  # fmt: skip
    pulse(page)
    expect(page.locator("#gate-closed")).to_contain_text("身体不适", timeout=15_000)
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_letters_are_as_large_as_the_sitting_says(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    change(site, "UPDATE sittings SET font = 150 WHERE ref = ?", ref)
    page.reload()
    wait_saved(page)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    page.set_viewport_size({"width": 375, "height": 800})
    assert not scrolls_sideways(page)


def test_a_form_token_that_is_worth_nothing_costs_no_answer(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    page.evaluate("document.querySelector('meta[name=\"csrf-token\"]').content = 'worn-out'")
    room.choose(page, 1, 1)
    wait_saved(page)
    assert room.answers(site, ref) == {1: "B"}


@pytest.mark.parametrize("wait", [False, pytest.param(True, marks=pytest.mark.long)], ids=["by its clock", "really"])
def test_ten_minutes_without_the_network_lose_nothing(site: Site, browser: Browser, wait: bool) -> None:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    ref = room.begin(page, site)
    if not wait:
        page.clock.install()
        page.reload()
        wait_saved(page)
    context.set_offline(True)
    for slot in range(1, 21):
        room.choose(page, slot, slot % 4)
        if wait:
            time.sleep(30)
        else:
            page.clock.fast_forward(30_000)
    expect(page.locator("#save-text")).to_contain_text("未上传 20 题")
    assert room.answers(site, ref) == {}
    context.set_offline(False)
    wait_saved(page)
    assert room.answers(site, ref) == {slot: "ABCD"[slot % 4] for slot in range(1, 21)}
    context.close()
