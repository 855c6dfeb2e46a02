"""A quiz on bad days: the network gone, the browser closed, the sign-in ended, and not one tick lost."""

from __future__ import annotations

import json
from contextlib import closing

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import room
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.people import sign_in
from tests.journeys.site import Site

QUIZ = "/learn/courses/internal-auditor/modules/A4/quiz"


def begin(page: Page, site: Site, account: str) -> str:
    """Come to the questions of a new try, and return its address."""
    sign_in(page, site, account)
    page.goto(f"{site.url}{QUIZ}")
    page.click("main form button")
    expect(page.locator("[data-said]")).to_have_text("作答时自动保存。")
    return page.url


def tick(page: Page, number: int, place: int = 0) -> None:
    page.locator(f"input[name='q{number}']").nth(place).check()


def answered(site: Site, address: str) -> list[bool]:
    """Of each question, whether the server has an answer."""
    with closing(room.database(site)) as link:
        query = "SELECT answers FROM quiz_tries WHERE id = ?"
        return [bool(one) for one in json.loads(link.execute(query, (address.rsplit("/", 1)[1],)).fetchone()[0])]


def test_ticks_survive_a_closed_page_and_another_device(site: Site, page: Page, browser: Browser) -> None:
    address = begin(page, site, "xueyuan20")
    said = page.locator("[data-said]")
    tick(page, 1)
    expect(said).to_contain_text("答案已保存")
    with page.expect_response(lambda answer: answer.url == f"{address}/answers" and answer.ok):
        tick(page, 2, 1)
    expect(said).to_contain_text("答案已保存")
    assert answered(site, address)[:3] == [True, True, False]
    page.evaluate(AXE)
    assert violations(page) == [] and not scrolls_sideways(page)
    page.close()
    elsewhere = browser.new_context(locale="zh-CN", viewport={"width": 375, "height": 800})
    other = elsewhere.new_page()
    sign_in(other, site, "xueyuan20")
    other.goto(f"{site.url}{QUIZ}")
    other.click("main form button")
    assert other.url == address
    expect(other.locator("input[name='q1']").nth(0)).to_be_checked()
    expect(other.locator("input[name='q2']").nth(1)).to_be_checked()
    elsewhere.close()


def test_without_the_network_ticks_lie_on_the_device_and_are_sent_later(
    site: Site, page: Page, context: BrowserContext
) -> None:
    address = begin(page, site, "xueyuan21")
    context.set_offline(True)
    tick(page, 1)
    expect(page.locator("[data-said]")).to_contain_text("网络断开")
    page.close()
    assert not any(answered(site, address))
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator("input[name='q1']").nth(0)).to_be_checked()
    expect(again.locator("[data-said]")).to_contain_text("答案已保存")
    assert answered(site, address)[0]
    again.click("main form button.btn--primary >> nth=0")
    again.click("button:has-text('就这样提交')")
    expect(again.locator("[data-quiz-over]")).to_be_visible()
    assert again.evaluate("Object.keys(localStorage).filter(key => key.startsWith('quiz.')).length") == 0


def test_an_ended_sign_in_is_mended_in_place_or_later_and_costs_no_tick(site: Site, page: Page) -> None:
    address = begin(page, site, "xueyuan22")
    room.sign_everybody_out(site)
    tick(page, 1)
    expect(page.locator("#dlg-login")).to_be_visible()
    page.evaluate(AXE)
    assert violations(page) == []
    page.fill("#relogin-pw", room.PASSWORD)
    page.click("#relogin button[type=submit]")
    expect(page.locator("[data-said]")).to_contain_text("答案已保存")
    assert answered(site, address)[0]
    room.sign_everybody_out(site)
    tick(page, 2)
    expect(page.locator("#dlg-login")).to_be_visible()
    sign_in(page, site, "xueyuan22")
    page.goto(address)
    expect(page.locator("input[name='q2']").nth(0)).to_be_checked()
    expect(page.locator("[data-said]")).to_contain_text("答案已保存")
    assert answered(site, address)[:2] == [True, True]
    assert page.__dict__["troubles"] == []
