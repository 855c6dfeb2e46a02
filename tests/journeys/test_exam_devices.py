"""The exam page on devices that store nothing, with two devices, and with an answer that is refused."""

from __future__ import annotations

import contextlib
import re
import time

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import room
from tests.journeys.site import Site


def wait_saved(page: Page) -> None:
    expect(page.locator("#save")).to_have_attribute("data-state", "saved", timeout=15_000)


NO_STORE = "Object.defineProperty(window, 'indexedDB', {value: {open() { throw new Error('none'); }}});"
NOTHING_KEPT = (
    NO_STORE
    + "for (const name of ['localStorage', 'sessionStorage'])"
    + " Object.defineProperty(window, name, {get() { throw new Error('none'); }});"
)
HANGING = "Object.defineProperty(window, 'indexedDB', {value: {open() { return {}; }}});"


def wait_for_answers(site: Site, ref: str, wanted: dict[int, object], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while room.answers(site, ref) != wanted and time.monotonic() < until:
        time.sleep(0.1)
    assert room.answers(site, ref) == wanted


def test_without_indexed_db_a_reload_is_the_same_device(site: Site, page: Page, context: BrowserContext) -> None:
    context.add_init_script(NO_STORE)
    ref = _begin_without_store(page, site)
    room.choose(page, 1, 1)
    wait_for_answers(site, ref, {1: "B"})
    for _ in range(2):
        page.reload()
        room.choose(page, 2, 1)
        wait_for_answers(site, ref, {1: "B", 2: "B"})
        assert page.locator("dialog[open]").count() == 0
    assert room.sitting(site, ref)["epoch"] == 1


def test_without_any_storage_taking_over_works_once_and_keeps_what_is_unsent(
    site: Site, page: Page, context: BrowserContext, browser: Browser
) -> None:
    context.add_init_script(NOTHING_KEPT)
    ref = _begin_without_store(page, site)
    room.choose(page, 1, 0)
    wait_for_answers(site, ref, {1: "A"})
    page.reload()
    expect(page.locator("#gate-tab")).to_be_visible()
    page.click("#take-over")
    expect(page.locator("#gate-tab")).to_be_hidden()
    room.choose(page, 2, 1)
    wait_for_answers(site, ref, {1: "A", 2: "B"})
    context.set_offline(True)
    room.choose(page, 3, 2)
    other = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    second = other.new_page()
    room.enter(second, site, room.account_of(site, ref))
    second.goto(f"{site.url}/sittings/{ref}")
    second.click("#take-over")
    expect(second.locator("#gate-tab")).to_be_hidden()
    room.choose(second, 21, 1)
    room.choose(second, 1, 3)
    wait_saved(second)
    context.set_offline(False)
    expect(page.locator("#gate-tab")).to_be_visible(timeout=15_000)
    page.click("#take-over")
    expect(page.locator("#gate-tab")).to_be_hidden()
    wait_for_answers(site, ref, {1: "D", 2: "B", 3: "C", 21: ["B"]})
    expect(page.locator("#t-done")).to_have_text("4")
    assert page.locator("#q1 input:checked").evaluate_all("all => all.map(one => one.value)") == ["D"]
    assert page.locator("#q21 input:checked").evaluate_all("all => all.map(one => one.value)") == ["B"]
    other.close()


def test_a_database_on_the_device_that_never_opens_holds_nothing_up(
    site: Site, page: Page, context: BrowserContext
) -> None:
    context.add_init_script(HANGING)
    ref = _begin_without_store(page, site)
    room.choose(page, 1, 1)
    page.click("#to-check")
    page.wait_for_url("**/check")
    assert room.answers(site, ref) == {1: "B"}


def test_extra_time_that_was_given_while_the_network_was_away_opens_the_exam_again(
    site: Site, page: Page, context: BrowserContext
) -> None:
    ref = room.begin(page, site)
    room.end_in(site, ref, 9)
    room.choose(page, 1, 1)
    wait_saved(page)
    context.set_offline(True)
    room.choose(page, 2, 1)
    room.end_in(site, ref, 15 * 60)
    gate = page.locator("#gate-end")
    expect(gate).to_be_visible(timeout=15_000)
    context.set_offline(False)
    page.click("#end-retry")
    expect(gate).to_be_hidden(timeout=15_000)
    room.choose(page, 3, 1)
    wait_for_answers(site, ref, {1: "B", 2: "B", 3: "B"})
    time.sleep(9)
    assert room.sitting(site, ref)["state"] == "open"
    assert re.fullmatch(r"1[34]:\d\d", page.inner_text("#timer-v"))


def test_an_answer_that_the_server_cannot_take_holds_up_no_other(site: Site, page: Page) -> None:
    ref = room.begin(page, site)
    too_long = """() => {
        const area = document.querySelector('#q41 textarea');
        area.value = 'a'.repeat(5000);
        area.dispatchEvent(new Event('input', {bubbles: true}));
        const half = document.querySelector('#q42 textarea');
        half.value = 'half \ud83d';
        half.dispatchEvent(new Event('input', {bubbles: true}));
    }"""
    page.evaluate(too_long)
    room.choose(page, 1, 1)
    room.choose(page, 2, 1)
    wait_for_answers(site, ref, {1: "B", 2: "B", 42: "half"})
    expect(page.locator("#banner")).to_contain_text("第 41 题")
    expect(page.locator("#save")).to_have_attribute("data-state", "error")
    page.reload()
    expect(page.locator("#banner")).to_contain_text("第 41 题")
    assert len(page.input_value("#q41 textarea")) == 5000
    page.locator("#palette [data-cell='41']").click()
    page.fill("#q41 textarea", "短")
    wait_for_answers(site, ref, {1: "B", 2: "B", 41: "短", 42: "half"})
    wait_saved(page)
    expect(page.locator("#banner")).to_be_hidden()
    page.reload()
    wait_saved(page)
    assert page.input_value("#q41 textarea") == "短"


def test_what_is_found_on_a_device_waits_for_the_pen_before_it_counts_as_new(
    site: Site, page: Page, context: BrowserContext, browser: Browser
) -> None:
    """The first device has an old answer, looks in while the second writes, and takes over after the second's answer."""
    ref = room.begin(page, site)
    other = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    second = other.new_page()
    room.enter(second, site, room.account_of(site, ref))
    second.goto(f"{site.url}/sittings/{ref}")
    context.set_offline(True)
    room.choose(page, 4, 1)
    room.choose(page, 3, 1)
    second.click("#take-over")
    expect(second.locator("#gate-tab")).to_be_hidden()
    wait_saved(second)
    page.on("dialog", lambda dialog: dialog.accept())
    context.set_offline(False)
    page.reload()
    expect(page.locator("#gate-tab")).to_be_visible(timeout=15_000)
    room.choose(second, 3, 3)
    wait_saved(second)
    page.click("#take-over")
    expect(page.locator("#gate-tab")).to_be_hidden()
    wait_saved(page)
    assert room.answers(site, ref) == {3: "D", 4: "B"}
    assert page.locator("#q3 input:checked").evaluate_all("all => all.map(one => one.value)") == ["D"]
    other.close()


def _begin_without_store(page: Page, site: Site) -> str:
    """As room.begin, on a device that keeps nothing: the page never says that it is saved here."""
    with contextlib.closing(room.database(site)) as link:
        (account,) = link.execute(room._FREE, {"now": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())}).fetchone()
    room.enter(page, site, account)
    page.goto(f"{site.url}/exams")
    page.locator("form[action$='/sitting'] button").first.click()
    page.check("#mine")
    page.check("#accept")
    page.click("#begin")
    page.wait_for_url(re.compile(r"/sittings/[0-9a-f]{32}"))
    return page.url.split("#")[0].rsplit("/", 1)[1]
