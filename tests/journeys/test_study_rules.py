"""Study rules, the quiz and the practical audit in a real browser: blocked, studied, passed, admitted, handed in."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.courses.workshop import EXERCISE, exercise_folder
from tests.journeys import room
from tests.journeys.looks import AXE, scrolls_sideways, violations
from tests.journeys.people import sign_in
from tests.journeys.site import ROOT, Site

COURSE = "/learn/courses/internal-auditor"
WORK = f"{COURSE}/exercises/{EXERCISE}"
QUIZ = f"{COURSE}/modules/A4/quiz"


@pytest.fixture(scope="module")
def ready(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with a practical audit in a module, and practice items enough for the quiz of the same module."""
    root = tmp_path_factory.mktemp("content") / "courses"
    shutil.copytree(ROOT / "courses", root)
    exercise_folder(root)
    path = root / "internal-auditor" / "course.yaml"
    text, count = re.subn(
        r"(folder: a4-resources\n    hours: )\d+\n", rf"\g<1>8\n    practice_minutes: 240\n    exercise: {EXERCISE}\n",
        path.read_text(encoding="utf-8"), count=1,
    )  # fmt: skip
    assert count == 1
    path.write_text(text, encoding="utf-8")
    env = {**os.environ, "IPA_INSTANCE_PATH": str(site.instance), "IPA_ORIGIN": site.url}
    command = [sys.executable, "-m", "flask", "--app", "app", "courses", "load", str(root)]
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    with closing(room.database(site)) as link, link:
        asked = (
            "clause_group = '6' AND topic = 'standard' AND kind IN ('single', 'multiple', 'judge')"
            " AND bank_id = (SELECT id FROM banks WHERE code = 'gbt29490-2013')"
        )
        link.execute(f"UPDATE items SET pool = 'practice' WHERE {asked}")
        # The one module whose quiz can be taken here is the one with the items.
        link.execute(f"UPDATE items SET status = 'draft' WHERE pool = 'practice' AND NOT ({asked})")
    yield site


def judged(page: Page, *, widths: tuple[int, ...] = (1280, 375)) -> None:
    """The page as it stands keeps to axe and does not scroll sideways, in light and dark."""
    page.evaluate(AXE)
    for scheme, width in zip(("light", "dark"), widths, strict=True):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [], (page.url, scheme, width)
        assert not scrolls_sideways(page), (page.url, width)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})


def keys_of(site: Site, page: Page) -> list[list[str]]:
    """The right answers of the try on the page, read on the server's side."""
    number = page.url.rsplit("/", 1)[1].split("?")[0]
    with closing(room.database(site)) as link:
        (form,) = link.execute("SELECT form FROM quiz_tries WHERE id = ?", (number,)).fetchone()
        bodies = {row["version"]: json.loads(link.execute(
            "SELECT content FROM item_versions WHERE hash = ?", (row["version"],)
        ).fetchone()[0]) for row in json.loads(form)}  # fmt: skip
    found = []
    for row in json.loads(form):
        item = bodies[row["version"]]
        if row["kind"] == "judge":
            found.append([item["answer"]])
        else:
            shown = enumerate(row["options"])
            found.append(["ABCDEFGH"[place] for place, n in shown if item["options"][n].get("right")])
    return found


def test_the_rules_keep_the_exam_shut_until_they_are_met(ready: Site, page: Page) -> None:
    sign_in(page, ready, "guize02")
    page.goto(f"{ready.url}/exams")
    assert page.locator("form[action$='/sitting']").count() == 0
    page.click("text=看看还缺什么")
    card = page.locator("#study-rules")
    expect(card).to_contain_text("还差 1 项")
    judged(page)
    card.locator(f"a[href='{QUIZ}']").click()
    judged(page)
    page.click("text=开始小测")
    judged(page)
    page.click("main form button")  # nothing answered: the page comes back and says so
    expect(page.locator(".err-summary")).to_contain_text("8 题未作答")
    judged(page)
    page.click("button:has-text('就这样提交')")
    expect(page.locator("h1")).to_contain_text("未通过")
    judged(page)
    page.goto(f"{ready.url}{QUIZ}")
    page.click("text=开始小测")
    for number, letters in enumerate(keys_of(ready, page), 1):
        for letter in letters:
            page.check(f"input[name='q{number}'][value='{letter}']")
    page.click("main form button")
    expect(page.locator("h1")).to_contain_text("通过：8 题答对 8 题")
    page.goto(f"{ready.url}/exams")
    page.click("form[action$='/sitting'] button")
    page.wait_for_url(re.compile(r"/sittings/[0-9a-f]{32}/notice"))
    assert page.__dict__["troubles"] == []


def test_an_exam_asked_for_past_the_page_says_what_is_missing(ready: Site, page: Page) -> None:
    sign_in(page, ready, "guize")
    page.goto(f"{ready.url}/exams")
    with closing(room.database(ready)) as link:
        (ref,) = link.execute("SELECT ref FROM exam_sessions WHERE title_zh LIKE '%第 4 期%'").fetchone()
    page.evaluate(
        """ref => { const form = document.createElement('form'); form.method = 'post'; form.action = `/exams/${ref}/sitting`;
        const field = document.createElement('input'); field.name = 'csrf_token';
        field.value = document.querySelector('meta[name=csrf-token]').content;
        form.append(field); document.body.append(form); form.submit(); }""",
        ref,
    )
    expect(page.locator("h1")).to_have_text("暂时不能参加考试")
    expect(page.locator("main")).to_contain_text("模块小测")
    judged(page)
    with closing(room.database(ready)) as link:
        query = "SELECT count(*) FROM sittings JOIN people ON people.id = person_id WHERE account = 'guize'"
        assert link.execute(query).fetchone() == (0,)


def test_a_closed_lesson_leads_to_what_opens_it(ready: Site, page: Page) -> None:
    sign_in(page, ready, "guize")
    page.goto(f"{ready.url}{COURSE}/lessons/2013-9.3")
    expect(page.locator("h1")).to_have_text("这一课还没有开放")
    judged(page)
    page.click("main .btn--primary")
    page.wait_for_url(re.compile(f"{COURSE}/(lessons/|modules/)"))
    assert page.locator("h1").inner_text() != "这一课还没有开放"


def test_staff_set_rules_and_admit_by_exception(ready: Site, page: Page) -> None:
    sign_in(page, ready, "guanli")
    page.goto(f"{ready.url}/cohorts")
    page.click("text=2026 年第 4 期")
    page.click(".tabs >> text=学习规则")
    judged(page)
    page.fill("#hours", "9")
    page.click("text=执行这些规则")
    expect(page.locator(".flashes")).to_contain_text("学习规则已执行")
    page.click(".tabs >> text=学习与考勤")
    expect(page.locator("main")).to_contain_text("满 9 学时")
    row = page.locator("tr", has_text="卫规例")
    row.locator("a").click()
    page.click("main form button")
    expect(page.locator(".err-summary")).to_be_visible()
    judged(page)
    page.fill("#reason", "以前的学时已核实")
    page.click("main form button")
    expect(page.locator("tr", has_text="卫规例")).to_contain_text("例外准考")
    judged(page)


def test_a_task_from_draft_to_model_answer(ready: Site, page: Page, context: BrowserContext) -> None:
    sign_in(page, ready, "guize03")
    page.goto(f"{ready.url}{WORK}")
    judged(page)
    page.click("main .btn--primary")
    page.fill("#r0-time", "11-09 09:00")
    page.fill("#r0-place", "知识产权办公室")
    said = page.locator("[data-said]")
    expect(said).to_contain_text("草稿已保存")
    page.reload()
    expect(page.locator("#r0-place")).to_have_value("知识产权办公室")
    context.set_offline(True)
    page.fill("#r0-auditor", "林岚")
    expect(said).to_contain_text("网络断开了", timeout=15_000)
    judged(page)
    context.set_offline(False)
    expect(said).to_contain_text("草稿已保存", timeout=15_000)
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("#r0-auditor")).to_have_value("林岚")
    page.fill("#r0-method", "查阅台账")
    expect(said).to_contain_text("草稿已保存", timeout=15_000)
    other.fill("#r0-method", "访谈")
    expect(other.locator("[data-said]")).to_contain_text("另存为一个版本", timeout=15_000)
    page.reload()
    expect(page.locator("#r0-method")).to_have_value("查阅台账")
    expect(page.locator(".versions")).to_contain_text("另一个版本")
    judged(page)
    page.click("text=删除这个版本")
    expect(page.locator(".flashes")).to_contain_text("已删除")
    other.close()
    assert "林岚（研发部）" not in page.content()
    page.click("text=提交并看参考答案")
    page.wait_for_url(re.compile(r"/comparison/1$"))
    expect(page.locator("main")).to_contain_text("林岚（研发部）")
    judged(page)
    page.check("#point-meetings")
    page.click("text=保存对照")
    expect(page.locator("#point-meetings")).to_be_checked()
    page.click("text=下一项任务")
    expect(page.locator("#r0-check")).to_have_value("专利是否按期缴费维持")
    assert page.__dict__["troubles"] == []


def test_a_lost_sign_in_loses_no_text(ready: Site, page: Page) -> None:
    sign_in(page, ready, "guize")
    page.goto(f"{ready.url}{WORK}/tasks/plan")
    page.fill("#r0-time", "11-10")
    expect(page.locator("[data-said]")).to_contain_text("草稿已保存")
    room.sign_everybody_out(ready)
    page.fill("#r0-place", "研发部")
    expect(page.locator("[data-said]")).to_contain_text("登录已失效", timeout=15_000)
    page.fill("#relogin-pw", room.PASSWORD)
    page.click("#relogin button[type=submit]")
    expect(page.locator("[data-said]")).to_contain_text("草稿已保存", timeout=15_000)
    room.sign_everybody_out(ready)
    page.fill("#r0-place", "研发一部")
    expect(page.locator("#dlg-login")).to_be_visible(timeout=15_000)
    sign_in(page, ready, "guize")
    page.goto(f"{ready.url}{WORK}/tasks/plan")
    expect(page.locator("#r0-place")).to_have_value("研发一部")
    expect(page.locator("[data-said]")).to_contain_text("草稿已保存", timeout=15_000)


def test_without_scripts_a_task_is_a_form(ready: Site, browser: Browser) -> None:
    plain = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 375, "height": 800})
    page = plain.new_page()
    sign_in(page, ready, "guize02")
    page.goto(f"{ready.url}{WORK}/tasks/plan")
    page.fill("#r0-time", "11-11")
    page.click("text=再加几行")
    expect(page.locator("#r0-time")).to_have_value("11-11")
    page.click("text=保存草稿")
    expect(page.locator(".flashes")).to_contain_text("草稿已保存")
    page.click("text=提交并看参考答案")
    expect(page.locator("h1")).to_contain_text("对照")
    plain.close()


def test_a_teacher_records_attendance_and_comments(ready: Site, page: Page, tmp_path: Path) -> None:
    sign_in(page, ready, "jiaoshi")
    page.goto(f"{ready.url}/cohorts")
    page.click("text=2026 年第 4 期")
    page.click(".tabs >> text=面授")
    judged(page)
    page.click("text=首次面授")
    row = page.locator("tr", has_text="季规例")
    row.locator("input[value=present]").check()
    page.click("text=保存考勤")
    expect(page.locator(".flashes")).to_contain_text("已登记 1 人")
    expect(page.locator("tr", has_text="季规例")).to_contain_text("此前 1 次登记")
    judged(page)
    page.goto(f"{ready.url}/cohorts")
    page.click("text=2026 年第 4 期")
    page.click(".tabs >> text=实训")
    judged(page)
    page.locator("tbody a").first.click()
    page.fill("#text", "末次会议写得清楚。")
    page.click("text=写评语")
    expect(page.locator(".comment").last).to_contain_text("末次会议写得清楚")
    judged(page)


def test_the_time_of_a_practical_audit_counts_and_that_of_an_idle_page_does_not(ready: Site, page: Page) -> None:
    sign_in(page, ready, "guize02")
    times = f"{ready.url}{COURSE}/time"
    page.clock.install()
    with page.expect_response("**/study/beat") as first:
        page.goto(f"{ready.url}{WORK}")
    assert first.value.json() == {"minutes": 0}
    _let_pass(ready, page, seconds=50)
    _let_pass(ready, page, seconds=50)
    expect(page.locator("[data-minutes]")).to_have_text("本实训已计入 1 分钟")
    under_way: set[Request] = set()
    page.on("request", lambda request: under_way.add(request))
    page.on("requestfinished", lambda request: under_way.discard(request))
    page.clock.run_for(900_000)  # a quarter of an hour without a touch
    while under_way:
        page.wait_for_timeout(50)
    _earlier(ready, 900)
    with page.expect_response("**/study/beat") as woken:
        page.mouse.move(60, 60)
    assert woken.value.json() == {"minutes": 1}
    judged(page)
    page.goto(times)
    row = page.locator(".daytime tr", has_text="实训：明灯公司内部审核")
    expect(row).to_contain_text("1 分钟")
    expect(row).to_contain_text("没有操作")
    expect(page.locator("dl").first).to_contain_text("实训：明灯公司内部审核：1 分钟，最多计入 480 分钟")
    judged(page)


def _let_pass(site: Site, page: Page, *, seconds: int) -> None:
    """Read on for so long: the browser's clock and the server's."""
    _earlier(site, seconds)
    page.mouse.move(seconds, 40)
    with page.expect_response("**/study/beat"):
        page.clock.run_for(30_000)


def _earlier(site: Site, seconds: int) -> None:
    """Put what the server has heard so far further back."""
    with closing(room.database(site)) as link, link:
        for column in ("last_at", "started_at"):
            link.execute(
                f"UPDATE study_visits SET {column} = strftime('%Y-%m-%d %H:%M:%f000', {column}, ?)",
                (f"-{seconds} seconds",),
            )
