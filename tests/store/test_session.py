"""The store: tenants stay apart below the query, and one write transaction holds or leaves no trace."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Person, TrainingBase
from app.accounts.services import people
from app.cohorts.models import Programme
from app.store import Unreachable, db, is_sqlite, scope_to, unscoped, writing


def _two_bases() -> tuple[int, int]:
    with writing():
        for code in ("A", "B"):
            base = TrainingBase(code=code, name_zh=code, name_en=code, credit_code=code)
            db.session.add(base)
            db.session.flush()
            db.session.add(
                Programme(
                    base_id=base.id,
                    code="p",
                    kind="internal-auditor",
                    title_zh="x",
                    title_en="x",
                    edition="e",
                    course="c",
                    bank="b",
                    specification="s",
                    hours=1,
                )
            )
    ids = db.session.scalars(select(TrainingBase.id).order_by(TrainingBase.code)).all()
    return ids[0], ids[1]


def test_a_scoped_session_sees_only_its_bases(db_app: Flask) -> None:
    first, second = _two_bases()
    seen = []
    for scope in ((first,), (second,), (first, second), (), None):
        db.session.rollback()
        scope_to(scope)
        seen.append(sorted(db.session.scalars(select(Programme.base_id)).all()))
    assert seen == [[first], [second], [first, second], [], [first, second]]


def test_counts_joins_and_gets_are_scoped_too(db_app: Flask) -> None:
    first, second = _two_bases()
    foreign = db.session.scalar(select(Programme.id).where(Programme.base_id == second))
    db.session.rollback()
    db.session.expunge_all()
    scope_to((first,))
    assert db.session.scalar(select(func.count()).select_from(Programme)) == 1
    joined = select(TrainingBase.id).join(Programme, Programme.base_id == TrainingBase.id)
    assert db.session.scalars(joined).all() == [first]
    assert db.session.get(Programme, foreign) is None
    with unscoped():
        assert db.session.get(Programme, foreign) is not None


def test_a_failed_transaction_leaves_nothing(db_app: Flask) -> None:
    with pytest.raises(RuntimeError), writing():
        people.add_person(account="kong", name="孔", password=None)
        raise RuntimeError
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_an_inner_transaction_joins_the_outer_one(db_app: Flask) -> None:
    with pytest.raises(RuntimeError), writing():
        with writing():
            people.add_person(account="kong", name="孔", password=None)
        raise RuntimeError
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_writers_wait_for_one_another_in_their_process_and_none_is_refused(db_app: Flask) -> None:
    def write(number: int) -> None:
        with db_app.app_context(), writing():
            people.add_person(account=f"wang{number}", name="王", password=None)
            time.sleep(0.005)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(48)))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Person)) == 48


def test_who_waits_too_long_for_other_writers_is_told(db_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if not is_sqlite():
        return
    monkeypatch.setattr("app.store.session.PATIENCE", 0.05)

    def write() -> None:
        with db_app.app_context(), pytest.raises(Unreachable, match="other writers"), writing():
            pass

    with writing(), ThreadPoolExecutor(1) as pool:
        pool.submit(write).result()


def test_moments_come_back_aware_and_in_utc(db_app: Flask) -> None:
    moment = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC)
    with writing():
        db.session.add(Person(account="a", name="a", created_at=moment))
    db.session.expunge_all()
    assert db.session.scalar(select(Person.created_at)) == moment


def test_a_moment_without_a_zone_is_refused(db_app: Flask) -> None:
    with pytest.raises(Exception, match="time zone"), writing():
        db.session.add(Person(account="a", name="a", created_at=datetime(2026, 1, 1)))


def test_dates_of_grants_are_dates(db_app: Flask) -> None:
    with writing():
        person = people.add_person(account="a", name="a", password=None)
        people.grant(person_id=person, role="auditor", base_id=None, by=None)
    from app.accounts.models import Grant

    assert isinstance(db.session.scalar(select(Grant.since)), date)
