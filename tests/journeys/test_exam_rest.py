"""Answers that are still on the device when the exam is closed: every one is sent, and forgotten only when it is kept."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import room
from tests.journeys.looks import AXE, violations
from tests.journeys.site import Site
from tests.journeys.test_exam_queue import leave_anyway, send_now, wait_saved

WEAK = """
const really = window.fetch;
window.fetch = (to, how) => {
  const carried = /answers$/.test(to) && sessionStorage.most ? JSON.parse(how.body).entries.length : 0;
  if (!carried) return really(to, how);
  const left = +(sessionStorage.left || 1000);
  if (carried > +sessionStorage.most || !left) return Promise.reject(new DOMException('weak', 'AbortError'));
  sessionStorage.left = left === 1 ? '0.0' : left - 1;
  return really(to, how);
};
"""
"""In this tab a request carries at most sessionStorage.most answers, and only so many requests get through."""
ON_DEVICE = """
() => new Promise((yes) => {
  const opening = indexedDB.open('exam');
  opening.onsuccess = () => {
    const counting = opening.result.transaction('queue').objectStore('queue').count();
    counting.onsuccess = () => { opening.result.close(); yes(counting.result); };
  };
})
"""
HAND_IN = """
() => fetch(document.getElementById('exam').dataset.handIn, {
  method: 'POST', body: '{}',
  headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf-token]').content },
}).then((reply) => reply.status)
"""


def carry(page: Page, most: int, requests: int = 0) -> None:
    """So many answers in one request, and so many requests; 0 requests is no limit."""
    page.evaluate(
        "([most, left]) => { sessionStorage.most = most; sessionStorage.left = left || 1000; }", [most, requests]
    )


def answer_twenty(page: Page) -> None:
    """Twenty answers of which none gets through."""
    for slot in range(1, 21):
        room.choose(page, slot, slot % 4)
    expect(page.locator("#save-text")).to_have_text("未上传 20 题")
    assert page.evaluate(ON_DEVICE) == 20


def kept(site: Site, ref: str) -> dict[int, Any]:
    """What the server keeps of the refused entries, by slot."""
    query = "SELECT content FROM refused_entries JOIN sittings ON sittings.id = sitting_id WHERE ref = ?"
    with closing(room.database(site)) as link:
        rows = [json.loads(content) for (content,) in link.execute(query + " AND reason = 'Closed'", (ref,))]
    return {entry["slot"]: entry["value"] for row in rows for entry in row}


EXPECTED = {slot: "ABCD"[slot % 4] for slot in range(1, 21)}


def test_an_exam_that_is_closed_meanwhile_takes_in_the_whole_queue(site: Site, page: Page) -> None:
    page.add_init_script(WEAK)
    ref = room.begin(page, site)
    wait_saved(page)
    carry(page, 0)
    page.evaluate("() => { sessionStorage.most = '0.5'; }")
    answer_twenty(page)
    assert page.evaluate(HAND_IN) == 200
    carry(page, 5)
    send_now(page)
    page.wait_for_url("**/receipt*", timeout=60_000)
    assert kept(site, ref) == EXPECTED
    assert room.answers(site, ref) == {}
    expect(page.locator("main")).to_contain_text("结束后有 20 条作答到达。")
    assert page.evaluate(ON_DEVICE) == 0


@pytest.mark.long
def test_what_cannot_be_sent_stays_on_the_device_and_goes_out_from_the_receipt(site: Site, page: Page) -> None:
    page.add_init_script(WEAK)
    ref = room.begin(page, site)
    wait_saved(page)
    page.evaluate("() => { sessionStorage.most = '0.5'; }")
    answer_twenty(page)
    assert page.evaluate(HAND_IN) == 200
    carry(page, 5, requests=1)
    send_now(page)
    expect(page.locator("#banner-2")).to_have_text(
        "无法连接服务器。未送达的作答会留在本设备上，直到上传成功。请不要关闭此页。", timeout=60_000
    )
    assert len(kept(site, ref)) == 5
    assert page.evaluate(ON_DEVICE) == 15
    leave_anyway(page)
    page.goto(f"{site.url}/sittings/{ref}/receipt")
    expect(page.locator("[data-say=away]")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-say=away]")).to_contain_text("有 15 条作答未能上传，仍保存在本设备上。")
    page.evaluate(AXE)
    assert violations(page) == []
    assert page.evaluate(ON_DEVICE) == 15
    carry(page, 5)
    send_now(page)
    expect(page.locator("[data-say=done]")).to_be_visible(timeout=90_000)
    expect(page.locator("[data-say=done]")).to_contain_text("先前未送达的 15 条作答已上传到服务器。")
    assert kept(site, ref) == EXPECTED
    assert page.evaluate(ON_DEVICE) == 0
    page.reload()
    expect(page.locator("main")).to_contain_text("结束后有 20 条作答到达。")
    expect(page.locator("#rest")).to_be_hidden()
