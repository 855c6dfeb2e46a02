"""The power fails in the middle of an exam: two candidates go on on paper, and what they wrote counts as on screen."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys import room
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.people import sign_in
from tests.journeys.site import Site


def test_a_power_failure_in_the_middle(site: Site, browser: Browser, tmp_path: Path) -> None:
    first, second = _page(browser), _page(browser)
    one, other = room.begin(first, site), room.begin(second, site)
    room.choose(first, 1, 1)
    expect(first.locator("#save")).to_have_attribute("data-state", "saved", timeout=15_000)
    session = _session(site, one)
    officer, invigilator = _page(browser), _page(browser)
    sign_in(officer, site, "kaowu")
    sign_in(invigilator, site, "jiankao")
    _appoint(site, session)

    _to_paper(officer, site, session, [one, other])
    for what in ("booklet", "sheet"):
        with officer.expect_download(timeout=60_000) as got:
            officer.click(f"button[name=what][value={what}]")
        got.value.save_as(tmp_path / f"{what}.pdf")
        assert (tmp_path / f"{what}.pdf").read_bytes().startswith(b"%PDF-1.7")

    room.choose(first, 2, 1)
    expect(first.locator("h1")).to_contain_text("已改用纸质试卷", timeout=15_000)
    assert room.answers(site, one) == {1: "B"}

    _key(officer, site, one, {"2": "c", "3": "a"})
    _key(invigilator, site, one, {"2": "c", "3": "b"})
    expect(invigilator.locator(".flashes")).to_contain_text("不一致")
    _settle(officer, site, one)
    _key(officer, site, other, {"1": "d"})
    _key(invigilator, site, other, {"1": "D"})
    expect(invigilator.locator(".flashes")).to_contain_text("答题纸已收")

    assert room.answers(site, one) == {1: "B", 2: "C", 3: "B"}
    assert room.answers(site, other) == {1: "D"}
    for ref, page in ((one, first), (other, second)):
        own = room.sitting(site, ref)
        assert (own["state"], own["closed_by"], own["late"]) == ("closed", "paper", 0)
        page.goto(f"{site.url}/sittings/{ref}/receipt")
        expect(page.locator("main")).to_contain_text(str(own["receipt"]))
        assert _results(site, ref) >= 1


def _page(browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
    page.set_default_timeout(20_000)
    return page


def _session(site: Site, ref: str) -> str:
    query = "SELECT e.ref FROM exam_sessions e JOIN sittings s ON s.session_id = e.id WHERE s.ref = ?"
    with closing(room.database(site)) as link:
        return str(link.execute(query, (ref,)).fetchone()[0])


def _appoint(site: Site, session: str) -> None:
    """The invigilator of the demonstration watches this session."""
    with closing(room.database(site)) as link, link:
        link.execute(
            "INSERT OR IGNORE INTO session_invigilators (base_id, session_id, person_id, room) SELECT e.base_id, e.id,"
            " p.id, '' FROM exam_sessions e, people p WHERE e.ref = ? AND p.account = 'jiankao'",
            (session,),
        )


def _results(site: Site, ref: str) -> int:
    query = "SELECT count(*) FROM results r JOIN sittings s ON s.id = r.sitting_id WHERE s.ref = ?"
    with closing(room.database(site)) as link:
        return int(link.execute(query, (ref,)).fetchone()[0])


def _to_paper(page: Page, site: Site, session: str, refs: list[str]) -> None:
    page.goto(f"{site.url}/exam-sessions/{session}/paper")
    _look(page)
    for ref in refs:
        with closing(room.database(site)) as link:
            (person,) = link.execute("SELECT person_id FROM sittings WHERE ref = ?", (ref,)).fetchone()
        page.check(f"input[name=person][value='{person}']")
    page.fill("#reason", "考场停电")
    page.fill("#minutes", "10")
    page.click("button[formaction$='/switch']")
    expect(page.locator(".flashes")).to_contain_text("已有 2 人改用纸质试卷")
    page.goto(f"{site.url}/exam-sessions/{session}/paper?tick=paper")


def _key(page: Page, site: Site, ref: str, typed: dict[str, str]) -> None:
    page.goto(f"{site.url}/exam-sessions/sittings/{ref}/sheet")
    expect(page.locator("form[data-sheet]")).to_be_visible()
    _look(page)
    for field, text in typed.items():
        page.fill(f"#f-{field}", text)
    page.keyboard.press("Enter")  # leads on and sends nothing
    page.click("button[value=done]")
    page.wait_for_url(re.compile(r"/sheets$"))


def _settle(page: Page, site: Site, ref: str) -> None:
    page.goto(f"{site.url}/exam-sessions/sittings/{ref}/sheet/differences")
    expect(page.locator("fieldset")).to_have_count(1)
    _look(page)
    page.check("input[name='c-3'][value='2']")
    page.click("main form button.btn--primary")
    page.wait_for_url(re.compile(r"/sheets$"))
    expect(page.locator(".flashes")).to_contain_text("答题纸已收")


def _look(page: Page) -> None:
    """No axe violation and nothing to scroll sideways, on a desk and on a phone."""
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(AXE)
        assert violations(page) == []
        assert not scrolls_sideways(page)
