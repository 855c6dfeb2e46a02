"""The handout of a module: what it says, who gets it, and that it is made once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import gettext

from app import clock
from app.accounts.services import people
from app.cohorts.models import Enrolment
from app.cohorts.services.rules import set_rules
from app.cohorts.study_rules import Rules
from app.courses import services
from app.courses.content.printed import blocks
from app.courses.handout import Speech
from app.courses.services.handout import HandoutClosed, module_handout
from app.documents.blocks import Figure, Heading, Items, Paragraph, Quotation, Table, plain
from app.files.services import forget_made
from app.refusals import NotFound
from app.store import db, settings, writing
from tests.courses.samples import CODE, SHORT, Learner, base, course_folder, courses_folder, learner
from tests.courses.test_views import sign_in
from tests.documents.test_pdf import tool

HERE = f"/learn/courses/{CODE}/modules/A4/handout.pdf"
SPEECH = Speech("zh_CN", lambda message: message, date.isoformat)


@pytest.fixture
def one(db_app: Flask) -> Learner:
    with writing():
        services.load_courses(courses_folder())
    return learner(base())


def test_markdown_becomes_blocks() -> None:
    found = blocks(
        "开头。\n\n## 一节\n\n**要点。** 后面\n\n1. 甲\n2. 乙\n\n- 丙\n\n| 问 | 看 |\n|---|---|\n| 一 | 二 |\n\n"
        "> 别问。\n>\n> —— 讲师提示\n\n![说明](none)\n\n![图](a)\n",
        {"a": '<svg viewBox="0 0 640 90"><rect class="box" x="1" y="1" width="9" height="9"/></svg>'},
        "zh_CN",
    )
    kinds = [type(one) for one in found]
    assert kinds == [Paragraph, Heading, Paragraph, Items, Items, Table, Quotation, Paragraph, Figure]
    assert plain(found[2].words) == "要点。后面" and found[2].words[0].bold  # type: ignore[union-attr]
    assert found[3].marks == ("1.", "2.") and found[4].marks == ("•",)  # type: ignore[union-attr]
    assert plain(found[6].source) == "讲师提示"  # type: ignore[union-attr]
    assert found[8].alternative == "图"  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_pdf_has_the_whole_module_in_order(one: Learner, db_app: Flask, tmp_path: Path, language: str) -> None:
    answer = sign_in(db_app, one.person_id, language).get(HERE)
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    name = {"zh_CN": "A4%20%E8%B5%84%E6%BA%90%E7%AE%A1%E7%90%86.pdf", "en": "A4%20Resource%20management.pdf"}
    assert f"filename*=UTF-8''{name[language]}" in answer.headers["Content-Disposition"]
    (tmp_path / "a.pdf").write_bytes(answer.data)
    assert "No syntax" in tool("qpdf", "--check", str(tmp_path / "a.pdf"))
    text = re.sub(r"\s", "", tool("pdftotext", str(tmp_path / "a.pdf"), "-"))
    contents = services.get_course(one.person_id, CODE)
    places = []
    for line in contents.outline.lines:
        places.append(text.index(re.sub(r"\s", "", line.lesson.source[language]).translate({0x2019: "'"})))
        for check in line.lesson.checks:
            assert re.sub(r"\s", "", check.stem[language]).translate(STRAIGHT[language]) in text
            for option in check.options:
                assert re.sub(r"\s", "", option.because[language]).translate(STRAIGHT[language]) in text
    assert places == sorted(places)
    assert "GB/T29490-2023" in text
    assert {"zh_CN": "第3页，共", "en": "Page3of"}[language] in text


STRAIGHT = {"zh_CN": {}, "en": {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}}


def test_the_file_is_made_once_and_not_sent_again(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    first = client.get(HERE)
    key = first.headers["ETag"].strip('"')
    kept = settings().instance_path / "handouts" / f"{key}.pdf"
    assert kept.read_bytes() == first.data
    kept.write_bytes(b"%PDF kept")
    assert client.get(HERE).data == b"%PDF kept"
    forget_made("handouts", clock.now() - timedelta(days=1))
    assert kept.exists()
    forget_made("handouts", clock.now() + timedelta(days=1))
    assert not kept.exists()
    assert client.get(HERE, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(HERE).data == first.data


def test_another_text_is_another_file(one: Learner, tmp_path: Path) -> None:
    before = module_handout(one.person_id, CODE, "A4", SPEECH)
    folder = course_folder(tmp_path)
    file = next((folder.parent / "modules").rglob("*6.1.1.zh_CN.md"))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("## ", "补一句。\n\n## ", 1), encoding="utf-8")
    with writing():
        services.load_course(folder)
    assert module_handout(one.person_id, CODE, "A4", SPEECH).key != before.key


def test_only_who_takes_the_course_gets_it(one: Learner, db_app: Flask) -> None:
    with writing():
        stranger = people.add_person(account="stranger", name="外人", password=None)
    for person, address in (
        (stranger, HERE),
        (one.person_id, HERE.replace("A4", "A9")),
        (one.person_id, HERE.replace(CODE, SHORT)),
    ):
        assert sign_in(db_app, person).get(address).status_code in {403, 404}
    assert db_app.test_client().get(HERE).status_code in {302, 303, 401}
    with pytest.raises(NotFound):
        module_handout(stranger, CODE, "A4", SPEECH)


def test_a_class_with_an_order_gives_it_when_the_last_lesson_is_open(one: Learner, db_app: Flask) -> None:
    cohort = db.session.get_one(Enrolment, one.enrolment_id).cohort_id
    with writing():
        set_rules(cohort, Rules(order="lessons"), by=None)
    with pytest.raises(HandoutClosed):
        module_handout(one.person_id, CODE, "A4", SPEECH)
    client = sign_in(db_app, one.person_id, "en")
    assert client.get(HERE).status_code == 403
    outline = client.get(f"/learn/courses/{CODE}").text
    assert "handout.pdf" not in outline and gettext("Handout (PDF)") in outline
    assert "handout.pdf" not in client.get(f"/learn/courses/{CODE}/lessons/2013-6.1.1").text
    lines = services.get_course(one.person_id, CODE).outline.lines
    for line in lines[:-1]:
        with writing():
            services.complete_lesson(one.person_id, line.id, CODE)
    assert client.get(HERE).status_code == 200
    assert "handout.pdf" in client.get(f"/learn/courses/{CODE}").text
