"""Who may enter and when, on both databases: admission, accommodations, late arrival, days to wait, codes, papers made before."""

from __future__ import annotations

import hashlib
import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.accounts.services import people
from app.cohorts.models import Cohort
from app.exams import services, tasks, timing
from app.exams.arrangement import Arrangement
from app.exams.models import Accommodation, ExamCandidate, ExamSession, Incident, SessionInvigilator, Sitting
from app.exams.seating import Place
from app.exams.seating import Room as Hall
from app.exams.services import accommodations, arrange, candidates
from app.exams.services.accommodations import Ease
from app.exams.services.admit import BadNonce, admit, complete_list
from app.exams.services.entry import CodeNeeded, MustWait, NoAttempts
from app.jobs import services as jobs
from app.ledger.models import Entry
from app.refusals import NotFound
from app.store import db, is_sqlite, writing
from tests.exams import rooms
from tests.exams.pools import SPECIFICATION
from tests.exams.rooms import NOW, Room, whole_room

pytestmark = pytest.mark.usefixtures("now")
HOUR = timedelta(hours=1)
NONCE = "0123456789abcdef" * 2
EARLY = {"opens_at": NOW + HOUR, "closes_at": NOW + 4 * HOUR}


def session_of(room: Room) -> ExamSession:
    return services.get_session(room.session)


def prepare(room: Room, person: int = 0, nonce: str | None = None, by: str = "candidate") -> Sitting:
    with writing():
        return services.prepare_sitting(room.session, room.people[person], nonce, by=by)


def begin(room: Room, person: int = 0) -> Sitting:
    ref = prepare(room, person).ref
    with writing():
        return services.open_sitting(ref, room.people[person], "zh_CN")


def row_of(room: Room, person: int = 0) -> ExamCandidate:
    with writing():
        complete_list(session_of(room))
    return db.session.scalars(select(ExamCandidate).where(ExamCandidate.person_id == room.people[person])).one()


def entries(kind: str) -> list[Entry]:
    db.session.rollback()
    return list(db.session.scalars(select(Entry).where(Entry.kind == kind).order_by(Entry.id)))


def test_the_nonce_of_the_device_is_taken_once_and_is_the_one_of_the_paper(db_app: Flask) -> None:
    room = whole_room()
    sitting = prepare(room, nonce=NONCE)
    row = row_of(room)
    assert (sitting.nonce, row.nonce, row.nonce_by, row.admitted_at) == (NONCE, NONCE, "candidate", NOW)
    with writing():
        enrolment = candidates.own_line(session_of(room), room.people[0]).enrolment
        assert admit(session_of(room), enrolment, "f" * 32).nonce == NONCE
    (entry,) = entries("candidate.admitted")
    assert entry.facts["nonce"] == hashlib.sha256(NONCE.encode()).hexdigest() and entry.actor_id == room.people[0]


def test_without_a_nonce_the_server_draws_one(db_app: Flask) -> None:
    room = whole_room()
    sitting = prepare(room)
    assert len(sitting.nonce) == 32 and sitting.nonce != prepare(room, 1).nonce
    assert row_of(room).nonce_by == "staff"


@pytest.mark.parametrize("given", ["", "x" * 32, "A" * 32, "0" * 31])
def test_what_is_no_nonce_is_refused(db_app: Flask, given: str) -> None:
    with pytest.raises(BadNonce):
        prepare(whole_room(), nonce=given)


def test_cards_fix_the_nonce_before_the_candidate_comes(db_app: Flask) -> None:
    room = whole_room()
    with writing():
        assert candidates.admit_everybody(session_of(room), by=room.people[2]) == 3
        assert candidates.admit_everybody(session_of(room), by=room.people[2]) == 0
    fixed = row_of(room).nonce
    assert prepare(room, nonce=NONCE).nonce == fixed != NONCE
    assert len(entries("session.cards-made")) == 1


def test_admissions_at_the_same_time_fix_one_nonce(db_app: Flask) -> None:
    room = whole_room()
    found: list[str | None] = []
    start = threading.Barrier(4)

    def come(number: int) -> None:
        with db_app.app_context(), clock.frozen(NOW):
            start.wait()
            with writing():
                session = session_of(room)
                line = candidates.own_line(session, room.people[0])
                found.append(admit(session, line.enrolment, f"{number}" * 32).nonce)
            db.session.remove()

    threads = [threading.Thread(target=come, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1
    assert len(entries("candidate.admitted")) == 1


def test_the_waiting_room_opens_before_the_session_and_staff_may_prepare_earlier(db_app: Flask) -> None:
    room = whole_room(**EARLY, waiting_minutes=30)
    with pytest.raises(timing.WaitingRoomClosed) as refused:
        prepare(room)
    assert refused.value.parameters["time"] == NOW + HOUR / 2
    assert prepare(room, 1, by="staff").state == "ready"
    with clock.frozen(NOW + HOUR / 2):
        assert prepare(room).state == "ready"


def test_nobody_begins_after_the_last_moment_for_it(db_app: Flask) -> None:
    room = whole_room(opens_at=NOW, late_minutes=15)
    ready = prepare(room).ref
    running = begin(room, 1).ref
    with clock.frozen(NOW + timedelta(minutes=15)):
        assert prepare(room, 2).state == "ready"
    with clock.frozen(NOW + timedelta(minutes=15, seconds=1)):
        with pytest.raises(timing.TooLate), writing():
            services.open_sitting(ready, room.people[0], "zh_CN")
        with writing():
            assert services.open_sitting(running, room.people[1], "zh_CN").state == "open"
        assert services.my_sessions(room.people[0])[0].state == "late"
        assert not services.my_sessions(room.people[0])[0].can_start


def test_a_paper_that_was_never_begun_uses_no_attempt(db_app: Flask) -> None:
    room = whole_room(programme={"attempts": 1})
    prepare(room)
    with writing():
        cohort = db.session.get_one(Cohort, room.cohort)
        again = rooms.session(cohort, pool_hash=session_of(room).pool_hash, attempts=5, ref="d" * 32).ref
    with writing():
        second = services.prepare_sitting(again, room.people[0])
        assert second.attempt_no == 2
        services.open_sitting(second.ref, room.people[0], "zh_CN")
        services.close_sitting(second.id, "candidate", clock.now())
    with pytest.raises(NoAttempts), writing():
        services.prepare_sitting(again, room.people[0])


def test_days_between_attempts_are_days_in_beijing(db_app: Flask) -> None:
    room = whole_room(attempts=3, waiting_days=2, programme={"attempts": 3}, closes_at=NOW + timedelta(days=9))
    first = begin(room)
    with writing():
        services.close_sitting(first.id, "candidate", clock.now())
    free = date(2026, 11, 25)
    with pytest.raises(MustWait) as refused:
        prepare(room)
    assert refused.value.parameters == {"day": free, "days": 2}
    assert (services.my_sessions(room.people[0])[0].free_from, prepare(room, 1).state) == (free, "ready")
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert services.my_sessions(room.people[0])[0].can_start
        assert prepare(room).state == "ready"


def test_a_code_opens_the_exam_and_nothing_else_does(db_app: Flask) -> None:
    room = whole_room(access_code="K7M4QX")
    ref = prepare(room).ref
    sitting = services.get_sitting(ref, room.people[0])
    with pytest.raises(CodeNeeded), writing():
        services.open_sitting(ref, room.people[0], "zh_CN")
    with pytest.raises(candidates.WrongCode), writing():
        candidates.enter_code(services.get_sitting(ref, room.people[0]), "K7M4Q2", 4)
    with writing():
        candidates.enter_code(sitting, "k7m 4qx", 4)
        assert services.open_sitting(ref, room.people[0], "zh_CN").state == "open"


def test_accommodations_decide_time_and_letters(db_app: Flask) -> None:
    room = whole_room()
    row, day = row_of(room), NOW.date()
    give = {"reason": "hand in plaster", "by": room.people[2]}
    with writing():
        accommodations.give_standing(row, Ease(125, 150), from_on=day, until_on=day, **give)
        accommodations.give_standing(row, Ease(150, 100, True), from_on=day, until_on=None, **give)
        accommodations.give_standing(row, Ease(300), from_on=day + timedelta(days=1), until_on=None, **give)
    assert accommodations.ease_of(row_of(room), day) == Ease(150, 150, True)
    sitting = prepare(room)
    assert (sitting.percent, sitting.font) == (150, 150)
    with writing():
        accommodations.set_for_session(session_of(room), row_of(room), Ease(200, 125), **give)
    opened = begin(room)
    assert (opened.percent, opened.font) == (200, 125)
    assert opened.deadline_at == NOW + timedelta(minutes=180)
    with pytest.raises(accommodations.BegunAlready), writing():
        accommodations.set_for_session(session_of(room), row_of(room), None, **give)
    assert begin(room, 1).deadline_at == NOW + timedelta(minutes=90)
    told = [entry.facts for entry in entries("accommodation.given")]
    assert all("reason" not in facts and len(facts["reason_hash"]) == 64 for facts in told)


def test_an_accommodation_of_another_base_or_one_that_ended_does_not_hold(db_app: Flask) -> None:
    room = whole_room()
    row = row_of(room)
    with writing():
        kept = accommodations.give_standing(
            row, Ease(150), reason="r", from_on=NOW.date(), until_on=None, by=room.people[2]
        )
        accommodations.end_standing(kept.id, person_id=room.people[0], by=room.people[2])
        accommodations.end_standing(kept.id, person_id=room.people[0], by=room.people[2])
        other = rooms.base("other").id
        db.session.add(
            Accommodation(base_id=other, person_id=room.people[0], percent=200, font=150, separate_room=True,
                          reason="r", salt="s", from_on=NOW.date(), by_id=room.people[2], at=NOW)
        )  # fmt: skip
    assert accommodations.ease_of(row_of(room), NOW.date()) == Ease()
    assert len(entries("accommodation.ended")) == 1
    with pytest.raises(NotFound), writing():
        accommodations.end_standing(99, person_id=room.people[0], by=room.people[2])


def test_a_factor_may_end_after_the_window_by_what_it_adds(db_app: Flask) -> None:
    room = whole_room(closes_at=NOW + HOUR)
    with writing():
        accommodations.set_for_session(session_of(room), row_of(room), Ease(150), reason="r", by=room.people[2])
    assert begin(room).deadline_at == NOW + HOUR + HOUR / 2


def test_papers_are_made_before_the_bell_once_and_for_nobody_who_may_not_sit(db_app: Flask) -> None:
    room = whole_room(**EARLY)
    with clock.frozen(NOW + HOUR - timedelta(minutes=10)):
        tasks.make_papers({"session": room.session})
        tasks.make_papers({"session": room.session})
    db.session.rollback()
    made = db.session.scalars(select(Sitting)).all()
    assert sorted(one.person_id for one in made) == sorted(room.people)
    assert {one.state for one in made} == {"ready"}
    assert {entry.actor_id for entry in entries("sitting.prepared")} == {None}
    with clock.frozen(NOW + HOUR):
        assert services.my_sessions(room.people[0])[0].state == "ready"


def test_once_a_session_is_open_no_paper_is_made_for_the_absent(db_app: Flask) -> None:
    room = whole_room()
    tasks.make_papers({"session": room.session})
    tasks.make_papers({"session": "0" * 32})
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 0


def test_the_job_passes_by_whoever_is_coming_in(db_app: Flask) -> None:
    room = whole_room(**EARLY)
    if is_sqlite():
        return  # one writer at a time: there is nobody to pass by
    held, done = threading.Event(), threading.Event()

    def come_in() -> None:
        with db_app.app_context(), clock.frozen(NOW + HOUR / 2):
            with writing():
                services.prepare_sitting(room.session, room.people[0], NONCE)
                held.set()
                done.wait(10)
            db.session.remove()

    thread = threading.Thread(target=come_in)
    thread.start()
    assert held.wait(10)
    with clock.frozen(NOW + HOUR / 2):
        tasks.make_papers({"session": room.session})
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Sitting)) == 2
    done.set()
    thread.join()
    assert row_of(room).nonce == NONCE


def test_seats_go_by_number_and_who_needs_a_room_apart_has_one(db_app: Flask) -> None:
    room = whole_room()
    by = room.people[2]
    with writing():
        accommodations.set_for_session(session_of(room), row_of(room, 1), Ease(separate_room=True), reason="r", by=by)
        assert (
            candidates.seat_by_number(session_of(room), [Hall("301", 1), Hall("302", 9)], [Hall("105", 1)], by=by) == 3
        )
    lines = candidates.list_candidates(session_of(room))
    assert [line.place for line in lines] == [Place("301", "01"), Place("105", "01"), Place("302", "01")]
    row = row_of(room)
    with writing():
        assert candidates.set_places(session_of(room), {row.id: Place(" 303 ", "7"), 999: Place("x", "y")}, by=by) == 1
        assert candidates.set_places(session_of(room), {row.id: Place("303", "7")}, by=by) == 0
    assert len(entries("session.seated")) == 2


def test_not_me_is_told_to_the_staff_once(db_app: Flask) -> None:
    room = whole_room()
    ref = prepare(room).ref
    for _ in range(2):
        with writing():
            candidates.confirm_identity(services.get_sitting(ref, room.people[0]))
            candidates.report_stranger(services.get_sitting(ref, room.people[0]))
    (incident,) = db.session.scalars(select(Incident))
    assert (incident.kind, incident.source, incident.body) == ("identity", "candidate", "")
    assert len(entries("incident.raised")) == 1


def test_what_a_device_check_may_say_is_a_short_list(db_app: Flask) -> None:
    room = whole_room()
    ref = prepare(room).ref
    with writing():
        candidates.keep_checks(
            services.get_sitting(ref, room.people[0]),
            {
                "storage": True,
                "clock": False,
                "clock_ms": -3000,
                "round_trip_ms": 2**50,
                "agent": "x" * 9999,
                "keys": 1,
            },
        )
    assert row_of(room).checks == {"storage": True, "clock": False, "clock_ms": -3000, "at": NOW.isoformat()}


def changed(room: Room, **changes: object) -> None:
    facts: dict[str, object] = {
        "title_zh": "新标题", "title_en": "New title", "opens_at": NOW + 2 * HOUR, "closes_at": NOW + 6 * HOUR,
        "arrangement": Arrangement(place_kind="room", place="示例路 1 号", access_code="K7M4QX", late_minutes=30),
        "by": room.people[2],
    } | changes  # fmt: skip
    with writing():
        arrange.change_session(room.session, **facts)  # type: ignore[arg-type]


def test_a_session_changes_until_it_opens_and_what_was_committed_never(db_app: Flask) -> None:
    room = whole_room(**EARLY)
    before = session_of(room)
    committed = (before.secret, before.commitment, before.pool_hash, before.specification_hash)
    changed(room)
    changed(room)
    after = session_of(room)
    assert (after.title_en, after.place, after.access_code, after.late_minutes) == (
        "New title",
        "示例路 1 号",
        "K7M4QX",
        30,
    )
    assert (after.secret, after.commitment, after.pool_hash, after.specification_hash) == committed
    (entry,) = entries("session.changed")
    assert "示例路" not in str(entry.facts) and "K7M4QX" not in str(entry.facts)
    assert "place" in entry.facts["changed"]
    with clock.frozen(NOW + 2 * HOUR), pytest.raises(arrange.OpenedAlready):
        changed(room, title_en="Too late")


def test_a_cancelled_session_lets_nobody_in(db_app: Flask) -> None:
    room = whole_room(**EARLY)
    for _ in range(2):
        with writing():
            arrange.cancel_session(room.session, reason="typhoon", by=room.people[2])
    assert session_of(room).cancelled_reason == "typhoon"
    with pytest.raises(timing.Cancelled):
        prepare(room)
    assert services.my_sessions(room.people[0])[0].state == "cancelled"
    with pytest.raises(arrange.CancelledAlready):
        changed(room)
    (entry,) = entries("session.cancelled")
    assert "typhoon" not in str(entry.facts)


def test_a_session_that_has_opened_is_not_cancelled(db_app: Flask) -> None:
    room = whole_room()
    with pytest.raises(arrange.OpenedAlready), writing():
        arrange.cancel_session(room.session, reason="r", by=room.people[2])


def test_only_people_with_the_role_watch(db_app: Flask) -> None:
    room = whole_room()
    with writing():
        watchers = [rooms.person(f"w{number}").id for number in range(2)]
        for who in watchers:
            people.grant(person_id=who, role="invigilator", base_id=room.base, by=None)
        arrange.set_invigilators(room.session, watchers, by=room.people[2])
        arrange.set_invigilators(room.session, watchers, by=room.people[2])
    assert len(entries("session.invigilators-set")) == 1
    with pytest.raises(arrange.NoInvigilator), writing():
        arrange.set_invigilators(room.session, [room.people[0]], by=room.people[2])
    with writing():
        arrange.set_invigilators(room.session, watchers[:1], by=room.people[2])
    assert db.session.scalars(select(SessionInvigilator.person_id)).all() == watchers[:1]
    seen = services.list_sessions(services.Reader(watchers[0], frozenset()))
    assert len(seen) == 1 and not services.list_sessions(services.Reader(watchers[1], frozenset()))


def test_announcing_asks_for_the_papers(db_app: Flask) -> None:
    room = whole_room()
    with writing():
        made = services.create_session(
            key="e" * 32, cohort_id=room.cohort, specification=SPECIFICATION.code, title_zh="补考", title_en="Resit",
            opens_at=NOW + 2 * HOUR, closes_at=NOW + 5 * HOUR, by=None,
            arrangement=Arrangement(waiting_days=3, grace_seconds=30),
        )  # fmt: skip
        assert (made.waiting_days, made.grace_seconds, made.attempts) == (3, 30, 1)
    assert jobs.run_everything_due() == 1  # the dry draws
    with clock.frozen(NOW + 2 * HOUR - timedelta(minutes=9)):
        assert jobs.run_everything_due() == 1
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Sitting)) == 3
