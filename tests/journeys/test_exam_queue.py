"""The queue of unsent answers in a real browser: reload, a weak network, a slow device, and an exam of many hours."""

from __future__ import annotations

import json
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from playwright.sync_api import BrowserContext, Page, Response, Route, expect

from tests.journeys import room
from tests.journeys.looks import AXE, violations
from tests.journeys.site import Site

HOUR = 3600
SAVE = "**/sittings/*/answers"


def wait_saved(page: Page) -> None:
    expect(page.locator("#save")).to_have_attribute("data-state", "saved", timeout=15_000)


def send_now(page: Page) -> None:
    """As when the network comes back: what is unsent is sent at once."""
    page.evaluate("() => { window.dispatchEvent(new Event('online')); }")


NO_WAY = """
const really = window.fetch;
window.fetch = (to, how) => (sessionStorage.away && /answers$/.test(to) ? Promise.reject(new TypeError('away')) : really(to, how));
"""
"""Answers do not get through while it is said so in this tab; a route would not hold up what a leaving page sends."""


def away(page: Page, yes: bool) -> None:
    page.evaluate("yes => { if (yes) sessionStorage.away = 'yes'; else delete sessionStorage.away; }", yes)


def leave_anyway(page: Page) -> None:
    """Go on when the browser asks whether to leave a page with something unsent."""
    page.on("dialog", lambda dialog: dialog.accept())


def test_a_reload_finds_every_unsent_answer_on_the_device(site: Site, page: Page) -> None:
    page.add_init_script(NO_WAY)
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    wait_saved(page)
    away(page, True)
    room.choose(page, 2, 1)
    room.choose(page, 21, 0)
    room.choose(page, 21, 1)
    expect(page.locator("#save")).to_have_attribute("data-state", "local")
    page.locator("#palette [data-cell='41']").click()
    page.fill("#q41 textarea", "刚打完字就刷新")
    leave_anyway(page)
    for _ in range(2):
        page.reload()
        expect(page.locator("#t-done")).to_have_text("4")
        expect(page.locator("#save-text")).to_have_text("未上传 3 题")
        assert page.locator("#q21 input:checked").evaluate_all("all => all.map(one => one.value)") == ["A", "B"]
        assert page.input_value("#q41 textarea") == "刚打完字就刷新"
    assert room.answers(site, ref) == {1: "A"}
    away(page, False)
    send_now(page)
    wait_saved(page)
    assert room.answers(site, ref) == {1: "A", 2: "B", 21: ["A", "B"], 41: "刚打完字就刷新"}
    page.reload()
    wait_saved(page)
    expect(page.locator("#t-done")).to_have_text("4")


def test_hours_without_the_network_go_out_at_once_even_when_the_sign_in_is_over(
    site: Site, page: Page, context: BrowserContext
) -> None:
    """Answers that changed again and again, and flags: asked to sign in again in place, then one request takes all."""
    ref = room.begin(page, site)
    wait_saved(page)
    context.set_offline(True)
    for slot in range(1, 21):
        room.choose(page, slot, 0)
        room.choose(page, slot, slot % 4)
    page.click("[data-mark]")
    expect(page.locator("#save-text")).to_have_text("未上传 20 题")
    sizes: list[int] = []
    page.on("response", lambda reply: sizes.append(_size(reply.request.post_data)) if _taken(reply) else None)
    room.sign_everybody_out(site)
    context.set_offline(False)
    expect(page.locator("#dlg-login")).to_be_visible()
    expect(page.locator("#relogin-n")).to_have_text("20")
    page.fill("#relogin-pw", room.PASSWORD)
    page.click("#relogin button[type=submit]")
    expect(page.locator("#dlg-login")).to_be_hidden()
    wait_saved(page)
    assert sizes == [21]
    expected: dict[int, Any] = {slot: "ABCD"[slot % 4] for slot in range(1, 21)}
    assert room.answers(site, ref) == {0: [20], **expected}


def test_a_network_that_carries_little_at_a_time_is_enough(site: Site, page: Page, context: BrowserContext) -> None:
    ref = room.begin(page, site)
    page.clock.install()
    page.reload()
    wait_saved(page)
    context.set_offline(True)
    for slot in range(1, 21):
        room.choose(page, slot, slot % 4)
    sizes: list[int] = []
    hanging: list[Route] = []

    def weak(route: Route) -> None:
        sizes.append(_size(route.request.post_data))
        if sizes[-1] <= 5:
            route.continue_()
        else:
            hanging.append(route)  # what is longer hangs until the page gives it up

    page.route(SAVE, weak)
    context.set_offline(False)
    for _ in range(60):
        if page.locator("#save").get_attribute("data-state") == "saved":
            break
        page.clock.fast_forward(8000)
        page.wait_for_timeout(150)
    assert room.answers(site, ref) == {slot: "ABCD"[slot % 4] for slot in range(1, 21)}
    assert sizes[:3] == [20, 10, 5]
    for route in hanging:
        route.abort()


SLOW_STORE = """
const open = IDBFactory.prototype.open;
window.waiting = [];
if (sessionStorage.slow) IDBFactory.prototype.open = function (...args) {
  const held = {};
  window.waiting.push(() => {
    const request = open.apply(this, args);
    request.onsuccess = () => { held.result = request.result; held.onsuccess(); };
  });
  return held;
};
"""


def test_a_store_that_opens_late_still_gives_back_what_it_holds(
    site: Site, page: Page, context: BrowserContext
) -> None:
    context.add_init_script(SLOW_STORE)
    context.add_init_script(NO_WAY)
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    wait_saved(page)
    away(page, True)
    room.choose(page, 2, 1)
    room.choose(page, 3, 1)
    expect(page.locator("#save")).to_have_attribute("data-state", "local")
    page.evaluate("() => { sessionStorage.slow = 'yes'; }")
    leave_anyway(page)
    page.reload()
    expect(page.locator("#save")).to_have_attribute("data-state", "error")  # this device keeps nothing, it says
    expect(page.locator("#t-done")).to_have_text("1")
    room.choose(page, 3, 3)
    away(page, False)
    send_now(page)
    _wait_for_answers(site, ref, {1: "A", 3: "D"})
    page.evaluate("() => window.waiting.forEach((go) => go())")
    _wait_for_answers(site, ref, {1: "A", 2: "B", 3: "D"})
    expect(page.locator("#t-done")).to_have_text("3")
    assert page.locator("#q3 input:checked").evaluate_all("all => all.map(one => one.value)") == ["D"]
    wait_saved(page)
    page.evaluate("() => { delete sessionStorage.slow; }")
    page.reload()
    wait_saved(page)
    assert room.answers(site, ref) == {1: "A", 2: "B", 3: "D"}


def test_hours_into_an_exam_its_form_tokens_still_save_and_hand_in(site: Site, page: Page) -> None:
    """Three hours by the browser's clock; the sign-in, the sitting and the form tokens are as old for the server."""
    ref = room.begin(page, site)
    page.clock.install()
    page.reload()
    wait_saved(page)
    room.end_in(site, ref, 5 * HOUR)
    room.choose(page, 1, 0)
    wait_saved(page)
    page.clock.fast_forward(3 * HOUR * 1000)
    room.end_in(site, ref, 2 * HOUR)
    _age(site, ref, hours=3)
    page.evaluate("text => { document.querySelector('meta[name=csrf-token]').content = text; }", _aged(site, page, 3))
    refused: list[tuple[str, int]] = []
    page.on("response", lambda reply: refused.append((reply.url, reply.status)) if reply.status >= 400 else None)
    room.choose(page, 2, 1)
    wait_saved(page)
    assert room.answers(site, ref) == {1: "A", 2: "B"}
    page.click("#to-check")
    page.wait_for_url("**/check")
    fields = "text => document.querySelectorAll('meta[name=csrf-token], [name=csrf_token]').forEach((one) => {"
    page.evaluate(fields + " one.content = one.value = text; })", _aged(site, page, 3))
    page.check("#sure")
    page.click("button.btn--danger")
    page.wait_for_url("**/receipt*")
    assert room.sitting(site, ref)["closed_by"] == "candidate"
    assert refused == []


def test_handing_in_without_the_network_says_so_and_waits(site: Site, page: Page, context: BrowserContext) -> None:
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    page.click("#to-check")
    page.wait_for_url("**/check")
    context.set_offline(True)
    page.check("#sure")
    page.click("button.btn--danger")
    expect(page.locator("#away")).to_contain_text("尚未交卷")
    page.evaluate(AXE)
    assert violations(page) == []
    assert room.sitting(site, ref)["state"] == "open"
    context.set_offline(False)
    page.click("button.btn--danger")
    page.wait_for_url("**/receipt*")
    assert room.answers(site, ref) == {1: "A"}


def test_the_end_of_the_time_on_the_check_page_waits_for_the_network(
    site: Site, page: Page, context: BrowserContext
) -> None:
    ref = room.begin(page, site)
    room.choose(page, 1, 0)
    wait_saved(page)
    room.end_in(site, ref, 8, grace=1)
    page.goto(f"{site.url}/sittings/{ref}/check")
    context.set_offline(True)
    expect(page.locator("#timer-v")).to_have_text("00:00", timeout=15_000)
    expect(page.locator("h1")).to_have_text("交卷前检查")
    context.set_offline(False)
    page.wait_for_url("**/receipt*", timeout=20_000)
    _wait_closed(site, ref)
    assert room.answers(site, ref) == {1: "A"}


def _taken(reply: Response) -> bool:
    return reply.ok and reply.url.endswith("/answers") and _size(reply.request.post_data) > 0


def _size(body: str | None) -> int:
    return len(json.loads(body or "{}")["entries"])


def _wait_for_answers(site: Site, ref: str, wanted: dict[int, Any]) -> None:
    until = time.monotonic() + 15
    while room.answers(site, ref) != wanted and time.monotonic() < until:
        time.sleep(0.1)
    assert room.answers(site, ref) == wanted


def _wait_closed(site: Site, ref: str) -> None:
    until = time.monotonic() + 20
    while room.sitting(site, ref)["state"] != "closed" and time.monotonic() < until:
        time.sleep(0.2)
    assert room.sitting(site, ref)["closed_by"] == "deadline"


def _age(site: Site, ref: str, hours: int) -> None:
    """Let the sitting and the sign-in have begun so many hours earlier."""
    earlier = (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(room.database(site)) as link, link:
        link.execute("UPDATE sittings SET started_at = ? WHERE ref = ?", (earlier, ref))
        link.execute("UPDATE sign_ins SET created_at = ?, seen_at = ?", (earlier, earlier))


def _aged(site: Site, page: Page, hours: int) -> str:
    """The page's form token as it would be if the site had made it so many hours ago."""
    key = json.loads((site.instance / "secrets.json").read_text())["secret_key"]

    class Earlier(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - hours * HOUR

    fresh = page.locator("meta[name=csrf-token]").get_attribute("content")
    value = URLSafeTimedSerializer(key, salt="wtf-csrf-token").loads(fresh or "")
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token", signer=Earlier).dumps(value))
