"""People of a base: their roles, each once, their names, and who may see them."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.accounts.services import people, sessions
from app.store import writing


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
