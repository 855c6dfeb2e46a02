"""From the desk to the decision: blind, without conflicts of interest, each step once, each with its ledger entry."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.cohorts import services as cohorts
from app.cohorts.models import Programme
from app.exams import services as exams
from app.exams.models import ExamSession, Sitting
from app.exams.services.prepare import PassedAlready
from app.jobs.models import Job
from app.ledger.models import Entry
from app.marking import services
from app.marking.models import Decision, Mark, Result, Script
from app.marking.scoring import BadMarks
from app.marking.services.conflicts import barred_people
from app.refusals import NotFound
from app.store import db, scope_to, writing
from tests.marking.world import ALL_RIGHT, FULL, NONE, NOW, Sat, World, make_world, scripts_of, sit


@pytest.fixture
def world(db_app: Flask) -> Iterator[World]:
    with clock.frozen(NOW):
        yield make_world()


def handed(world: World, answers: dict[int, Any] = ALL_RIGHT, **who: Any) -> Sat:
    sat = sit(world, answers, **who)
    with writing():
        services.hand_in(sat.ref, "candidate", NOW, person_id=sat.person)
    return sat


def mark(ref: str, by: int, given: dict[str, Fraction], comment: str = "") -> Fraction:
    with writing():
        return services.mark(ref, by, given, comment)


def mark_all(sat: Sat, by: int, given: dict[str, dict[str, Fraction]]) -> None:
    for kind, ref in scripts_of(sat).items():
        mark(ref, by, given[kind])


def decide(sat: Sat, by: int, certify: bool = True, reason: str = "", version: int = 2) -> Decision:
    with writing():
        return services.decide(sat.ref, version=version, certify=certify, reason=reason, by=by)


def newest(sat: Sat) -> Result:
    found = db.session.scalar(select(Result).where(Result.sitting_id == sat.id).order_by(Result.version.desc()))
    assert found is not None
    return found


def test_the_whole_way_to_a_decision(world: World) -> None:
    sat = handed(world)
    assert services.desk(world.marker).waiting == 2
    mark_all(sat, world.marker, FULL)
    result = newest(sat)
    assert (result.state, result.version, result.total, result.passed) == ("final", 2, "20", True)
    assert [(row["name"], row["points"], row["marks"]) for row in result.groups] == [("5", "10", 10), ("6", "10", 10)]
    waiting, _page = services.list_candidacies(world.decider)
    assert [(one.ref, one.complete, one.barred) for one in waiting] == [(sat.ref, True, False)]
    decision = decide(sat, world.decider)
    job = db.session.scalar(select(Job).where(Job.kind == "certificates.request"))
    assert job is not None
    assert (job.key, job.payload) == (f"certificates.request:{decision.id}", {"decision_id": decision.id})
    assert services.list_candidacies(world.decider)[1].total == 0
    kinds = db.session.scalars(select(Entry.kind).where(Entry.subject == f"sitting:{sat.ref}").order_by(Entry.id)).all()
    assert kinds == [
        "sitting.closed", "result.provisional", "script.marked", "script.marked", "result.final", "result.decided",
    ]  # fmt: skip


def test_the_first_version_stays_as_it_was(world: World) -> None:
    sat = handed(world)
    mark_all(sat, world.marker, FULL)
    versions = db.session.execute(
        select(Result.version, Result.state, Result.total, Result.passed).order_by(Result.version)
    )
    assert [tuple(row) for row in versions] == [(1, "provisional", "5", None), (2, "final", "20", True)]


@pytest.mark.parametrize(
    ("short", "case", "total", "passed"),
    [
        (
            {"point-1": 1, "point-2": 1, "point-3": 1},
            {"clause": 0, "facts": 1, "requirement": 0, "grade": 1},
            "15",
            True,
        ),
        (
            {"point-1": 1, "point-2": 1, "point-3": 0},
            {"clause": 1, "facts": 1, "requirement": 0, "grade": 0},
            "47/3",
            True,
        ),
        (
            {"point-1": 1, "point-2": 1, "point-3": 0},
            {"clause": 1, "facts": 0, "requirement": 0, "grade": 0},
            "37/3",
            False,
        ),
        (
            {"point-1": 1, "point-2": 1, "point-3": 0},
            {"clause": 0, "facts": 1, "requirement": 1, "grade": 0},
            "14",
            True,
        ),
    ],
)
def test_the_cut_is_exact(world: World, short: dict[str, int], case: dict[str, int], total: str, passed: bool) -> None:
    sat = handed(world)
    refs = scripts_of(sat)
    mark(refs["short"], world.marker, {name: Fraction(share) for name, share in short.items()})
    mark(refs["case"], world.marker, {name: Fraction(share) for name, share in case.items()})
    assert (newest(sat).total, newest(sat).passed) == (total, passed)
    assert services.list_candidacies(world.decider)[1].total == int(passed)


def test_the_desk_tells_nothing_of_the_person(world: World) -> None:
    sat = handed(world)
    ref = scripts_of(sat)["case"]
    view = services.get_script(ref, world.marker)
    told = repr(view)
    assert sat.ref not in told and "zhang" not in told and "考生" not in told
    assert not {"person", "person_id", "sitting", "base", "base_id", "cohort", "number"} & set(vars(view))


def test_nobody_marks_somebody_he_taught(world: World) -> None:
    sat = handed(world)
    assert services.desk(world.teacher).waiting == 0
    assert services.next_script(world.teacher) is None
    for ref in scripts_of(sat).values():
        with pytest.raises(NotFound):
            services.get_script(ref, world.teacher)
        with pytest.raises(NotFound):
            mark(ref, world.teacher, FULL["case"])
    assert db.session.scalar(select(func.count()).select_from(Mark)) == 0


def test_teaching_in_another_base_counts_as_well(world: World) -> None:
    sat = handed(world)
    other = make_world("zju")
    sit(other, {}, person_id=sat.person)
    scope_to([world.base])
    assert cohorts.taught_by(other.teacher, sat.person)
    assert barred_people(other.teacher) == {other.teacher, sat.person}
    assert services.next_script(other.teacher) is None
    with pytest.raises(NotFound):
        services.get_script(scripts_of(sat)["case"], other.teacher)


def test_the_bar_is_the_rule_of_the_cohorts(world: World) -> None:
    people = [handed(world, account=name).person for name in ("li", "wang")]
    staff = [world.teacher, world.marker, world.decider]
    for one in staff:
        barred = barred_people(one)
        assert barred - {one} == {person for person in people if cohorts.taught_by(one, person)}


def test_nobody_marks_himself(world: World) -> None:
    sat = handed(world, person_id=world.marker)
    assert services.next_script(world.marker) is None
    assert services.next_script(world.other_marker) is not None
    with pytest.raises(NotFound):
        mark(scripts_of(sat)["short"], world.marker, FULL["short"])


def test_another_bases_scripts_do_not_exist(world: World) -> None:
    sat = handed(world)
    refs = scripts_of(sat)
    other = make_world("zju")
    scope_to([other.base])
    assert services.desk(other.marker).waiting == 0
    with pytest.raises(NotFound):
        services.get_script(refs["case"], other.marker)
    assert services.list_candidacies(other.decider)[1].total == 0


def test_a_mark_is_given_once(world: World) -> None:
    sat = handed(world)
    ref = scripts_of(sat)["short"]
    assert mark(ref, world.marker, FULL["short"], "good") == 5
    assert mark(ref, world.marker, NONE["short"], "changed my mind") == 5
    with pytest.raises(services.AlreadyMarked):
        mark(ref, world.other_marker, NONE["short"])
    with pytest.raises(services.AlreadyMarked):
        services.get_script(ref, world.other_marker)
    kept = db.session.scalars(select(Mark)).one()
    assert (kept.marker_id, kept.points, kept.comment) == (world.marker, "5", "good")


@pytest.mark.parametrize(
    "given", [{}, {"point-1": Fraction(1)}, FULL["case"], {**FULL["short"], "point-1": Fraction(2)}]
)
def test_marks_that_do_not_fit_change_nothing(world: World, given: dict[str, Fraction]) -> None:
    sat = handed(world)
    with pytest.raises(BadMarks):
        mark(scripts_of(sat)["short"], world.marker, given)
    assert services.desk(world.marker).waiting == 2


def test_the_last_two_marks_at_the_same_moment_make_one_final_result(world: World, db_app: Flask) -> None:
    sat = handed(world)
    start, failed = Barrier(2), []

    def try_it(kind: str, ref: str, by: int) -> None:
        with db_app.app_context():
            scope_to(None)
            start.wait()
            try:
                mark(ref, by, FULL[kind])
            except Exception as error:  # shown by the assertion below
                failed.append(repr(error))
            db.session.remove()

    refs = scripts_of(sat)
    markers = {"short": world.marker, "case": world.other_marker}
    threads = [Thread(target=try_it, args=(kind, ref, markers[kind])) for kind, ref in refs.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    db.session.rollback()
    assert [(one.version, one.state) for one in db.session.scalars(select(Result).order_by(Result.version))] == [
        (1, "provisional"),
        (2, "final"),
    ]


def test_scripts_come_item_by_item_and_each_once(world: World) -> None:
    for name in ("li", "wang", "zhao"):
        handed(world, account=name)
    seen: list[str] = []
    while (ref := services.next_script(world.marker)) is not None:
        view = services.get_script(ref, world.marker)
        seen.append(view.item.kind)
        assert view.waiting == 6 - len(seen) + 1
        mark(ref, world.marker, FULL[view.item.kind])
    assert len(seen) == 6
    assert seen in (["short"] * 3 + ["case"] * 3, ["case"] * 3 + ["short"] * 3)
    assert services.desk(world.marker).done == 6


def test_a_script_can_be_put_off(world: World) -> None:
    handed(world)
    first = services.next_script(world.marker)
    second = services.next_script(world.marker, after=first)
    assert first is not None and second is not None and first != second
    assert services.next_script(world.marker, after=second) == first
    assert services.next_script(world.marker, item="6.1.3-01") in {first, second}
    assert services.next_script(world.marker, item="9.9-99") is None


def ready(world: World, **who: Any) -> Sat:
    sat = handed(world, **who)
    mark_all(sat, world.marker, FULL)
    return sat


@pytest.mark.parametrize("role", ["teacher", "marker"])
def test_who_taught_or_marked_does_not_decide(world: World, role: str) -> None:
    sat = ready(world)
    person = getattr(world, role)
    assert services.list_candidacies(person)[0][0].barred
    for certify in (True, False):
        with pytest.raises(services.NotYours):
            decide(sat, person, certify=certify, reason="because")
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 0


def test_nobody_decides_on_himself(world: World) -> None:
    sat = ready(world, person_id=world.decider)
    with pytest.raises(services.NotYours):
        decide(sat, world.decider)


def test_a_decision_is_made_once(world: World) -> None:
    sat = ready(world)
    first = decide(sat, world.decider).id
    assert decide(sat, world.decider).id == first
    with pytest.raises(services.AlreadyDecided):
        decide(sat, world.decider, certify=False, reason="other")
    with pytest.raises(services.AlreadyDecided):
        decide(sat, world.officer)
    assert db.session.scalar(select(func.count()).select_from(Job).where(Job.kind == "certificates.request")) == 1


def test_no_certificate_without_the_hours(world: World) -> None:
    sat = ready(world)
    with writing():
        programme = db.session.scalars(select(Programme)).one()
        programme.hours_required = 16
    candidacy = services.get_candidacy(sat.ref, world.decider)
    assert [(one.name, one.met) for one in candidacy.requirements] == [
        ("valid", True),
        ("passed", True),
        ("marked", True),
        ("hours", False),
    ]
    with pytest.raises(services.MissingRequirement):
        decide(sat, world.decider)
    refused = decide(sat, world.decider, certify=False, reason="学时不足")
    assert (refused.certify, refused.reason) == (False, "学时不足")
    assert db.session.scalar(select(Job.id).where(Job.kind == "certificates.request")) is None


def test_only_the_newest_final_and_passed_result_can_be_decided_on(world: World) -> None:
    provisional, failed = handed(world), handed(world, account="li")
    mark_all(failed, world.marker, NONE)
    for sat in (provisional, failed):
        with pytest.raises(NotFound):
            decide(sat, world.decider)
    with pytest.raises(services.decisions.ResultChanged):
        decide(ready(world, account="wang"), world.decider, version=1)
    with pytest.raises(NotFound), writing():
        services.decide("0" * 32, version=2, certify=True, reason="", by=world.decider)


def test_the_candidate_sees_groups_and_never_items(world: World) -> None:
    sat = handed(world)
    before = services.get_own_result(sat.ref, sat.person)
    assert not before.final
    refs = scripts_of(sat)
    mark(refs["short"], world.marker, FULL["short"])
    mark(refs["case"], world.marker, {**NONE["case"], "clause": Fraction(1)})
    own = services.get_own_result(sat.ref, sat.person)
    assert (own.final, own.passed, own.total, own.cut) == (True, False, Fraction(40, 3), 14)
    assert [(part.name, part.share) for part in own.groups] == [("5", 1), ("6", Fraction(1, 3))]
    assert [part.name for part in own.study_next] == ["6"]
    assert [hurdle.rule for hurdle in own.missed] == ["total"]
    assert own.attempts_left == 1
    assert "5.2-01" not in repr(own) and "SECRET" not in repr(own)
    with pytest.raises(NotFound):
        services.get_own_result(sat.ref, world.officer)


def test_the_results_of_a_session(world: World) -> None:
    passed, marking = ready(world), handed(world, account="li")
    sitting = sit(world, {}, account="wang")
    decide(passed, world.decider)
    found = services.get_session_results(world.session_ref)
    assert [(line.ref, line.state, line.passed, line.waiting) for line in found.lines] == [
        (passed.ref, "final", True, 0),
        (marking.ref, "provisional", None, 2),
        (sitting.ref, "sitting", None, 0),
    ]
    assert found.counts == {"passed": 1, "marking": 1, "sitting": 1}
    assert found.lines[0].decision is not None and found.lines[0].total == 20
    assert db.session.scalar(select(func.count()).select_from(Script).where(Script.state == "waiting")) == 2


def test_who_has_passed_does_not_sit_again(world: World) -> None:
    sat = handed(world)
    mark_all(sat, world.marker, FULL)
    sitting = db.session.scalars(select(Sitting).where(Sitting.ref == sat.ref)).one()
    assert sitting.passed is True
    ref = db.session.scalars(select(ExamSession.ref).where(ExamSession.id == sitting.session_id)).one()
    assert [one.can_start for one in exams.my_sessions(sitting.person_id)] == [False]
    assert all(one.passed for one in exams.my_sessions(sitting.person_id))
    with pytest.raises(PassedAlready), writing():
        exams.prepare_sitting(ref, sitting.person_id)
