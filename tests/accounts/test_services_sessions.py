"""Signing in: tokens, grants, throttle, and the end of it everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import SignIn
from app.accounts.permissions import Grant
from app.accounts.services import people, sessions, throttle
from app.refusals import TooMany
from app.store import db, writing

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def person(db_app: Flask) -> int:
    with writing():
        return people.add_person(account=" Shen.Yi ", name="沈一", password="correct horse battery")


def test_account_names_ignore_case_and_space(person: int) -> None:
    found = sessions.find_account("SHEN.yi  ")
    assert found is not None and found.person_id == person
    assert sessions.find_account("shen") is None
    with pytest.raises(people.AccountTaken), writing():
        people.add_person(account="SHEN.YI", name="x", password=None)


def test_a_token_leads_to_the_actor_and_is_not_stored(person: int) -> None:
    with writing():
        token = sessions.open_session(person, agent="test")
        people.grant(person_id=person, role="auditor", base_id=None, by=None)
    found = sessions.find_actor(token)
    assert found is not None
    assert found[0].person_id == person and found[0].grants == (Grant("auditor", None),)
    assert token not in db.session.scalars(select(SignIn.token_hash)).all()
    assert sessions.find_actor(token + "x") is None


def test_a_session_ends_when_idle_and_when_old(person: int) -> None:
    with clock.frozen(AT), writing():
        token = sessions.open_session(person, agent="test")
    with clock.frozen(AT + sessions.IDLE - timedelta(seconds=1)):
        found = sessions.find_actor(token)
        assert found is not None and found[1]
    with clock.frozen(AT + sessions.IDLE):
        assert sessions.find_actor(token) is None
    with clock.frozen(AT + sessions.IDLE - timedelta(minutes=1)), writing():
        sessions.mark_seen(token)
    with clock.frozen(AT + sessions.IDLE + timedelta(hours=1)):
        assert sessions.find_actor(token) is not None
    with clock.frozen(AT + sessions.LIFETIME):
        assert sessions.find_actor(token) is None


def test_signing_out_everywhere_ends_all(person: int) -> None:
    with writing():
        tokens = [sessions.open_session(person, agent=str(n)) for n in range(3)]
    assert len(sessions.devices(person)) == 3
    with writing():
        sessions.close_session(tokens[0])
    assert [sessions.find_actor(token) is None for token in tokens] == [True, False, False]
    with writing():
        sessions.close_everywhere(person)
    assert all(sessions.find_actor(token) is None for token in tokens)


def test_a_new_password_ends_other_sessions(person: int) -> None:
    with writing():
        token = sessions.open_session(person, agent="x")
        sessions.change_password(person, "another long password")
    assert sessions.find_actor(token) is None


def test_a_role_ends_on_its_day(person: int) -> None:
    with clock.frozen(AT), writing():
        people.grant(person_id=person, role="auditor", base_id=None, by=None)
        people.grant(person_id=person, role="auditor", base_id=None, by=None)
        token = sessions.open_session(person, agent="x")
        assert people.end_grants(person_id=person, role="auditor", base_id=None, by=None) == 1
    with clock.frozen(AT):
        found = sessions.find_actor(token)
    assert found is not None and found[0].grants == ()


def test_an_unknown_role_is_refused(person: int) -> None:
    with pytest.raises(people.UnknownRole), writing():
        people.grant(person_id=person, role="king", base_id=None, by=None)


def test_the_throttle_counts_down_waits_and_forgets(db_app: Flask) -> None:
    with clock.frozen(AT):
        left = []
        for _ in range(5):
            with writing():
                left.append(throttle.count("k", 5, 900))
        assert left == [4, 3, 2, 1, 0]
        with pytest.raises(TooMany) as refusal, writing():
            throttle.count("k", 5, 900)
        assert refusal.value.parameters == {"minutes": 15}
        with writing():
            assert throttle.count("other", 5, 900) == 4
    with clock.frozen(AT + timedelta(seconds=901)), writing():
        assert throttle.count("k", 5, 900) == 4
        throttle.clear("k")
        assert throttle.count("k", 5, 900) == 4
    with clock.frozen(AT + timedelta(days=3)), writing():
        throttle.sweep()
        sessions.sweep()
