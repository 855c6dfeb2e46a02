"""What the browser and the server each say of the same answers at hand-in, and what happens when it is not the same."""

from __future__ import annotations

import json
import random
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.banks.responses import CASE_FIELDS, clean
from app.exams import journal
from app.settings import ROOT
from tests.journeys import room
from tests.journeys.looks import AXE, violations
from tests.journeys.site import Site

JS = ROOT / "app" / "static" / "js" / "exam-digest.js"
# White space of both languages' kinds, line ends, quotes, controls, characters outside the first plane, halves of them.
HARD = [
    *" \t\n\x0b\x0c\r\x00\x1c\x1f\x7f\x85\xa0\u1680\u2000\u200b\u2028\u2029\u3000\ufeff", "\r\n", '"', "\\", "/", "<",
    "知", "é", "e\u0301", "𠮷", "😀", "\ud83d", "\ude00", "A", "z", "0",
]  # fmt: skip


def text(dice: random.Random) -> str:
    return "".join(dice.choices(HARD, k=dice.randint(0, 9)))


def answer(kind: str, dice: random.Random) -> Any:
    """An answer as the page reads it, often of an awkward kind."""
    if dice.random() < 0.1:
        return None
    if kind == "single":
        return dice.choice("ABCD")
    if kind == "judge":
        return dice.choice(["correct", "incorrect"])
    if kind == "multiple":
        return dice.choices("ABCD", k=dice.randint(0, 4))
    if kind == "short":
        return text(dice)
    if kind == "blank":
        return [text(dice) for _ in range(dice.randint(1, 3))]
    fields = {name: text(dice) for name in CASE_FIELDS if name not in {"grade", "clause"} and dice.random() < 0.7}
    return fields | ({"grade": "minor", "clause": "6.1.3"} if dice.random() < 0.5 else {})


def papers(count: int) -> list[list[tuple[int, str, Any]]]:
    dice = random.Random(29490)
    kinds = ["single", "multiple", "judge", "blank", "short", "case"]
    return [
        [(slot, kind, answer(kind, dice)) for slot, kind in enumerate(dice.choices(kinds, k=dice.randint(0, 12)), 1)]
        for _ in range(count)
    ]


def test_the_browser_and_the_server_make_the_same_digest_of_the_same_answers(browser: Browser) -> None:
    made, refs = papers(1500), [f"{number:032x}" for number in range(1500)]
    page = browser.new_page()
    page.route("https://digest.test/**", lambda route: route.fulfill(
        body=JS.read_text("utf-8") if route.request.url.endswith(".js") else "<title>x</title>",
        content_type="text/javascript" if route.request.url.endswith(".js") else "text/html",
    ))  # fmt: skip
    page.goto("https://digest.test/")
    found = page.evaluate(
        """async text => {
          const { digest, settled } = await import('/exam-digest.js'), all = [];
          for (const [ref, paper] of JSON.parse(text)) {
            all.push(await digest(ref, new Map(paper.map(([slot, kind, raw]) => [slot, settled(kind, raw)]))));
          }
          return all;
        }""",
        sent := json.dumps(list(zip(refs, made, strict=True))),
    )
    page.close()
    made = [paper for _, paper in json.loads(sent)]  # as they arrive: two halves side by side are one character
    stored = [{slot: journal.canonical(clean(kind, raw, 4)) for slot, kind, raw in paper} for paper in made]
    assert found == [journal.digest(ref, answers) for ref, answers in zip(refs, stored, strict=True)]
    assert len(set(found)) == len(found)


def damage(site: Site, ref: str, slot: int, response: str, epoch: int) -> None:
    """What no part of the site does: another answer stands on the server than the one that was acknowledged."""
    with closing(room.database(site)) as link, link:
        link.execute(
            "UPDATE answers SET response = ?, epoch = ? WHERE slot = ?"
            " AND sitting_id = (SELECT id FROM sittings WHERE ref = ?)",
            (response, epoch, slot, ref),
        )


def differences(site: Site, ref: str) -> int:
    with closing(room.database(site)) as link:
        query = "SELECT count(*) FROM ledger_entries WHERE kind = 'sitting.differed' AND subject = ?"
        return int(link.execute(query, (f"sitting:{ref}",)).fetchone()[0])


def begin_and_answer(page: Page, site: Site) -> str:
    ref = room.begin(page, site)
    for slot in (1, 2, 3):
        room.choose(page, slot, slot)
    page.locator("#palette [data-cell='41']").click()
    page.fill("#q41 textarea", "  第一行\n“第二行” 😀\u3000")
    expect(page.locator("#save")).to_have_attribute("data-state", "saved")
    page.click("#to-check")
    page.wait_for_url("**/check")
    page.check("#sure")
    return ref


def hand_in(page: Page) -> None:
    page.click("#hand-in button.btn--danger")


def test_equal_answers_are_handed_in_with_the_digest_of_the_device(site: Site, page: Page) -> None:
    ref = begin_and_answer(page, site)
    hand_in(page)
    page.wait_for_url("**/receipt*")
    with closing(room.database(site)) as link:
        query = "SELECT facts FROM ledger_entries WHERE kind = 'sitting.closed' AND subject = ?"
        facts = json.loads(link.execute(query, (f"sitting:{ref}",)).fetchone()[0])
    assert facts["shown"] == facts["digest"]
    assert differences(site, ref) == 0
    assert page.__dict__["troubles"] == []


def test_an_answer_that_is_missing_on_the_server_is_sent_once_more_before_anything_is_closed(
    site: Site, page: Page
) -> None:
    ref = begin_and_answer(page, site)
    damage(site, ref, 2, "null", 1)
    hand_in(page)
    page.wait_for_url("**/receipt*")
    assert room.answers(site, ref)[2] == "C"
    assert differences(site, ref) == 1
    assert room.sitting(site, ref)["receipt"] in page.inner_text("main")


@pytest.mark.parametrize("decided", ["look again", "hand in"])
def test_a_difference_that_stays_is_said_and_the_candidate_decides(site: Site, page: Page, decided: str) -> None:
    ref = begin_and_answer(page, site)
    damage(site, ref, 3, '"A"', 99)
    hand_in(page)
    box = page.locator("#differ")
    expect(box).to_contain_text("第 3 题")
    expect(box.locator("li")).to_have_count(1)
    expect(box.locator("[data-mine]")).to_have_text("D")
    expect(box.locator("[data-theirs]")).to_have_text("A")
    assert room.sitting(site, ref)["state"] == "open"
    page.evaluate(AXE)
    assert violations(page) == []
    if decided == "look again":  # the exam page shows what the server has
        box.locator("li a").click()
        expect(page.locator("#q3 .opt input").first).to_be_checked()
        page.click("#to-check")
        page.wait_for_url("**/check")
        page.check("#sure")
        hand_in(page)
    else:
        box.locator("button").click()
    page.wait_for_url("**/receipt*")
    assert room.answers(site, ref)[3] == "A"
    assert differences(site, ref) >= 2
