"""Practice in a real browser: a question missed by keyboard, due the next day, and a mock exam whole."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.office.services.demonstration import PASSWORD
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.people import sign_in
from tests.journeys.room import sign_everybody_out
from tests.journeys.site import Site, copy_of

LOOKS = (("zh_CN", "light", 1280), ("zh_CN", "dark", 375), ("en", "light", 375), ("en", "dark", 1280))
TWO_LOOKS = (("zh_CN", "light", 1280), ("en", "dark", 375))


@pytest.fixture(scope="module")
def site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration with its exam items put into practice and nothing practised: the same on every day of the bank."""
    served = copy_of(prepared, tmp_path_factory.mktemp("practice"))
    _change(
        served, "UPDATE items SET pool = 'practice', status = 'approved' WHERE pool = 'exam'",
        "DELETE FROM practice_cards", "DELETE FROM practice_reviews", "DELETE FROM practice_answers",
        "DELETE FROM mock_answers", "DELETE FROM mock_exams",
    )  # fmt: skip
    served.start()
    yield served
    served.stop()


def _change(site: Site, *statements: str) -> None:
    link = sqlite3.connect(site.instance / "auditorium.sqlite3", timeout=10)
    with link:
        for statement in statements:
            link.execute(statement)
    link.close()


def _a_day_passes(site: Site) -> None:
    """What was practised lies a day further back, as it will tomorrow."""
    moments = ("practice_cards SET reviewed_at", "practice_answers SET answered_at", "practice_reviews SET reviewed_at")
    back = [f"UPDATE {one} = strftime('%Y-%m-%d %H:%M:%f000', {one.split()[-1]}, '-1 day')" for one in moments]
    _change(site, "UPDATE practice_cards SET due_on = date(due_on, '-1 day')", *back)


def _hold_to_the_rules(page: Page, site: Site, *, large: bool = False) -> None:
    """No violation of axe and no sideways scrolling, in both languages, both themes and three widths.

    A `large` page, a whole paper, is looked at once in each language, theme and width instead of in every pair.
    """
    address = page.url.split("#", maxsplit=1)[0]
    for language, scheme, width in TWO_LOOKS if large else LOOKS:
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert page.locator("h1").count() == 1
        page.evaluate(AXE)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        assert not scrolls_sideways(page), (language, width)
        assert violations(page) == [], (language, scheme, width)
        page.set_viewport_size({"width": 320, "height": 800})
        assert not scrolls_sideways(page), (language, 320)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{address}{'&' if '?' in address else '?'}lang=zh_CN")


def test_a_missed_question_comes_back_the_next_day(site: Site, page: Page) -> None:
    sign_in(page, site, "xueyuan20")
    page.goto(f"{site.url}/practice")
    expect(page.locator("h2").first).to_have_text("开始练习")
    _hold_to_the_rules(page, site)
    page.click("summary:has-text('支持')")
    page.click("a:has-text('能力')")
    stem = page.inner_text(".q__stem")
    _hold_to_the_rules(page, site)
    page.locator(".opt").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator(".field__error")).to_be_visible()
    _miss_by_keyboard(page, site)
    expect(page.locator(".verdict--no")).to_be_visible()
    assert page.inner_text(".q__stem") == stem
    assert page.locator(".told .is-wrong p.muted").count() >= 1 and "依据" in page.inner_text("main")
    _hold_to_the_rules(page, site)
    page.goto(f"{site.url}/learn")
    expect(page.locator("section[aria-labelledby=practice]")).to_contain_text("今天没有到期的题")
    _a_day_passes(site)
    page.goto(f"{site.url}/learn")
    expect(page.locator("section[aria-labelledby=practice]")).to_contain_text("今天有 1 题到期")
    page.click("text=练到期的题")
    assert page.inner_text(".q__stem") == stem
    _answer_right_by_keyboard(page, site)
    expect(page.locator(".verdict--ok")).to_be_visible()
    _hold_to_the_rules(page, site)
    page.keyboard.press("3")
    page.wait_for_url(re.compile("/practice/question"))
    expect(page.locator("h1")).to_have_text("今天练完了")
    _hold_to_the_rules(page, site)
    page.goto(f"{site.url}/practice/mastery")
    _hold_to_the_rules(page, site)
    assert page.__dict__["troubles"] == []


def _miss_by_keyboard(page: Page, site: Site) -> None:
    page.keyboard.press(_letters(page, site, right=False)[0])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/practice/answers/"))


def _answer_right_by_keyboard(page: Page, site: Site) -> None:
    for letter in _letters(page, site, right=True):
        page.keyboard.press(letter)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/practice/answers/"))


def _letters(page: Page, site: Site, *, right: bool) -> list[str]:
    """The letters of the right or the wrong options, which the test knows from the bank and never from the page."""
    link = sqlite3.connect(f"file:{site.instance / 'auditorium.sqlite3'}?mode=ro", uri=True)
    version = page.get_attribute("input[name=version]", "value")
    (content,) = link.execute("SELECT content FROM item_versions WHERE hash = ?", (version,)).fetchone()
    link.close()
    item = json.loads(content)
    if item["kind"] == "judge":
        return ["A" if (item["answer"] == "correct") is right else "B"]
    wanted = {option["text"]["zh_CN"] for option in item["options"] if option["right"] is right}
    texts = page.locator(".opt__text").all_text_contents()
    letters = ["ABCDEF"[place] for place, text in enumerate(texts) if any(text.strip().endswith(one) for one in wanted)]
    assert letters
    return letters


def test_a_mock_exam_whole(site: Site, page: Page) -> None:
    sign_in(page, site, "xueyuan20")
    page.goto(f"{site.url}/practice/mock")
    _hold_to_the_rules(page, site)
    page.locator("button[name=specification]").first.click()
    page.wait_for_url(re.compile(r"/practice/mock/[0-9a-f]{32}"))
    address = page.url.split("#", maxsplit=1)[0]
    _hold_to_the_rules(page, site, large=True)
    count = page.locator(".q").count()
    for number in range(1, count + 1):
        question = page.locator(f"#q{number}")
        expect(question).to_be_visible()
        if question.locator(".opt").count():
            page.keyboard.press("A")
        else:
            question.locator("textarea, input[type=text]").first.fill("查阅记录，没有发现。")
        if number < count:
            question.locator("[data-next]").click()
    expect(page.locator("#t-done")).to_have_text(str(count))
    page.click(f"#q{count} [data-next]")
    page.wait_for_url(re.compile("/check"))
    expect(page.locator(".notice--ok")).to_be_visible()
    _hold_to_the_rules(page, site)
    page.goto(address)
    expect(page.locator("#q1 input:checked")).to_have_count(1)
    page.goto(f"{address}/check")
    page.click("main form button")
    page.wait_for_url(re.compile("/result"))
    expect(page.locator(".notice--info")).to_contain_text("自评")
    _hold_to_the_rules(page, site, large=True)
    _mark_own_texts(page)
    expect(page.locator(".notice").first).to_contain_text("合格")
    page.goto(f"{site.url}/practice/mock")
    expect(page.locator(".look")).to_have_count(1)
    assert page.__dict__["troubles"] == []


def _mark_own_texts(page: Page) -> None:
    while page.locator(".one[open] .own-marks").count():
        form = page.locator(".one[open] .own-marks").first
        for box in form.locator("input[type=checkbox]").all():
            box.check()
        with page.expect_navigation():
            form.locator("button").click()


def test_a_lost_network_loses_no_answer_and_the_end_of_time_hands_in(site: Site, page: Page) -> None:
    sign_in(page, site, "xueyuan22")
    page.goto(f"{site.url}/practice/mock")
    page.locator("button[name=specification]").first.click()
    page.wait_for_url(re.compile(r"/practice/mock/[0-9a-f]{32}"))
    page.context.set_offline(True)
    page.keyboard.press("A")
    expect(page.locator("#save-text")).to_have_text("未保存，正在重试")
    page.context.set_offline(False)
    expect(page.locator("#save-text")).to_have_text("已保存")
    soon = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '+4 seconds')"
    _change(site, f"UPDATE mock_exams SET deadline_at = {soon} WHERE closed_at IS NULL")
    page.reload()
    expect(page.locator("#q1 input:checked")).to_have_count(1)
    page.wait_for_url(re.compile("/result"))
    expect(page.locator("h1")).to_have_text("模拟考试成绩")


def test_without_a_script_a_question_is_answered(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, site, "xueyuan21")
    page.goto(f"{site.url}/practice/question?on=topic:standard")
    page.locator(".opt input").first.check(force=True)
    page.click("text=看答案 >> nth=0")
    assert "/practice/answers/" in page.url
    page.locator(".after__next button, .after__next .btn").first.click()
    assert "/practice/question" in page.url
    context.close()


def test_an_ended_sign_in_is_mended_in_place_and_costs_no_answer(site: Site, page: Page) -> None:
    sign_in(page, site, "xueyuan23")
    page.goto(f"{site.url}/practice/mock")
    page.locator("button[name=specification]").first.click()
    page.wait_for_url(re.compile(r"/practice/mock/[0-9a-f]{32}"))
    page.keyboard.press("A")
    expect(page.locator("#save-text")).to_have_text("已保存")
    sign_everybody_out(site)
    page.keyboard.press("N")
    page.keyboard.press("B")
    dialog = page.locator("#dlg-login")
    expect(dialog).to_be_visible()
    expect(page.locator("#save-text")).to_have_text("需要重新登录")
    expect(page.locator("#relogin-n")).to_have_text("1")
    page.evaluate(AXE)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    page.fill("#relogin-pw", "not the password")
    page.click("#relogin button[type=submit]")
    expect(page.locator("#relogin-error")).to_have_text("账号或密码不对。")
    page.fill("#relogin-pw", PASSWORD)
    page.click("#relogin button[type=submit]")
    expect(dialog).to_be_hidden()
    expect(page.locator("#save-text")).to_have_text("已保存")
    page.context.clear_cookies()
    page.keyboard.press("N")
    page.keyboard.press("A")
    expect(dialog).to_be_visible()
    page.fill("#relogin-pw", PASSWORD)
    page.click("#relogin button[type=submit]")
    expect(page.locator("#save-text")).to_have_text("已保存")
    page.reload()
    for number in (1, 2, 3):
        expect(page.locator(f"#q{number} input:checked")).to_have_count(1)
    page.click("#to-check")
    page.wait_for_url(re.compile("/check"))
    page.click("main form button >> nth=0")
    page.wait_for_url(re.compile("/result"))
    assert page.__dict__["troubles"] == []
