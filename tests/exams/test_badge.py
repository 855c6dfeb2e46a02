"""A save that looks at session and role itself: it takes what the usual way takes, and nothing else, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app import clock
from app.accounts.models import Grant, Person, SignIn
from app.accounts.services import people, sessions
from app.exams import services
from app.exams.models import Sitting
from app.exams.services import record
from app.store import db, writing
from tests.exams import rooms
from tests.exams.rooms import NOW, one_sitting

pytestmark = pytest.mark.usefixtures("now")
WRITER = "w" * 32


def signed_in(role: str = "trainee") -> tuple[str, int, int, str]:
    """An open sitting with its ref, person and base, and the token of a session; the usual way has been gone once."""
    ref, person, sitting = one_sitting()
    with writing():
        base = db.session.get_one(Sitting, sitting).base_id
        people.grant(person_id=person, role=role, base_id=base, by=None)
        token = sessions.open_session(person, agent="test")
    services.record_answers(ref, person, 1, WRITER, [])
    return ref, person, base, token


def save(ref: str, token: str, seq: int = 1, **changes: Any) -> Any:
    sent = {"seq": seq, "slot": 1, "value": "A", "ms": 5} | changes.pop("entry", {})
    db.session.rollback()
    return services.record_at_once(ref, token, changes.get("epoch", 1), changes.get("writer", WRITER), [sent])


def test_a_plain_save_is_acknowledged(db_app: Flask) -> None:
    ref, person, _, token = signed_in()
    saved = save(ref, token)
    assert saved is not None
    assert (saved.acked, saved.last, saved.late) == ((1,), 1, False)
    assert saved.deadline_at == NOW + timedelta(minutes=90)
    assert save(ref, token) == saved
    assert services.present_answers(ref, person) == {1: "A"}


def signed_out(ref: str, person: int, base: int, token: str) -> None:
    sessions.close_session(token)


def signed_out_everywhere(ref: str, person: int, base: int, token: str) -> None:
    db.session.execute(update(Person).where(Person.id == person).values(epoch=Person.epoch + 1))


def account_closed(ref: str, person: int, base: int, token: str) -> None:
    db.session.execute(update(Person).where(Person.id == person).values(state="closed"))


def role_taken_back(ref: str, person: int, base: int, token: str) -> None:
    db.session.execute(delete(Grant).where(Grant.person_id == person))


def role_over(ref: str, person: int, base: int, token: str) -> None:
    db.session.execute(update(Grant).where(Grant.person_id == person).values(until=date(2026, 11, 22)))


def role_to_come(ref: str, person: int, base: int, token: str) -> None:
    db.session.execute(update(Grant).where(Grant.person_id == person).values(since=date(2026, 11, 24)))


def role_of_another_base(ref: str, person: int, base: int, token: str) -> None:
    db.session.execute(update(Grant).where(Grant.person_id == person).values(base_id=rooms.base("other").id))


def another_role(ref: str, person: int, base: int, token: str) -> None:
    db.session.execute(update(Grant).where(Grant.person_id == person).values(role="teacher"))


def session_over(ref: str, person: int, base: int, token: str) -> None:
    db.session.execute(update(SignIn).values(expires_at=NOW))


def session_to_be_marked(ref: str, person: int, base: int, token: str) -> None:
    db.session.execute(update(SignIn).values(seen_at=NOW - sessions.SEEN_EVERY))


def handed_in(ref: str, person: int, base: int, token: str) -> None:
    db.session.execute(update(Sitting).values(state="closed", closed_by="candidate"))


REFUSED = [
    signed_out, signed_out_everywhere, account_closed, role_taken_back, role_over, role_to_come, role_of_another_base,
    another_role, session_over, session_to_be_marked, handed_in,
]  # fmt: skip


@pytest.mark.parametrize("change", REFUSED)
def test_whatever_is_not_in_order_at_that_moment_saves_nothing(
    db_app: Flask, change: Callable[[str, int, int, str], None]
) -> None:
    ref, person, base, token = signed_in()
    assert save(ref, token) is not None
    with writing():
        change(ref, person, base, token)
    assert save(ref, token, 2) is None
    assert services.last_number(1, 1) == 1


def test_a_role_for_the_whole_platform_covers_every_base(db_app: Flask) -> None:
    ref, person, _, token = signed_in()
    with writing():
        db.session.execute(update(Grant).where(Grant.person_id == person).values(base_id=None))
    assert save(ref, token) is not None


def test_another_persons_session_or_device_saves_nothing(db_app: Flask) -> None:
    ref, _, base, token = signed_in()
    with writing():
        other = rooms.person("li").id
        people.grant(person_id=other, role="trainee", base_id=base, by=None)
        theirs = sessions.open_session(other, agent="test")
    assert save(ref, theirs) is None
    assert save(ref, "") is None
    assert save(ref, token, writer="x" * 32) is None
    assert save(ref, token, epoch=2) is None
    assert save(ref, token, 2) is None  # a gap
    assert save(ref, token, entry={"value": "Z"}) is None
    assert save("0" * 32, token) is None
    assert save(ref, token) is not None


def test_a_process_that_never_saw_the_sitting_looks_it_up_and_leaves_an_unknown_one_to_the_usual_way(
    db_app: Flask,
) -> None:
    ref, person, _, token = signed_in()
    record._known.clear()
    assert save("0" * 32, token) is None
    saved = save(ref, token)
    assert saved is not None and saved.acked
    assert len(services.present_answers(ref, person)) == 1


def test_what_is_late_is_said_to_be_late(db_app: Flask) -> None:
    ref, person, _, token = signed_in()
    with writing():
        db.session.execute(update(Sitting).values(deadline_at=NOW - timedelta(seconds=90)))
    saved = save(ref, token)
    assert saved is not None and saved.late
    assert services.present_answers(ref, person) == {}
    assert clock.now() == NOW
