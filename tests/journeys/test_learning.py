"""Reading a lesson as people do: looking something up, terms by keyboard, notes on bad days, diagrams in the dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from app.courses import diagrams
from app.courses.diagrams import CLASSES
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.people import sign_in
from tests.journeys.site import Site

ACCOUNT = "xueyuan20"
LESSON = "/learn/courses/internal-auditor/lessons/2013-7.6"


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    made = context.new_page()
    made.set_default_timeout(15_000)
    sign_in(made, site, ACCOUNT)
    yield made
    context.close()


def note(page: Page, number: int = -1) -> tuple[Locator, Locator]:
    """The text and the state of a note on the page; the last one is for a new note."""
    forms = page.locator("form[data-note]")
    form = forms.last if number < 0 else forms.nth(number)
    return form.locator("textarea"), form.locator("[data-state]")


def test_look_something_up_and_land_in_its_section(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/learn/courses/internal-auditor")
    page.get_by_role("searchbox").fill("竞业限制")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text("竞业限制")
    page.locator(".found a").first.click()
    expect(page).to_have_url(re.compile(r"/learn/courses/internal-auditor/lessons/[a-z0-9.-]+#s\d$"))
    assert "竞业限制" in page.inner_text("article")


def test_a_term_is_opened_and_closed_by_keyboard(site: Site, page: Page) -> None:
    page.goto(site.url + LESSON)
    word = page.locator("button.term__word").first
    says = page.locator(f"#{word.get_attribute('aria-controls')}")
    word.focus()
    expect(says).to_be_hidden()
    page.keyboard.press("Enter")
    expect(says).to_be_visible()
    expect(word).to_have_attribute("aria-expanded", "true")
    page.evaluate(AXE)
    for scheme, width in (("light", 1280), ("dark", 375)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # both are schemes
        page.set_viewport_size({"width": width, "height": 800})
        assert not scrolls_sideways(page)
        assert violations(page) == []
    page.keyboard.press("Escape")
    expect(says).to_be_hidden()
    expect(word).to_be_focused()
    page.keyboard.press("Space")
    expect(says).to_be_visible()
    page.locator("h1").click()
    expect(says).to_be_hidden()


def test_without_a_script_terms_lead_to_their_page_and_notes_are_saved_by_a_button(
    site: Site, browser: Browser
) -> None:
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    sign_in(page, site, ACCOUNT)
    page.goto(site.url + LESSON)
    page.locator("a.term__word").first.click()
    expect(page).to_have_url(re.compile(r"/learn/glossary#term-[a-z-]+$"))
    page.goto(site.url + LESSON)
    form = page.locator("form[data-note]").last
    form.locator("textarea").fill("没有脚本也能记")
    form.locator("select").select_option("2")
    form.locator("button").first.click()
    expect(page.locator("form[data-note] textarea").first).to_have_value("没有脚本也能记")
    page.locator("form[data-note] [data-remove]").first.click()
    page.get_by_role("button", name="恢复").click()
    expect(page.locator("form[data-note] textarea").first).to_have_value("没有脚本也能记")
    page.locator("form[data-note] [data-remove]").first.click()
    context.close()


def test_a_note_saves_itself_and_stands_on_the_page_of_all_notes(site: Site, page: Page) -> None:
    page.goto(site.url + LESSON)
    page.locator("button.note-here").nth(1).click()
    text, _state = note(page)
    expect(text).to_be_focused()
    text.fill("写完自己会保存")
    expect(page.locator("form[data-note] [data-state=saved]")).to_contain_text("已保存")
    expect(page.locator("form[data-note]")).to_have_count(2)
    page.goto(f"{site.url}/learn/notes")
    row = page.locator(".mynotes li", has_text="写完自己会保存")
    expect(row).to_contain_text("在企业里看得见什么")
    row.get_by_role("button", name="删除").click()
    page.get_by_role("button", name="恢复").first.click()
    expect(row).to_be_visible()
    row.get_by_role("button", name="删除").click()
    expect(row).to_be_hidden()


def test_what_is_written_without_a_connection_survives_a_closed_page(site: Site, page: Page) -> None:
    page.goto(site.url + LESSON)
    page.context.set_offline(True)
    text, state = note(page)
    text.fill("断网时写的")
    expect(state).to_contain_text("没有网络")
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(site.url + LESSON)
    expect(page.locator("form[data-note] [data-state=saved]")).to_contain_text("已保存")
    page.reload()
    expect(page.locator("form[data-note] textarea").first).to_have_value("断网时写的")
    page.locator("form[data-note] [data-remove]").first.click()
    expect(page.locator("form[data-note]")).to_have_count(1)


def test_who_is_signed_out_while_writing_keeps_the_text(site: Site, page: Page) -> None:
    page.goto(site.url + LESSON)
    page.context.clear_cookies(name="auditorium")
    text, state = note(page)
    text.fill("登录失效时写的")
    expect(state).to_contain_text("登录已失效")
    state.get_by_role("link").click()
    sign_in(page, site, ACCOUNT)
    page.goto(site.url + LESSON)
    expect(page.locator("form[data-note] [data-state=saved]")).to_contain_text("已保存")
    page.reload()
    expect(page.locator("form[data-note] textarea").first).to_have_value("登录失效时写的")
    page.locator("form[data-note] [data-remove]").first.click()


def test_what_two_devices_write_is_kept_twice(site: Site, page: Page, browser: Browser) -> None:
    page.goto(site.url + LESSON)
    note(page)[0].fill("起初")
    expect(page.locator("form[data-note] [data-state=saved]")).to_be_visible()
    context = browser.new_context(locale="zh-CN")
    other = context.new_page()
    sign_in(other, site, ACCOUNT)
    other.goto(site.url + LESSON)
    other.locator("form[data-note] textarea").first.fill("电脑上写的")
    expect(other.locator("form[data-note] [data-state=saved]").first).to_be_visible()
    context.close()
    page.locator("form[data-note] textarea").first.fill("手机上写的")
    expect(page.locator("form[data-note] [data-state=warn]")).to_contain_text("另存为一条笔记")
    page.reload()
    written = [page.locator("form[data-note] textarea").nth(at).input_value() for at in range(2)]
    assert sorted(written) == ["手机上写的", "电脑上写的"]
    for _turn in range(2):
        page.locator("form[data-note] [data-remove]").first.click()


def test_a_diagram_can_be_read_in_the_dark_and_on_a_phone(site: Site, page: Page) -> None:
    rows = "".join(
        f'<g transform="translate(0 {40 * at})"><rect class="{name}" x="10" y="4" width="200" height="32"/>'
        f'<text class="ink" x="230" y="26" font-size="16">{name}</text></g>'
        for at, name in enumerate(sorted(CLASSES - {"on-accent", "accent"}))
    )
    words = (
        '<rect class="accent" x="400" y="4" width="200" height="40"/><text class="on-accent" x="420" y="30">重点</text>'
    )
    picture = diagrams.figure(f'<svg viewBox="0 0 640 400">{rows}{words}</svg>', "全部样式")
    start = '<article class="prose">'

    def with_picture(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(start, start + picture))

    page.route("**" + LESSON, with_picture)
    page.goto(site.url + LESSON)
    page.evaluate(AXE)
    seen = set()
    for scheme, width in (("light", 1280), ("dark", 375)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # both are schemes
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == []
        assert not scrolls_sideways(page)
        seen.add(page.locator(".diagram text.ink").first.evaluate("one => getComputedStyle(one).fill"))
    assert len(seen) == 2, "text has another colour in the dark"
    expect(page.get_by_role("img", name="全部样式")).to_be_visible()


def test_a_diagram_of_a_lesson_is_readable_on_a_phone_and_opens_large(site: Site, page: Page) -> None:
    """Nothing is set in less than nine pixels; what is wider than the screen scrolls by keyboard and says so."""
    smallest = """() => Math.min(...[...document.querySelectorAll('.diagram text')].map(one =>
        parseFloat(getComputedStyle(one).fontSize) * one.ownerSVGElement.getBoundingClientRect().width / 640))"""
    wide = "one => one.scrollWidth > one.clientWidth"
    for width, scrolls in ((375, False), (320, True)):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{site.url}/learn/courses/internal-auditor/lessons/a1-process-model")
        assert page.evaluate(smallest) >= 8.99
        view = page.locator(".diagram__view")
        assert view.evaluate(wide) is scrolls and not scrolls_sideways(page)
        expect(page.locator(".diagram__hint")).to_be_visible(visible=scrolls)
    view.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.diagram__view').scrollLeft > 0")
    page.click("text=放大看图")
    expect(page.locator("h1")).to_contain_text("图示")
    assert page.evaluate(smallest) > 18
    page.click("main .back")
    page.wait_for_url(re.compile("/lessons/a1-process-model$"))


def test_fields_of_a_practical_audit_grow_with_their_text(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/learn/courses/internal-auditor/exercises/jingyao-robotics/tasks/plan")
    field = page.locator("#answer textarea").first
    field.fill("从台账抽五件，核对缴费凭证，再问谁盯期限、休假由谁代办。" * 4)
    assert field.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
