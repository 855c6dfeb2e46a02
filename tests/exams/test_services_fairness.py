"""From the frozen pool to the secret: admission, commitment, dry draws, and every paper drawn again by others."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.accounts.services import people
from app.cohorts.models import Enrolment
from app.exams import services
from app.exams.assembly import canonical_pool, rows_hash
from app.exams.assembly.redraw import check
from app.exams.models import ExamCandidate, ExamPool, Feasibility, ItemFacility, Sitting
from app.exams.services.admit import BadNonce
from app.jobs import services as jobs
from app.ledger.models import Entry
from app.refusals import NotAllowed
from app.settings import ROOT
from app.store import db, writing
from tests.exams.pools import SPECIFICATION
from tests.exams.rooms import NOW, Room, whole_room

pytestmark = pytest.mark.usefixtures("now")
KEY = "e" * 32


@pytest.fixture
def room(db_app: Flask) -> Room:
    """A room whose session was announced as officers do it."""
    made = whole_room()
    announce(made)
    made.session = KEY
    return made


def announce(made: Room, key: str = KEY) -> None:
    with writing():
        services.create_session(
            key=key, cohort_id=made.cohort, specification=SPECIFICATION.code, title_zh="结业考试", title_en="Exam",
            opens_at=NOW, closes_at=NOW + timedelta(hours=2), by=made.people[2],
        )  # fmt: skip


def enrolment(room: Room, place: int = 0) -> Enrolment:
    return db.session.scalars(select(Enrolment).where(Enrolment.person_id == room.people[place])).one()


def admit(room: Room, place: int = 0, nonce: str | None = None) -> ExamCandidate:
    with writing():
        return services.admit(services.get_session(room.session), enrolment(room, place), nonce)


def sat(room: Room, reveal: bool = True) -> list[Sitting]:
    with writing():
        made = [services.prepare_sitting(room.session, one, f"{one:032x}") for one in room.people]
    if reveal:
        with clock.frozen(NOW + timedelta(hours=3)), writing():
            services.reveal_secret(services.get_session(room.session).id)
    return made


def entries(kind: str) -> list[dict[str, Any]]:
    db.session.rollback()
    return list(db.session.scalars(select(Entry.facts).where(Entry.kind == kind).order_by(Entry.id)))


def test_a_nonce_is_fixed_once_and_the_ledger_has_its_hash(room: Room) -> None:
    first = admit(room, nonce="1" * 32)
    assert (first.nonce, first.nonce_by, first.admitted_at) == ("1" * 32, "candidate", NOW)
    assert admit(room, nonce="2" * 32).nonce == "1" * 32
    assert admit(room).nonce == "1" * 32
    told = hashlib.sha256(b"1" * 32).hexdigest()
    assert entries("candidate.admitted") == [{"enrolment": enrolment(room).id, "nonce": told, "by": "candidate"}]
    with writing():
        sitting = services.prepare_sitting(room.session, room.people[0], "3" * 32)
    assert sitting.nonce == "1" * 32


def test_a_card_that_is_made_first_fixes_it_and_says_so(room: Room) -> None:
    made = admit(room)
    assert made.nonce_by == "staff" and len(made.nonce or "") == 32
    with writing():
        assert services.prepare_sitting(room.session, room.people[0], "3" * 32).nonce == made.nonce


@pytest.mark.parametrize("nonce", ["", "1", "g" * 32, "A" * 32, "1" * 33, "1" * 32 + "\n"])
def test_what_is_no_random_number_is_refused(room: Room, nonce: str) -> None:
    with pytest.raises(BadNonce):
        admit(room, nonce=nonce)


def test_two_devices_at_once_fix_one_nonce(db_app: Flask, room: Room) -> None:
    person, begun = room.people[0], threading.Barrier(6)
    seen: list[str | None] = []

    def ask(number: int) -> None:
        with db_app.app_context(), clock.frozen(NOW):
            begun.wait()
            with writing():
                by = db.session.scalars(select(Enrolment).where(Enrolment.person_id == person)).one()
                seen.append(services.admit(services.get_session(KEY), by, f"{number:032x}").nonce)
            db.session.remove()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 6 and len(set(seen)) == 1
    assert len(entries("candidate.admitted")) == 1
    assert db.session.scalar(select(func.count()).select_from(ExamCandidate)) == 1


def test_the_commitment_with_pool_and_weights_is_in_the_ledger_before_the_session_opens(room: Room) -> None:
    session = services.get_session(KEY)
    (facts,) = entries("session.created")
    rows = db.session.get_one(ExamPool, session.pool_hash).items
    assert facts["commitment"] == hashlib.sha256(session.secret).hexdigest()
    assert facts["pool"] == rows_hash(rows) and {"weight", "prior", "prior_strength", "answers", "earned"} <= set(
        rows[0]
    )
    assert facts["specification"] == SPECIFICATION.hash
    assert session.secret.hex() not in json.dumps(facts)


def test_the_ledger_has_commitment_admission_paper_and_secret_in_this_order(room: Room) -> None:
    sat(room)
    db.session.rollback()
    session = services.get_session(KEY)
    told = db.session.execute(
        select(Entry.kind, Entry.at).where(
            Entry.kind.in_(["session.created", "candidate.admitted", "sitting.prepared", "session.revealed"])
        ).order_by(Entry.id)
    ).all()  # fmt: skip
    kinds = [kind for kind, _ in told]
    assert kinds[0] == "session.created" and kinds[-1] == "session.revealed" and len(kinds) == 8
    assert kinds[1:-1] == ["candidate.admitted", "sitting.prepared"] * 3
    assert told[0][1] <= session.opens_at and told[-1][1] > session.closes_at
    assert entries("session.revealed")[0]["secret"] == session.secret.hex()


def test_a_session_cannot_have_opened_before_it_was_committed_to(room: Room) -> None:
    with writing():
        made = services.create_session(
            key="a" * 32, cohort_id=room.cohort, specification=SPECIFICATION.code, title_zh="补考", title_en="Resit",
            opens_at=NOW - timedelta(hours=1), closes_at=NOW + timedelta(hours=2), by=None,
        )  # fmt: skip
    assert made.opens_at == NOW
    assert entries("session.created")[-1]["opens_at"] == NOW.isoformat()


def test_the_secret_stays_while_the_window_is_open_or_somebody_still_writes(room: Room) -> None:
    sitting = sat(room, reveal=False)[0]
    with writing():
        services.open_sitting(sitting.ref, room.people[0], "zh_CN")
    closes = services.get_session(KEY).closes_at
    assert services.sessions_to_reveal(closes) == []
    assert services.sessions_to_reveal(closes + timedelta(minutes=5)) == []
    with writing():
        services.close_sitting(sitting.id, "candidate", clock.now())
    assert services.sessions_to_reveal(closes) == []
    assert services.get_session(KEY).id in services.sessions_to_reveal(closes + timedelta(seconds=1))


def test_equal_papers_are_said_to_be_equal_by_command_service_and_script(
    db_app: Flask, room: Room, tmp_path: Path
) -> None:
    sat(room)
    assert [one.equal for one in services.redraw(services.get_session(KEY))] == [True] * 4
    run = db_app.test_cli_runner().invoke
    db.session.rollback()
    said = run(args=["exams", "redraw", KEY, "--json"])
    assert said.exit_code == 0 and json.loads(said.output)["equal"] is True
    file = tmp_path / "session.json"
    assert run(args=["exams", "snapshot", KEY, str(file)]).exit_code == 0
    assert run(args=["exams", "redraw", "--snapshot", str(file)]).output.count(": equal") == 4
    alone = [sys.executable, "-I", "-S", str(ROOT / "scripts" / "redraw.py"), str(file)]
    done = subprocess.run(alone, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.count(": equal") == 4
    text = file.read_text(encoding="utf-8")
    assert "考生" not in text and "题干" not in text and "SECRET" not in text


def swap(form: list[dict[str, Any]]) -> None:
    form[0], form[1] = {**form[1], "slot": 1}, {**form[0], "slot": 2}


TAMPERINGS: list[tuple[Callable[[dict[str, Any]], object], str, str]] = [
    (lambda s: swap(s["sittings"][1]["form"]), "1", "form"),
    (lambda s: s["sittings"][0]["form"][3]["options"].reverse(), "0", "draw"),
    (lambda s: s["pool"][5].update(weight=1), "session", "pool"),
    (lambda s: s["pool"][5].update(earned=999), "session", "pool"),
    (lambda s: s["sittings"][2].update(nonce="f" * 32), "2", "nonce"),
    (lambda s: s["sittings"][2]["excluded"].append("i00001"), "2", "exclusions"),
    (lambda s: s["session"].update(secret="00" * 32), "session", "secret"),
    (lambda s: s["specification"].update(minutes=5), "session", "specification"),
    (lambda s: s["sittings"].pop(), "session", "sittings"),
    (lambda s: s["sittings"][0].update(expected_at_cut=700001), "0", "expected_at_cut"),
    (lambda s: s["sittings"][0].update(within_tolerance=False), "0", "within_tolerance"),
    (lambda s: s["sittings"][0].update(enrolment=99), "0", "draw"),
]


def test_whatever_is_changed_afterwards_is_named(room: Room) -> None:
    sat(room)
    good = json.dumps(services.snapshot(services.get_session(KEY)))
    refs = [one["ref"] for one in json.loads(good)["sittings"]]
    for change, subject, fault in TAMPERINGS:
        bad = json.loads(good)
        change(bad)
        found = {one.subject: one.differs for one in check(bad)}
        assert fault in found[subject if subject == "session" else refs[int(subject)]], fault
    assert all(one.equal for one in check(json.loads(good)))


def test_a_paper_changed_in_the_database_is_named_by_the_command(db_app: Flask, room: Room) -> None:
    ref = sat(room)[0].ref
    with writing():
        row = db.session.scalars(select(Sitting).where(Sitting.ref == ref)).one()
        form = [dict(one) for one in row.form]
        swap(form)
        row.form = form
    said = db_app.test_cli_runner().invoke(args=["exams", "redraw", KEY])
    assert said.exit_code == 1 and f"{ref}: differs in form, draw" in said.output


def test_a_pool_changed_in_the_database_is_named(room: Room) -> None:
    sat(room)
    with writing():
        row = db.session.get_one(ExamPool, services.get_session(KEY).pool_hash)
        row.items = [{**one, "weight": 1} if place == 0 else one for place, one in enumerate(row.items)]
    assert "pool" in services.redraw(services.get_session(KEY))[0].differs


@pytest.mark.parametrize("bad", [[], {}, {"format": "x"}, {"format": "ip-auditorium exam snapshot 1"}, None])
def test_what_is_no_snapshot_is_said_to_be_none(bad: object) -> None:
    with pytest.raises(ValueError, match="snapshot"):
        check(bad)  # type: ignore[arg-type]


def test_before_the_secret_is_out_only_an_officer_has_it_checked_and_nobody_sees_it(db_app: Flask, room: Room) -> None:
    sat(room, reveal=False)
    session = services.get_session(KEY)
    with pytest.raises(services.NotRevealed):
        services.redraw(session)
    with pytest.raises(services.NotRevealed):
        services.snapshot(session)
    with pytest.raises(NotAllowed):
        services.find_officer("p0", session)
    with writing():
        people.grant(person_id=room.people[1], role="exam-officer", base_id=room.base, by=None)
    run = db_app.test_cli_runner().invoke
    assert run(args=["exams", "redraw", KEY]).exit_code == 1
    said = run(args=["exams", "redraw", KEY, "--staff", "p1"])
    assert said.exit_code == 0 and said.output.count(": equal") == 4
    assert len(entries("session.redrawn")) == 1


def test_items_of_an_earlier_sitting_are_left_out_and_the_list_is_kept(room: Room) -> None:
    first = sat(room)[0]
    seen = sorted({row["id"] for row in first.form})
    with writing():
        for sitting in db.session.scalars(select(Sitting)):
            sitting.state, sitting.started_at = "closed", NOW
    announce(room, "f" * 32)
    with writing():
        second = services.prepare_sitting("f" * 32, room.people[0], "5" * 32)
    assert set(second.excluded) <= set(seen) and second.repeats_allowed == (second.excluded != seen)
    again = {row["id"] for row in second.form} & set(seen)
    assert not again & set(second.excluded) and len(again) < len(seen) / 2
    with clock.frozen(NOW + timedelta(hours=3)), writing():
        services.reveal_secret(services.get_session("f" * 32).id)
    assert all(one.equal for one in services.redraw(services.get_session("f" * 32)))


def test_a_thousand_dry_draws_are_made_by_the_worker_and_kept_once(db_app: Flask, room: Room) -> None:
    session = services.get_session(KEY)
    assert services.session_record(session).feasibility is None
    assert jobs.run_everything_due() == 2  # this, and the papers of a session that is open already
    record = services.session_record(services.get_session(KEY))
    assert record.feasibility is not None and record.feasibility["draws"] == 1000
    announce(room, "f" * 32)
    jobs.run_everything_due()
    assert db.session.scalar(select(func.count()).select_from(Feasibility)) == 1


def test_the_record_has_each_paper_with_its_error_and_overlap(room: Room) -> None:
    papers = sat(room)
    record = services.session_record(services.get_session(KEY))
    assert [form.number for form in record.forms] == sorted(form.number for form in record.forms)
    sets = [{row["id"] for row in paper.form} for paper in papers]
    form = next(one for one in record.forms if one.ref == papers[0].ref)
    assert form.most_shared == max(len(sets[0] & other) for other in sets[1:])
    assert (form.expected, form.se) == (papers[0].expected_at_cut / 1e4, papers[0].se / 1e4)
    assert form.nonce_by == "candidate" and form.se > 0.5 and abs(record.target - 70) < 0.1


def test_what_was_observed_moves_the_pool_of_the_next_session(room: Room) -> None:
    session = services.get_session(KEY)
    before = {item.id: item for item in canonical_pool(db.session.get_one(ExamPool, session.pool_hash).items)}
    one = next(iter(before.values()))
    with writing():
        services.count_answers({one.version: (100, 100 * 10_000)})
        services.count_answers({one.version: (20, 0)})
    assert db.session.get_one(ItemFacility, one.version).answers == 120
    frozen = {item.id: item for item in services.freeze_pool(SPECIFICATION, NOW)}[one.id]
    assert (frozen.answers, frozen.earned) == (120, 1_000_000)
    assert frozen.facility > 7500 and frozen.strength >= 124


def dry(db_app: Flask, *arguments: str) -> Any:
    db.session.rollback()
    return db_app.test_cli_runner().invoke(args=["exams", "dry-run", SPECIFICATION.code, *arguments])


def test_a_dry_run_is_one_json_object_with_which_another_program_checks_fairness(db_app: Flask, room: Room) -> None:
    said = dry(db_app, "--forms", "25", "--seed", "any text", "--json")
    facts = json.loads(said.stdout)
    assert set(facts) == {"specification", "cut", "max_marks", "forms"}
    assert (facts["specification"], facts["cut"], facts["max_marks"]) == (SPECIFICATION.code, 70, 100)
    assert len(facts["forms"]) == 25
    for form in facts["forms"]:
        assert set(form) == {"items", "expected_at_cut", "se"}
        assert all(set(one) == {"id", "clause", "level", "kind", "marks", "facility"} for one in form["items"])
        assert sum(one["marks"] for one in form["items"]) == facts["max_marks"]
        total = sum(one["marks"] * one["facility"] for one in form["items"])
        assert total == pytest.approx(form["expected_at_cut"], abs=0.001)
        assert abs(total - facts["cut"]) <= 0.15 and form["se"] > 0
        assert all(0 < one["facility"] < 1 for one in form["items"])
    assert dry(db_app, "--forms", "25", "--seed", "any text", "--json").stdout == said.stdout
    assert dry(db_app, "--forms", "25", "--seed", "other", "--json").stdout != said.stdout
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 0


def test_a_dry_run_of_nothing_says_so(db_app: Flask, room: Room) -> None:
    run = db_app.test_cli_runner().invoke(args=["exams", "dry-run", "nothing", "--json"])
    assert run.exit_code == 1 and run.stdout == ""
    assert "Between the papers" in dry(db_app, "--forms", "3").output


def test_feasibility_says_in_words_what_it_found(db_app: Flask, room: Room) -> None:
    run = db_app.test_cli_runner().invoke
    said = run(args=["exams", "feasibility", SPECIFICATION.code])
    assert said.exit_code == 0 and "1000 dry draws from" in said.output and "overlap of two papers" in said.output
    again = run(args=["exams", "feasibility", SPECIFICATION.code, "--json"])
    assert json.loads(again.output)["draws"] == 1000
