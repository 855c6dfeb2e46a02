"""People of a base: their roles, each once, their names, and who may see them."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.accounts.models import Person
from app.accounts.services import people, sessions
from app.ledger import services as ledger
from app.store import db, writing


@pytest.fixture
def base(db_app: Flask) -> int:
    with writing():
        return people.add_base(
            code="BJ", name_zh="北京", name_en="Beijing", credit_code="91110000MA01XXXX0X", region="11",
            signer_zh="", signer_en="", by=None,
        )  # fmt: skip


@pytest.fixture
def teacher(base: int) -> int:
    with writing():
        person = people.add_person(account="wang", name="王老师", password=None)
        for cohort in (1, 2, 3, 4):
            people.grant(person_id=person, role="teacher", base_id=base, by=None, cohort_id=cohort)
        people.grant(person_id=person, role="base-administrator", base_id=base, by=None)
    return person


def test_each_role_is_listed_once_with_the_number_of_its_classes(base: int, teacher: int) -> None:
    (member,) = people.members(frozenset({base}))
    assert (member.person_id, member.name) == (teacher, "王老师")
    assert dict(member.roles) == {"teacher": 4, "base-administrator": 0}
    assert people.members(frozenset({base + 1})) == []


def test_the_page_says_each_role_once_and_only_its_own_entry_is_current(db_app: Flask, teacher: int) -> None:
    with writing():
        token = sessions.open_session(teacher, agent="x")
    client = db_app.test_client()
    client.set_cookie("auditorium", token)
    page = client.get("/staff?lang=zh_CN").text
    assert page.count("教师（4 个班）") == 1 and "教师、" not in page
    assert re.findall(r'href="([^"]+)" aria-current', page) == ["/staff"]
    assert re.findall(r'href="([^"]+)" aria-current', client.get("/ledger").text) == ["/ledger"]


def test_a_name_is_corrected_and_the_ledger_does_not_repeat_it(db_app: Flask, teacher: int) -> None:
    runner = db_app.test_cli_runner()
    before = ledger.read(None, offset=0, limit=1)[1]
    told = runner.invoke(
        args=["accounts", "rename-person", "WANG", "--name", " 汪老师 ", "--name-latin", "Wang  Laoshi"]
    )
    assert (told.exit_code, told.output.strip()) == (0, "renamed")
    db.session.expire_all()
    person = db.session.get_one(Person, teacher)
    assert (person.name, person.name_latin, person.account) == ("汪老师", "Wang Laoshi", "wang")
    rows, total = ledger.read(None, offset=0, limit=1)
    assert total == before + 1
    assert (rows[0].kind, rows[0].subject) == ("person.renamed", f"person:{teacher}")
    assert rows[0].facts == {"fields": ["name", "name_latin"]}


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["wang", "--name", "王老师"], 0, "nothing to change"),
        (["wang"], 2, "Give --name"),
        (["wang", "--name", " "], 2, "A name is not empty."),
        (["nobody", "--name", "无"], 1, "There is no account nobody."),
    ],
)
def test_a_correction_that_corrects_nothing_is_told(
    db_app: Flask, teacher: int, options: list[str], code: int, words: str
) -> None:
    before = ledger.read(None, offset=0, limit=1)[1]
    told = db_app.test_cli_runner().invoke(args=["accounts", "rename-person", *options])
    assert told.exit_code == code and words in told.output
    db.session.expire_all()
    assert db.session.get_one(Person, teacher).name == "王老师"
    assert ledger.read(None, offset=0, limit=1)[1] == before


def test_names_are_given_for_people_of_the_base_only(base: int, teacher: int) -> None:
    with writing():
        stranger = people.add_person(account="far", name="远", password=None)
    assert people.names_of([teacher, stranger, None], frozenset({base})) == {teacher: "王老师"}
    assert people.names_of([teacher, stranger], None) == {teacher: "王老师", stranger: "远"}


def test_the_journal_is_told_in_sentences_with_the_names_of_the_base(db_app: Flask, base: int, teacher: int) -> None:
    with writing():
        stranger = people.add_person(account="far", name="远方", password=None)
        for by in (teacher, stranger, None):
            facts = {
                "passed": True,
                "specification": "ab" * 32,
                "deadline": "2026-11-23T01:30:00+00:00",
                "role": "marker",
            }
            ledger.record(kind="result.final", base_id=base, actor_id=by, subject=f"sitting:{'cd' * 16}", facts=facts)
        token = sessions.open_session(teacher, agent="x")
    client = db_app.test_client()
    client.set_cookie("auditorium", token)
    page = client.get("/ledger?lang=zh_CN").text
    assert page.count("成绩已确定") == 3 and ">result.final</code>" in page
    assert "王老师" in page and "远方" not in page and f">{stranger}</td>" in page and ">系统</td>" in page
    assert "ababababab" in page and "ab" * 7 not in page and "cd" * 7 not in page
    assert "2026-11-23 09:30:00" in page and "阅卷" in page and "&#34;" not in page
