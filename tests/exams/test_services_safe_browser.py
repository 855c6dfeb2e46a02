"""Safe Exam Browser as an officer asks for it, and what becomes of a sitting whose browser does not prove itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.exams import seb, timing
from app.exams.models import ExamSession, Incident, Sitting, SittingChange
from app.exams.services import incidents, record_answers, safe_browser, steer
from app.exams.services.arrange import CancelledAlready, OpenedAlready
from app.ledger.models import Entry
from app.refusals import NotFound
from app.store import db, unscoped, writing
from tests.exams import rooms
from tests.exams.rooms import NOW, one_sitting, whole_room

pytestmark = pytest.mark.usefixtures("db_app", "now")
SITE = "http://localhost"
SETTINGS = seb.own_settings(f"{SITE}/exams", f"{SITE}/exams/close-browser", seb.Wishes("a long password"))
KEY = seb.config_key(SETTINGS)


def of(ref: str) -> Sitting:
    return db.session.scalars(select(Sitting).where(Sitting.ref == ref)).one()


def asked(**changes: object) -> tuple[str, int, int]:
    """An open sitting in a session that asks for the browser."""
    found = one_sitting(**changes)
    with writing():
        session = db.session.scalars(select(ExamSession)).one()
        session.seb_key, session.seb_config = KEY, seb.stored(SETTINGS)
    return found


def kinds() -> list[str]:
    with unscoped():
        return [one for one in db.session.scalars(select(Entry.kind).order_by(Entry.id)) if "role" not in one]


def test_a_session_asks_until_it_opens() -> None:
    room = whole_room(opens_at=NOW + timedelta(hours=1))
    with writing():
        by = rooms.person("officer").id
        safe_browser.ask_for_browser(room.session, SETTINGS, by)
        safe_browser.ask_for_browser(room.session, SETTINGS, by)
    session = db.session.scalars(select(ExamSession)).one()
    assert session.seb_key == KEY and kinds() == ["session.browser"], "the same settings again change nothing"
    assert seb.config_key(seb.read_settings(safe_browser.settings_of(room.session))) == KEY
    with writing():
        safe_browser.ask_for_no_browser(room.session, by)
        safe_browser.ask_for_no_browser(room.session, by)
    assert db.session.scalars(select(ExamSession.seb_key)).one() is None
    assert kinds() == ["session.browser", "session.browser"]
    with pytest.raises(NotFound):
        safe_browser.settings_of(room.session)
    with clock.frozen(NOW + timedelta(hours=1)), pytest.raises(OpenedAlready), writing():
        safe_browser.ask_for_browser(room.session, SETTINGS, by)
    with writing():
        db.session.scalars(select(ExamSession)).one().cancelled_at = NOW
    with pytest.raises(CancelledAlready), writing():
        safe_browser.ask_for_no_browser(room.session, by)
    with pytest.raises(NotFound), writing():
        safe_browser.ask_for_browser("0" * 32, SETTINGS, by)


def test_the_ledger_has_neither_key_nor_password() -> None:
    room = whole_room(opens_at=NOW + timedelta(hours=1))
    with writing():
        safe_browser.ask_for_browser(room.session, SETTINGS, rooms.person("officer").id)
    with unscoped():
        facts = str(db.session.scalars(select(Entry.facts)).all())
    assert "seb_key_hash" in facts and KEY not in facts


def test_the_file_is_there_until_the_session_is_over() -> None:
    asked()
    session = db.session.scalars(select(ExamSession)).one()
    ref = session.ref
    with clock.frozen(session.closes_at + timedelta(minutes=5)):
        assert safe_browser.settings_of(ref), "somebody with extra time may still sit"
    with writing():
        db.session.scalars(select(ExamSession)).one().revealed_at = NOW
    with pytest.raises(NotFound):
        safe_browser.settings_of(ref)
    with pytest.raises(NotFound):
        safe_browser.settings_of("0" * 32)


def test_what_is_asked_of_whom() -> None:
    ref, person, _ = asked()
    demand = safe_browser.demand_of(ref, person)
    assert demand is not None and demand.key == KEY and demand.running
    with pytest.raises(NotFound):
        safe_browser.demand_of(ref, person + 1)
    for changes in ({"medium": timing.PAPER}, {"medium": "screen", "state": "closed"}):
        with writing():
            for name, value in changes.items():
                setattr(of(ref), name, value)
        assert safe_browser.demand_of(ref, person) is None
        assert safe_browser.standing(of(ref), db.session.scalars(select(ExamSession)).one()) == ""


def test_without_the_option_nothing_is_asked() -> None:
    ref, person, _ = one_sitting()
    assert safe_browser.demand_of(ref, person) is None


def test_a_wrong_browser_locks_once_and_raises_one_incident() -> None:
    ref, person, _ = asked()
    for _ in range(2):
        with writing():
            assert safe_browser.lock_without_browser(ref, person)
    assert of(ref).locked == "seb"
    found = db.session.scalars(select(Incident)).one()
    assert (found.kind, found.source, found.by_id) == ("seb", "system", None)
    assert [one for one in kinds() if one == "sitting.locked"] == ["sitting.locked"]


@pytest.mark.parametrize("changes", [{"state": "ready"}, {"state": "closed"}, {"medium": "paper"}])
def test_only_a_running_sitting_on_screen_is_locked(changes: dict[str, str]) -> None:
    ref, person, _ = asked(**changes)
    with writing():
        assert not safe_browser.lock_without_browser(ref, person)
    assert of(ref).locked is None and db.session.scalar(select(func.count()).select_from(Incident)) == 0


def test_another_person_locks_nothing() -> None:
    ref, person, _ = asked()
    with writing():
        assert not safe_browser.lock_without_browser(ref, person + 1)
    assert of(ref).locked is None


def test_a_locked_sitting_takes_answers() -> None:
    ref, person, _ = asked()
    with writing():
        safe_browser.lock_without_browser(ref, person)
    saved = record_answers(ref, person, 1, "w" * 32, [{"seq": 1, "slot": 1, "value": "A", "ms": 1}])
    assert list(saved.acked) == [1] and not saved.late


def test_unlocking_goes_on_asking_and_locks_again() -> None:
    ref, person, _ = asked()
    with writing():
        by = rooms.person("watcher").id
        safe_browser.lock_without_browser(ref, person)
        steer.unlock_sitting(ref, reason="Started again", by=by)
    assert of(ref).locked is None and safe_browser.demand_of(ref, person) is not None
    with writing():
        assert safe_browser.lock_without_browser(ref, person)
    assert db.session.scalar(select(func.count()).select_from(Incident)) == 1, "the first is not decided yet"
    with writing():
        steer.unlock_sitting(ref, reason="Started again", by=by)
        one = db.session.scalars(select(Incident)).one()
        incidents.decide_incident(one.ref, decision="none", why="A crash", seen="", by=by)
    with writing():
        assert safe_browser.lock_without_browser(ref, person)
    assert db.session.scalar(select(func.count()).select_from(Incident)) == 2


def test_who_is_excused_is_asked_no_more() -> None:
    ref, person, _ = asked()
    with writing():
        by = rooms.person("watcher").id
        safe_browser.lock_without_browser(ref, person)
    for _ in range(2):
        with writing():
            safe_browser.excuse_browser(ref, reason="It does not start on this device", by=by)
    session = db.session.scalars(select(ExamSession)).one()
    assert of(ref).locked is None and safe_browser.demand_of(ref, person) is None
    assert safe_browser.standing(of(ref), session) == "excused"
    with writing():
        assert not safe_browser.lock_without_browser(ref, person)
    changes = db.session.scalars(select(SittingChange)).all()
    assert [(one.kind, one.reason) for one in changes] == [("no-browser", "It does not start on this device")]
    assert [one for one in kinds() if one == "sitting.excused"] == ["sitting.excused"]


def test_nobody_is_excused_after_the_end() -> None:
    ref, _, _ = asked(state="closed")
    with pytest.raises(timing.Closed), writing():
        safe_browser.excuse_browser(ref, reason="x", by=1)
    with pytest.raises(NotFound), writing():
        safe_browser.excuse_browser("0" * 32, reason="x", by=1)


def test_a_sitting_that_has_not_begun_is_asked_too() -> None:
    ref, person, _ = asked(state="ready")
    demand = safe_browser.demand_of(ref, person)
    assert demand is not None and not demand.running
    assert safe_browser.standing(of(ref), db.session.scalars(select(ExamSession)).one()) == "asked"
