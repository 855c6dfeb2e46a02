"""The whole thread in a real browser: learn, sit, be marked, be decided on, be certified, be verified, be withdrawn."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys import room
from tests.journeys.paper import key_of
from tests.journeys.people import sign_in, sign_out
from tests.journeys.site import ROOT, Site

NAME, OTHER = "赵平例", "王小明"


def test_learn_sit_be_certified_be_verified(site: Site, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN", accept_downloads=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page, site, "xueyuan")
    _study(page, site)
    _sit(page, site)
    sign_out(page, site)
    _mark(page, site)
    sign_out(page, site)
    _decide(page, site)
    sign_out(page, site)
    number, pdf = _fetch_certificate(page, site, tmp_path)
    sign_out(page, site)
    _verify_on_the_page(page, site, number, pdf)
    _verify_by_command(site, pdf, expected=0)
    _withdraw(page, site, number)
    sign_out(page, site)
    assert _verify_by_number(page, site, number, NAME) == "证书已撤销，不再有效"
    context.close()


def _study(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/learn/courses/internal-auditor")
    page.locator("main a[href*='/lessons/']").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert "4.1" in page.inner_text("main")


def _sit(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/exams")
    page.click("form[action$='/sitting'] button")
    page.check("#mine")
    page.check("#accept")
    page.click("#begin")
    page.wait_for_url(re.compile(r"/sittings/[0-9a-f]{32}(#q1)?$"))
    address = page.url.split("#")[0]
    ref = address.rsplit("/", 1)[1]
    document = page.content()
    for secret in ("because", "rubric", "answer_key", "version"):
        assert f'"{secret}"' not in document
    for row in key_of(site, ref):
        _answer(page, row["slot"], row["kind"], row["answer"])
    expect(page.locator("#t-done")).to_have_text("44")
    expect(page.locator("#save")).to_have_attribute("data-state", "saved")
    page.goto(f"{address}/check")
    assert "全部题目已作答" in page.inner_text("main")
    page.check("#sure")
    page.click("form[action$='/hand-in'] button.btn--danger")
    page.wait_for_url(re.compile(r"/receipt"))
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.inner_text("main"))


def _answer(page: Page, slot: int, kind: str, answer: object) -> None:
    page.click(f"#palette [data-cell='{slot}']")
    section = page.locator(f"#q{slot}")
    if kind == "short":
        section.locator("textarea").fill(str(answer))
    elif kind == "case":
        assert isinstance(answer, dict)
        for name, text in answer.items():
            box = section.locator(f"[name='q{slot}.{name}']")
            if name == "clause":
                room.pick_clause(page, slot, text)
            else:
                box.select_option(text) if name == "grade" else box.fill(text)
    else:
        assert isinstance(answer, list)
        for letter in answer:
            section.locator(f"label.opt:has(input[value='{letter}'])").click()


def _mark(page: Page, site: Site) -> None:
    sign_in(page, site, "yuejuan")
    page.goto(f"{site.url}/marking/next")
    for _ in range(60):
        if page.locator("form[data-quick]").count() == 0:
            break
        assert NAME not in page.inner_text("main"), "marking is blind"
        for group in page.locator("form[data-quick] fieldset").all():
            group.locator("input[type=radio]").first.check()
        page.click("form[data-quick] button.btn--primary")
        page.wait_for_load_state()
    else:
        raise AssertionError("the pile does not end")


def _decide(page: Page, site: Site) -> None:
    sign_in(page, site, "fazheng")
    page.goto(f"{site.url}/decisions")
    page.locator("tr", has_text=NAME).locator("a").last.click()
    page.fill("#reason", "符合全部要求。")
    page.click("button[value=certify]")
    page.wait_for_load_state()
    assert page.locator("tr", has_text=NAME).count() == 0


def _fetch_certificate(page: Page, site: Site, folder: Path) -> tuple[str, Path]:
    sign_in(page, site, "xueyuan")
    for _ in range(40):  # the worker signs it within seconds
        page.goto(f"{site.url}/my/certificates")
        if page.locator("a[href$='/file']").count():
            break
        page.wait_for_timeout(500)
    number = re.search(r"DEM0-NSY23-\d{4}-\d{6}-[0-9A-Z]", page.inner_text("main"))
    assert number
    with page.expect_download() as download:
        page.locator("a[href$='/file']").first.click()
    path = folder / "certificate.pdf"
    download.value.save_as(path)
    assert "NSY23" in download.value.suggested_filename
    told = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told and "Total document signed" in told
    return number[0], path


def _verify_by_number(page: Page, site: Site, number: str, name: str) -> str:
    page.goto(f"{site.url}/verify?lang=zh_CN")
    page.fill("input[name=number]", number.lower())
    page.fill("input[name=name]", name)
    page.click("form.vf-form button")
    page.wait_for_selector("#verdict")
    return page.inner_text("#verdict")


def _verify_on_the_page(page: Page, site: Site, number: str, pdf: Path) -> None:
    assert _verify_by_number(page, site, number, NAME) == "证书有效"
    text = page.inner_text("main")
    assert NAME not in text, "the name is masked"
    assert "姓名一致" in text or "一致" in text
    page.goto(f"{site.url}/verify?lang=zh_CN")
    page.fill("input[name=number]", number)
    page.fill("input[name=name]", OTHER)
    page.click("form.vf-form button")
    expect(page.locator("#name-error")).to_contain_text("不一致")
    assert page.locator("#verdict").count() == 0, "who knows only the number learns nothing of the holder"
    page.goto(f"{site.url}/verify")
    page.set_input_files("input[type=file]", pdf)
    page.click("form.vf-file button")
    page.wait_for_selector("#verdict")
    assert page.inner_text("#verdict") == "证书有效"
    changed = pdf.with_name("changed.pdf")
    changed.write_bytes(pdf.read_bytes() + b"\n% changed\n")
    page.goto(f"{site.url}/verify")
    page.set_input_files("input[type=file]", changed)
    page.click("form.vf-file button")
    page.wait_for_selector("#verdict")
    assert page.inner_text("#verdict") == "文件与签名不符"
    assert number not in page.inner_text("section.card"), "nothing else is shown from such a file"


def _verify_by_command(site: Site, pdf: Path, *, expected: int) -> None:
    root = pdf.with_name("root.pem")
    root.write_bytes((site.instance / "keys" / "certificates" / "root.pem").read_bytes())
    env = {**os.environ, "IPA_INSTANCE_PATH": str(pdf.parent / "elsewhere")}
    flask = [sys.executable, "-m", "flask", "--app", "app", "certificates", "verify"]
    done = subprocess.run(
        [*flask, str(pdf), "--trust-root", str(root), "--json"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout), done.stderr
    assert done.returncode == expected, done.stdout
    changed = subprocess.run(
        [*flask, str(pdf.with_name("changed.pdf")), "--trust-root", str(root)],
        cwd=ROOT,
        env=env,
        check=False,
        capture_output=True,
    )
    assert changed.returncode == 1


def _withdraw(page: Page, site: Site, number: str) -> None:
    sign_in(page, site, "fazheng")
    page.goto(f"{site.url}/certificates?q={number}")
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name="撤销证书").click()
    page.locator("[name=reason]").first.check() if page.locator("input[name=reason]").count() else page.select_option(
        "[name=reason]", index=1
    )
    page.click("main form button.btn--danger")
    page.wait_for_load_state()
