"""From a decision to a granted certificate, once, and through its life."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.certificates.models import Certificate, CertificateEvent, SerialCounter
from app.certificates.services import issue, lookup, register, request, status
from app.files import services as files
from app.jobs.services import ask, run_everything_due
from app.ledger.models import Entry
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.certificates import rows


@pytest.fixture
def decided(db_app: Flask) -> int:
    """A decision that calls for a certificate."""
    with writing():
        base = rows.base()
        return int(rows.decision(base, rows.person("holder"), rows.person("decider", "王定")).id)


def granted(decision_id: int) -> Certificate:
    """Ask as marking does, let the worker work, and return the row."""
    with writing():
        ask(
            kind="certificates.request", key=f"certificates.request:{decision_id}", payload={"decision_id": decision_id}
        )
    run_everything_due()
    return db.session.scalars(select(Certificate).where(Certificate.decision_id == decision_id)).one()


def kinds_logged() -> list[str]:
    return list(db.session.scalars(select(Entry.kind).where(Entry.kind.startswith("certificate.")).order_by(Entry.id)))


def test_worker_signs_what_a_decision_calls_for(decided: int) -> None:
    row = granted(decided)
    assert row.state == "granted"
    assert row.number is not None and row.number.startswith("JSZJ-NSY13-2026-000001-")
    assert files.get(str(row.file)).startswith(b"%PDF-1.7")
    assert kinds_logged() == ["certificate.intended", "certificate.granted"]
    assert row.claims is not None and row.claims["examined_on"] == "2026-11-20"


def test_asking_twice_and_running_twice_changes_nothing(decided: int) -> None:
    row = granted(decided)
    before, intent = (row.id, row.number, row.file), str(row.intent)
    with writing():
        assert request.request_certificate(decided) == row.id
    order = issue.find_order(row.id)
    assert order is None
    with writing():
        assert issue.grant(before[0], issue.Made("0" * 64, "", intent)) is False
    row = db.session.scalars(select(Certificate)).one()
    assert (row.id, row.number, row.file) == before
    assert db.session.scalars(select(SerialCounter.last)).one() == 1


def test_crash_after_signing_keeps_the_number_and_grants_once(decided: int) -> None:
    with writing():
        certificate_id = request.request_certificate(decided)
    assert certificate_id is not None
    order = issue.find_order(certificate_id)
    assert order is not None
    issue.make(order)  # and the worker dies here, before the register knows
    run_everything_due()
    row = db.session.scalars(select(Certificate)).one()
    assert row.state == "granted" and row.number == order.claims.number
    events = db.session.scalars(select(CertificateEvent.kind)).all()
    assert events == ["granted"]


def test_no_certificate_without_a_decision_to_certify(db_app: Flask) -> None:
    with writing():
        made = rows.decision(rows.base(), rows.person("holder"), rows.person("decider"), certify=False)
        assert request.request_certificate(made.id) is None
    assert db.session.scalar(select(Certificate)) is None


def test_a_name_that_cannot_be_printed_is_held_with_the_character_named(db_app: Flask) -> None:
    with writing():
        holder = rows.person("holder", "张𱅒")
        first = rows.decision(rows.base(), holder, rows.person("decider", "王定"))
    row = granted(first.id)
    assert row.state == "held" and row.number is None
    assert row.problems[0]["parameters"]["character"] == "𱅒"
    assert db.session.scalar(select(SerialCounter.last)) is None, "a refused certificate uses up no number"
    with writing():
        db.session.merge(holder).name = "张伟"
        assert request.try_again(row.id, by=holder.id + 1)
    run_everything_due()
    row = db.session.scalars(select(Certificate)).one()
    assert row.state == "granted" and row.number is not None and "-000001-" in row.number


def test_numbers_count_without_gaps(db_app: Flask) -> None:
    with writing():
        base, decider = rows.base(), rows.person("decider", "王定")
        made = [rows.decision(base, rows.person(f"p{place}"), decider).id for place in range(3)]
    numbers = [granted(decision_id).number for decision_id in made]
    assert [str(number).split("-")[3] for number in numbers] == ["000001", "000002", "000003"]


def test_suspend_reinstate_withdraw(decided: int) -> None:
    row = granted(decided)
    by = db.session.scalars(select(rows.Person.id).where(rows.Person.account == "decider")).one()
    number = str(row.number)
    for act, reason, state in (
        ("suspend", "under-review", "suspended"),
        ("reinstate", "cleared", "granted"),
        ("withdraw", "misconduct", "withdrawn"),
        ("withdraw", "misconduct", "withdrawn"),
    ):
        with writing():
            status.change(row.id, act, reason=reason, note="", by=by)
        found = lookup.find_by_number(number)
        assert found is not None and found.state == state and found.reason == reason
    assert kinds_logged()[2:] == ["certificate.suspended", "certificate.reinstated", "certificate.withdrawn"]
    with pytest.raises(status.NotInThisState), writing():
        status.change(row.id, "reinstate", reason="cleared", note="", by=by)


def test_nobody_decides_on_his_own_certificate(decided: int) -> None:
    row = granted(decided)
    with pytest.raises(status.OwnCertificate), writing():
        status.change(row.id, "withdraw", reason="misconduct", note="", by=row.person_id)


def test_reason_must_be_of_the_list(decided: int) -> None:
    row = granted(decided)
    with pytest.raises(status.UnknownReason), writing():
        status.change(row.id, "withdraw", reason="because", note="", by=row.person_id + 1)


def test_replacement_keeps_the_number_and_ends_the_first_issue(decided: int) -> None:
    row = granted(decided)
    old_token, number, first = row.token, str(row.number), row.id
    by = db.session.scalars(select(rows.Person.id).where(rows.Person.account == "decider")).one()
    with writing():
        db.session.get_one(rows.Person, row.person_id).name = "李雨彤"
        new = status.change(first, "replace", reason="name-corrected", note="", by=by)
    found = lookup.find_by_number(number)
    assert found is not None and found.state == "granted", "the old one stays valid until the new one is signed"
    with writing():
        assert status.change(first, "replace", reason="name-corrected", note="", by=by) == new
    run_everything_due()
    found = lookup.find_by_number(number)
    assert found is not None and found.claims["holder_zh"] == "李雨彤" and found.claims["issue"] == 2
    old = lookup.find_by_token(number, old_token)
    assert old is not None and old.state == "replaced" and old.reason == "name-corrected"
    assert old.claims["valid_until"] == found.claims["valid_until"]


@pytest.mark.parametrize(("act", "reason"), [("suspend", "under-review"), ("withdraw", "misconduct")])
@pytest.mark.parametrize("when", ["while held", "while pending", "while being signed"])
def test_a_replacement_does_not_undo_a_suspension_or_withdrawal(decided: int, act: str, reason: str, when: str) -> None:
    row = granted(decided)
    first, number, holder = row.id, str(row.number), row.person_id
    by = db.session.scalars(select(rows.Person.id).where(rows.Person.account == "decider")).one()
    with writing():
        db.session.get_one(rows.Person, holder).name = "张𱅒" if when == "while held" else "李雨彤"
        new = status.change(first, "replace", reason="name-corrected", note="", by=by)
    order = issue.find_order(new)
    assert (order is None) == (when == "while held")
    made = issue.make(order) if order is not None and when == "while being signed" else None
    with writing():
        status.change(first, act, reason=reason, note="", by=by)
        db.session.get_one(rows.Person, holder).name = "李雨彤"
    if made is not None:
        with writing():
            assert issue.grant(new, made) is False
    run_everything_due()
    with writing():
        assert request.try_again(new, by=by) is False
    run_everything_due()
    state = {"suspend": "suspended", "withdraw": "withdrawn"}[act]
    found = lookup.find_by_number(number)
    assert found is not None and found.state == state and found.claims["issue"] == 1
    second = db.session.get_one(Certificate, new)
    assert second.state == "held" and second.file is None and second.claims is None
    assert [problem["rule"] for problem in second.problems] == ["replaced-in-force"]
    assert state in str(second.problems[0]["message"])


def test_a_replacement_that_was_put_back_is_signed_after_the_reinstatement(decided: int) -> None:
    row = granted(decided)
    first, number = row.id, str(row.number)
    by = db.session.scalars(select(rows.Person.id).where(rows.Person.account == "decider")).one()
    with writing():
        new = status.change(first, "replace", reason="lost", note="", by=by)
    order = issue.find_order(new)
    assert order is not None
    with writing():
        status.change(first, "suspend", reason="under-review", note="", by=by)
    run_everything_due()
    assert db.session.get_one(Certificate, new).state == "held"
    with writing():
        status.change(first, "reinstate", reason="cleared", note="", by=by)
        assert request.try_again(new, by=by) is True
    late = issue.make(order)
    with writing():
        assert issue.grant(new, late) is False, "a file of the first asking comes too late"
    run_everything_due()
    found = lookup.find_by_number(number)
    assert found is not None and found.state == "granted" and found.claims["issue"] == 2
    assert db.session.get_one(Certificate, first).state == "replaced"


def test_another_base_sees_nothing(decided: int) -> None:
    row = granted(decided)
    with writing():
        other = rows.base("hz", credit_code="91330100MA2HZ0000X")
    certificate_id, holder, other_id = row.id, row.person_id, other.id
    scope_to({other_id})
    with pytest.raises(NotFound):
        register.get_certificate(certificate_id)
    assert register.list_certificates(query="", state="", page=1)[0] == []
    with pytest.raises(NotFound):
        register.get_mine(holder + 1, certificate_id)
    assert [mine.id for mine in register.find_mine(holder)] == [certificate_id]


def test_register_finds_by_number_name_and_state(decided: int) -> None:
    row = granted(decided)
    number = str(row.number)
    for query in (number.lower().replace("-", " "), "雨桐", "yutong", ""):
        found, page = register.list_certificates(query=query, state="valid", page=1)
        assert [one.id for one in found] == [row.id] and page.total == 1
    assert register.list_certificates(query="", state="withdrawn", page=1)[0] == []
    assert register.list_certificates(query="%", state="", page=1)[0] == []


def test_expired_certificate_of_the_past(db_app: Flask) -> None:
    with clock.frozen(rows.AT.replace(year=2022)), writing():
        made = rows.decision(rows.base(), rows.person("holder"), rows.person("decider", "王定"))
        sitting = db.session.scalars(select(rows.Sitting)).one()
        sitting.closed_at = rows.AT.replace(year=2022)
    with clock.frozen(rows.AT.replace(year=2022)):
        row = granted(made.id)
    assert row.claims is not None and row.claims["replaced_on"] is None, "the 2013 edition was current in 2022"
    found, _ = register.list_certificates(query="", state="expired", page=1)
    assert [one.shown for one in found] == ["expired"]
