"""From announcing a session to its first page: officer, invigilator, and candidates who come in time, late, or too soon."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import room
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.site import Site

_FORMAT = "%Y-%m-%d %H:%M:%S.%f"


def of(site: Site, query: str, *values: object) -> Any:
    with closing(room.database(site)) as link:
        row = link.execute(query, values).fetchone()
        assert row is not None, query
        return row[0]


def put(site: Site, query: str, *values: object) -> None:
    with closing(room.database(site)) as link, link:
        link.execute(query, values)


def at(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime(_FORMAT)


def visitor(browser: Browser, site: Site, account: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
    page.set_default_timeout(15_000)
    room.enter(page, site, account)
    return page


@pytest.fixture(scope="module")
def announced(site: Site, browser: Browser) -> str:
    """The officer announces a session in rooms with a code and two invigilators, and seats everybody. Its reference."""
    put(
        site,
        "UPDATE grants SET role = 'invigilator' WHERE person_id = (SELECT id FROM people WHERE account = 'chayan')",
    )
    page = visitor(browser, site, "kaowu")
    page.goto(f"{site.url}/exam-sessions/new")
    page.select_option("#cohort", label="2026 年第 3 期内审员班")
    page.select_option("#specification", "internal-auditor")
    page.fill("#title_zh", "内审员加考")
    page.fill("#title_en", "Extra exam")
    begins = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(minutes=45)
    page.fill("#opens", begins.strftime("%Y-%m-%dT%H:%M"))
    page.fill("#closes", (begins + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))
    page.check("#place_kind-1")
    page.click("main form button[type=submit]")
    expect(page.locator(".err-summary")).to_contain_text("请填写地址")
    expect(page.locator("#title_zh")).to_have_value("内审员加考")
    page.fill("#place", "示例市示例路 2 号")
    for box in page.locator("[name=invigilators]").all():
        box.check()
    page.click("details.more summary")
    page.fill("#late_minutes", "30")
    page.fill("#waiting_days", "3")
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/exam-sessions/[0-9a-f]{32}$"))
    ref = page.url.rsplit("/", 1)[1]
    expect(page.locator("main")).to_contain_text("监六例、查九例")
    page.click("text=考生与座位")
    page.click("text=按准考证号排座")
    page.fill("#rooms", "301 教室 20\n302 教室 20")
    page.click("main form button[type=submit]")
    expect(page.locator(".notice--danger")).to_contain_text("需要单独考场")
    page.fill("#apart", "105 室 2")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/candidates")
    page.locator("tr", has_text="钱和例").locator("a").click()
    page.select_option("#percent", "200")
    page.fill("#reason", "右手骨折")
    page.click("text=给予便利")
    expect(page.locator("#now + p, #now ~ p").first).to_contain_text("200%")
    page.goto(f"{site.url}/exam-sessions/{ref}/candidates")
    with page.expect_download() as cards:
        page.click("text=全部准考证（PDF）")
    assert cards.value.suggested_filename == "准考证 内审员加考.pdf"
    page.context.close()
    return ref


def test_both_invigilators_see_the_code_and_no_other_session(site: Site, browser: Browser, announced: str) -> None:
    code = of(site, "SELECT access_code FROM exam_sessions WHERE ref = ?", announced)
    for account in ("jiankao", "chayan"):
        page = visitor(browser, site, account)
        page.goto(f"{site.url}/exam-sessions/{announced}")
        expect(page.locator(".code-shown")).to_have_text(f"{code[:3]} {code[3:]}")
        page.context.close()
    page = visitor(browser, site, "chayan")
    page.goto(f"{site.url}/exam-sessions")
    assert page.locator("tbody tr").count() == 1
    page.context.close()


def test_a_candidate_waits_and_begins_at_the_bell(site: Site, browser: Browser, announced: str) -> None:
    code = of(site, "SELECT access_code FROM exam_sessions WHERE ref = ?", announced)
    page = visitor(browser, site, "xueyuan")
    page.goto(f"{site.url}/exams")
    card = page.locator("li.card", has_text="内审员加考")
    expect(card).to_contain_text("135 分钟")
    expect(card).to_contain_text("105 室")
    with page.expect_download() as printed:
        card.locator("button", has_text="准考证").click()
    assert printed.value.suggested_filename.startswith("准考证 内审员加考 2026-03-0101")
    card.locator("button", has_text="进入候考").click()
    page.wait_for_url("**/notice")
    for name in ("connection", "storage", "clock", "screen"):
        expect(page.locator(f"[data-check={name}] [data-state=good]")).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator("[data-check=keys] [data-state=good]")).to_be_visible()
    page.check("#mine")
    page.check("#accept")
    page.fill("#code", "AAAAAA")
    page.click("#begin")
    expect(page.locator(".err-summary")).to_contain_text("口令不正确")
    page.fill("#code", code.lower())
    page.click("#begin")
    expect(page.locator("#start")).to_contain_text("您已准备就绪")
    page.evaluate(AXE)
    for scheme, width in (("light", 1280), ("dark", 375), ("light", 320)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [] and not scrolls_sideways(page), (scheme, width)
    sitting = page.url.split("/")[-2]
    with closing(room.database(site)) as link:
        checks, mine = link.execute(
            "SELECT c.checks, c.nonce_by FROM exam_candidates c JOIN sittings s ON s.session_id = c.session_id"
            " AND s.enrolment_id = c.enrolment_id WHERE s.ref = ?", (sitting,),
        ).fetchone()  # fmt: skip
    assert '"keys": true' in checks and mine == "staff"
    put(site, "UPDATE exam_sessions SET opens_at = ? WHERE ref = ?", at(4), announced)
    page.reload()
    expect(page.locator("#bell-left")).to_have_text(re.compile(r"00:0\d"))
    page.wait_for_url(f"**/sittings/{sitting}", timeout=15_000)
    expect(page.locator("#save")).to_have_attribute("data-state", "saved")
    with closing(room.database(site)) as link:
        opens, started, ends = link.execute(
            "SELECT x.opens_at, s.started_at, s.deadline_at FROM sittings s JOIN exam_sessions x ON x.id = s.session_id"
            " WHERE s.ref = ?", (sitting,),
        ).fetchone()  # fmt: skip
    begun = datetime.strptime(started, _FORMAT)
    assert timedelta(0) <= begun - datetime.strptime(opens, _FORMAT) < timedelta(seconds=5)
    assert datetime.strptime(ends, _FORMAT) - begun == timedelta(minutes=135)
    page.context.close()


def test_this_is_not_me(site: Site, browser: Browser, announced: str) -> None:
    page = visitor(browser, site, "xueyuan16")
    page.goto(f"{site.url}/exams")
    page.locator("li.card", has_text="内审员加考").locator("button", has_text="进入候考").click()
    page.wait_for_url("**/notice")
    page.click("text=这不是我")
    expect(page.locator(".flashes")).to_contain_text("请不要开始考试")
    assert of(site, "SELECT count(*) FROM incidents WHERE kind = 'identity'") == 1
    page.context.close()


def test_without_a_script_one_waits_and_begins_too(site: Site, browser: Browser, announced: str) -> None:
    code = of(site, "SELECT access_code FROM exam_sessions WHERE ref = ?", announced)
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 375, "height": 800})
    page = context.new_page()
    room.enter(page, site, "xueyuan17")
    page.goto(f"{site.url}/exams")
    page.locator("li.card", has_text="内审员加考").locator("button", has_text="进入候考").click()
    put(site, "UPDATE exam_sessions SET opens_at = ? WHERE ref = ?", at(600), announced)
    page.reload()
    page.check("#mine")
    page.check("#accept")
    page.fill("#code", code)
    page.click("#begin")
    expect(page.locator("#start")).to_contain_text("您已准备就绪")
    page.click("#begin")
    expect(page.locator(".flashes")).to_contain_text("考试")
    put(site, "UPDATE exam_sessions SET opens_at = ? WHERE ref = ?", at(-5), announced)
    page.click("#begin")
    page.wait_for_url(re.compile(r"/sittings/[0-9a-f]{32}$"))
    context.close()


def test_who_comes_too_late_and_who_must_wait_is_told(site: Site, browser: Browser, announced: str) -> None:
    put(site, "UPDATE exam_sessions SET opens_at = ? WHERE ref = ?", at(-31 * 60), announced)
    page = visitor(browser, site, "xueyuan18")
    page.goto(f"{site.url}/exams")
    card = page.locator("li.card", has_text="内审员加考")
    expect(card).to_contain_text("以后不得开始作答")
    expect(card).to_contain_text("没有消耗考试次数")
    page.context.close()
    put(site, "UPDATE exam_sessions SET opens_at = ? WHERE ref = ?", at(-60), announced)
    account = of(
        site,
        "SELECT p.account FROM people p JOIN sittings s ON s.person_id = p.id JOIN exam_sessions x ON x.id = s.session_id"
        " WHERE s.state = 'closed' AND s.passed IS 0 AND x.title_zh = '内审员结业考试' ORDER BY p.account",
    )
    put(site, "UPDATE sittings SET closed_at = ? WHERE state = 'closed' AND person_id = (SELECT id FROM people WHERE account = ?)",
        at(-3600), account)  # fmt: skip
    page = visitor(browser, site, account)
    page.goto(f"{site.url}/exams")
    expect(page.locator("li.card", has_text="内审员加考")).to_contain_text("本考试要求距上次考试满 3 天")
    page.context.close()
