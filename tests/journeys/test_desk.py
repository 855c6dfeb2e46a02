"""The invigilator's desk: two candidates watched live, time, announcement, incident, forced hand-in, decision, sealed minutes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.journeys import room
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.people import sign_in
from tests.journeys.site import ROOT, Site

_FORMAT = "%Y-%m-%d %H:%M:%S.%f"
SOON = 15_000
"""The desk asks every five seconds, in milliseconds."""
HALF_A_MINUTE = 45_000
LISTEN = """() => {
  const band = document.getElementById('banner'), note = () => heard.push(band.textContent);
  window.heard = [];
  new MutationObserver(note).observe(band, { subtree: true, childList: true, characterData: true });
}"""
"""Note whatever the band of the exam page says from now on, for it goes away by itself."""


@dataclass
class Stage:
    """Two candidates who sit, an invigilator with the desk and a second window, an exam officer."""

    site: Site
    first: Page
    second: Page
    one: str
    other: str
    session: str
    desk: Page
    acts: Page
    officer: Page

    def seat(self, ref: str) -> Locator:
        """The row of a sitting on the desk."""
        return self.desk.locator("tr", has=self.desk.locator(f"a[href$='{ref}/seat']"))

    def ask(self, query: str, *values: Any) -> Any:
        """The first value of the first row."""
        with closing(room.database(self.site)) as link:
            row = link.execute(query, values).fetchone()
            assert row is not None, query
            return row[0]

    def put(self, statement: str, *values: Any) -> None:
        """Change a row behind everybody's back, as time or a thief would."""
        with closing(room.database(self.site)) as link, link:
            link.execute(statement, values)


def ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).strftime(_FORMAT)


def nudge(page: Page) -> None:
    """Let a page send its pulse now; without this it does within half a minute."""
    page.evaluate("dispatchEvent(new Event('online'))")


def look(page: Page) -> None:
    """No axe violation and no sideways scrolling on a desk and on a phone, light and dark."""
    page.evaluate(AXE)
    for scheme, width in (("light", 1280), ("dark", 375), ("light", 375), ("dark", 1280)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [] and not scrolls_sideways(page), (scheme, width, page.url)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


@pytest.fixture(scope="module")
def stage(site: Site, browser: Browser) -> Iterator[Stage]:
    opened: list[BrowserContext] = []

    def window() -> Page:
        opened.append(browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN"))
        page = opened[-1].new_page()
        page.set_default_timeout(20_000)
        return page

    first, second, acts, officer = window(), window(), window(), window()
    one, other = room.begin(first, site), room.begin(second, site)
    sign_in(acts, site, "jiankao")
    sign_in(officer, site, "kaowu")
    made = Stage(site, first, second, one, other, "", acts.context.new_page(), acts, officer)
    made.session = made.ask(
        "SELECT e.ref FROM exam_sessions e JOIN sittings s ON s.session_id = e.id WHERE s.ref = ?", one
    )
    made.desk.goto(f"{site.url}/exam-sessions/{made.session}/desk")
    made.desk.evaluate("window.sameDocument = true")
    yield made
    for context in opened:
        context.close()


def test_two_candidates_are_watched_without_a_reload(stage: Stage) -> None:
    room.choose(stage.first, 1, 0)
    room.choose(stage.first, 3, 0)
    expect(stage.seat(stage.one).locator("[data-v=answered]")).to_have_text(re.compile("^2 / "), timeout=SOON)
    nudge(stage.first)
    expect(stage.seat(stage.one).locator("[data-v=where]")).to_have_text("第 3 题", timeout=SOON)
    room.choose(stage.second, 2, 1)
    expect(stage.seat(stage.other).locator("[data-v=answered]")).to_have_text(re.compile("^1 / "), timeout=SOON)
    lost = stage.seat(stage.other).locator("[data-tag=lost]")
    expect(lost).to_have_count(0)
    stage.second.context.set_offline(True)
    mine = "WHERE sitting_id = (SELECT id FROM sittings WHERE ref = ?)"
    stage.put(f"UPDATE presences SET seen_at = ? {mine}", ago(70), stage.other)  # as if a minute had gone by
    stage.put(f"UPDATE answers SET saved_at = ? {mine}", ago(70), stage.other)
    stage.put("UPDATE sittings SET started_at = ? WHERE ref = ?", ago(90), stage.other)
    expect(lost).to_be_visible(timeout=SOON)
    expect(stage.desk.locator("#desk-news")).to_contain_text("断线")
    stage.desk.click("[data-choice=attention]")
    expect(stage.seat(stage.other)).to_be_visible()
    expect(stage.seat(stage.one)).to_be_hidden()
    look(stage.desk)
    stage.second.context.set_offline(False)
    nudge(stage.second)
    expect(lost).to_have_count(0, timeout=SOON)
    stage.desk.click("[data-choice=all]")
    expect(stage.seat(stage.one)).to_be_visible()
    assert stage.desk.evaluate("window.sameDocument")


def test_extra_time_and_an_announcement_reach_the_page(stage: Stage) -> None:
    before = stage.ask("SELECT deadline_at FROM sittings WHERE ref = ?", stage.one)
    shown = minutes_left(stage.first)
    stage.first.evaluate(LISTEN)
    stage.acts.goto(f"{stage.site.url}/exam-sessions/sittings/{stage.one}/seat")
    look(stage.acts)
    stage.acts.click("a[href$='/extra-time']")
    stage.acts.fill("#minutes", "10")
    stage.acts.fill("#reason", "走廊施工")
    stage.acts.click("main form button[type=submit]")
    stage.acts.wait_for_url("**/seat")
    after = stage.ask("SELECT deadline_at FROM sittings WHERE ref = ?", stage.one)
    assert datetime.strptime(after, _FORMAT) - datetime.strptime(before, _FORMAT) == timedelta(minutes=10)
    for _ in range(HALF_A_MINUTE // 200):
        if "您的考试时间延长了 10 分钟" in stage.first.evaluate("heard.join(' ')"):
            break
        stage.first.wait_for_timeout(200)
    assert "您的考试时间延长了 10 分钟" in stage.first.evaluate("heard.join(' ')")
    assert minutes_left(stage.first) >= shown + 5, "the clock has changed without a reload"
    expect(stage.seat(stage.one).locator("[data-v=notes]")).to_contain_text("10", timeout=SOON)

    stage.acts.goto(f"{stage.site.url}/exam-sessions/{stage.session}/desk")
    stage.acts.click(".desk__say summary")
    stage.acts.fill("#body", "第 3 题的年份应为 2019 年。")
    look(stage.acts)
    stage.acts.click(".desk__say form button[type=submit]")
    stage.acts.wait_for_url("**/desk")
    for page in (stage.first, stage.second):
        expect(page.locator("#news")).to_contain_text("第 3 题的年份应为 2019 年。", timeout=HALF_A_MINUTE)
    stage.first.locator("#news button").click()
    expect(stage.first.locator("#news")).to_be_hidden()
    assert stage.desk.evaluate("window.sameDocument")


def minutes_left(page: Page) -> int:
    """The minutes that the exam page shows."""
    shown = [int(part) for part in page.locator("#timer-v").inner_text().split(":")]
    return shown[-2] + (60 * shown[-3] if len(shown) > 2 else 0)


def test_an_incident_is_noted_answered_and_decided(stage: Stage) -> None:
    stage.acts.goto(f"{stage.site.url}/exam-sessions/sittings/{stage.one}/seat")
    stage.acts.locator("a[href*='/incidents/new']").click()
    stage.acts.select_option("#kind", "aid")
    stage.acts.fill("#body", "桌上有一部手机。")
    look(stage.acts)
    stage.acts.click("main form button[type=submit]")
    stage.acts.wait_for_url("**/seat")
    expect(stage.seat(stage.one).locator("[data-tag=incident]")).to_be_visible(timeout=SOON)
    incident = stage.ask("SELECT ref FROM incidents WHERE body = '桌上有一部手机。'")

    stage.officer.goto(f"{stage.site.url}/incidents/{incident}/decision")
    stage.officer.check("[name=decision][value=void]")
    stage.officer.fill("#why", "携带手机。")
    stage.officer.click("main form.card--pad button[type=submit]")
    expect(stage.officer.locator("[role=alert]").first).to_contain_text("考生尚未说明")
    expect(stage.officer.locator("#why")).to_have_value("携带手机。")

    nudge(stage.first)
    news = stage.first.locator("#news", has_text="桌上有一部手机。")
    expect(news).to_be_visible()
    news.locator("button").click()
    stage.first.fill("#ask-text", "手机已关机，忘记交出。")
    stage.first.click("#ask-form button[type=submit]")
    expect(stage.first.locator("#dlg-ask")).to_be_hidden()

    stage.officer.check("[name=decision][value=warned]")
    stage.officer.click("main form.card--pad button[type=submit]")
    expect(stage.officer.locator("[role=alert]").first).to_contain_text("考生刚刚提交了说明")
    expect(stage.officer.locator("main")).to_contain_text("手机已关机，忘记交出。")
    look(stage.officer)
    stage.officer.fill("#why", "已核实，提醒一次。")
    stage.officer.click("main form.card--pad button[type=submit]")
    stage.officer.wait_for_url(f"**/incidents/{incident}")
    expect(stage.officer.locator("main")).to_contain_text("已核实，提醒一次。")
    expect(stage.seat(stage.one).locator("[data-tag=incident]")).to_have_count(0, timeout=SOON)


def test_a_report_of_a_question_is_answered(stage: Stage) -> None:
    stage.first.click("[data-open='dlg-report']")
    stage.first.fill("#report-text", "选项 B 和 D 相同")
    stage.first.click("#report-form button[type=submit]")
    expect(stage.first.locator("#dlg-report")).to_be_hidden()
    expect(stage.first.locator("body")).to_contain_text("题的报告已提交")
    stage.officer.goto(f"{stage.site.url}/exam-sessions/{stage.session}/reports")
    expect(stage.officer.locator("main")).to_contain_text("选项 B 和 D 相同")
    look(stage.officer)
    stage.officer.click("main td a")
    stage.officer.fill("#body", "两者不同，请看主语。")
    look(stage.officer)
    stage.officer.click("main form button[type=submit]")
    expect(stage.officer.locator("main")).to_contain_text("两者不同，请看主语。")


def test_a_forced_hand_in_tells_the_candidate_why(stage: Stage) -> None:
    stage.acts.goto(f"{stage.site.url}/exam-sessions/sittings/{stage.other}/seat")
    stage.acts.locator("a[href$='/hand-in']").click()
    stage.acts.fill("#reason", "身体不适，自愿离场")
    look(stage.acts)
    stage.acts.click("main form button[type=submit]")
    stage.acts.wait_for_url("**/seat")
    nudge(stage.second)
    expect(stage.second.locator("#gate-closed")).to_contain_text("身体不适，自愿离场")
    assert room.sitting(stage.site, stage.other)["closed_by"] == "staff"
    expect(stage.seat(stage.other).locator("[data-tag=closed]")).to_be_visible(timeout=SOON)
    stage.second.goto(f"{stage.site.url}/exams")
    stage.second.locator("a[href$='/incidents']").first.click()
    expect(stage.second.locator("h1")).to_contain_text("考试记录与说明")


def test_two_people_sign_the_minutes_and_a_changed_answer_shows(stage: Stage, tmp_path: Path) -> None:
    stage.first.goto(f"{stage.site.url}/sittings/{stage.one}/check")
    stage.first.check("#sure")
    stage.first.click("form[action$='/hand-in'] button.btn--danger")
    stage.first.wait_for_url("**/receipt")
    stage.first.goto(f"{stage.site.url}/sittings/{stage.one}/incidents")
    expect(stage.first.locator("main")).to_contain_text("已核实，提醒一次。")
    expect(stage.first.locator("main")).to_contain_text("两者不同，请看主语。")
    look(stage.first)
    of = "session_id = (SELECT id FROM exam_sessions WHERE ref = ?)"
    stage.put(f"UPDATE sittings SET deadline_at = ? WHERE state = 'open' AND {of}", ago(600), stage.session)
    stage.put("UPDATE exam_sessions SET closes_at = ? WHERE ref = ?", ago(1), stage.session)
    expect(stage.desk.locator(".figures [data-count=sitting]")).to_have_text("0", timeout=30_000)

    address = f"{stage.site.url}/exam-sessions/{stage.session}/minutes"
    _, password = stage.site.account("jiankao")
    stage.acts.goto(address)
    stage.acts.fill("#remarks", "考场秩序良好。")
    stage.acts.fill("#password", "wrong password")
    stage.acts.click("main form button[type=submit]")
    expect(stage.acts.locator(".err-summary")).to_be_visible()
    expect(stage.acts.locator("#remarks")).to_have_value("考场秩序良好。")
    stage.acts.fill("#password", password)
    stage.acts.click("main form button[type=submit]")
    expect(stage.acts.locator("main")).to_contain_text("第二签名须由另一人完成")
    stage.officer.goto(address)
    look(stage.officer)
    stage.officer.fill("#password", password)
    stage.officer.click("main form button[type=submit]")
    expect(stage.officer.locator("main")).to_contain_text("已封存。")
    look(stage.officer)
    with stage.officer.expect_download() as got:
        stage.officer.click("a[href$='minutes.pdf']")
    got.value.save_as(tmp_path / "minutes.pdf")
    subprocess.run(["qpdf", "--check", tmp_path / "minutes.pdf"], check=True, capture_output=True)
    said = subprocess.run(
        ["pdftotext", tmp_path / "minutes.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "考场秩序良好。" in said and "走廊施工" in said

    root = stage.ask(f"SELECT root FROM session_minutes WHERE {of}", stage.session)
    auditor = stage.officer.context.browser
    assert auditor is not None
    reader = auditor.new_context(locale="zh-CN").new_page()
    sign_in(reader, stage.site, "shenji")
    reader.goto(f"{stage.site.url}/ledger")
    expect(reader.locator("main")).to_contain_text("考场记录已封存")
    reader.context.close()
    done = check(stage)
    assert done.returncode == 0 and f"today  {root}" in done.stdout and "equal" in done.stdout, done.stdout
    mine = "sitting_id = (SELECT id FROM sittings WHERE ref = ?)"
    stage.put(f"UPDATE answer_entries SET response = '\"D\"' WHERE seq = 1 AND {mine}", stage.one)
    done = check(stage)
    assert done.returncode == 1 and f"sitting {stage.one}: broken at line 1" in done.stdout, done.stdout


def check(stage: Stage) -> subprocess.CompletedProcess[str]:
    """What the command says of the sealed minutes."""
    env = {**os.environ, "IPA_INSTANCE_PATH": str(stage.site.instance), "IPA_ORIGIN": stage.site.url}
    command = [sys.executable, "-m", "flask", "--app", "app", "exams", "minutes", stage.session, "--check"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
