"""Study rules against the facts: what is met, what is missing, and which lessons the order keeps closed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cohorts.attendance import Sum
from app.cohorts.study_rules import ORDERS, Rules, from_content, to_content
from app.courses.requirements import Facts, ModuleFacts, Part, closed_lessons, judge

RULES = st.builds(
    Rules,
    order=st.sampled_from(list(ORDERS)),
    lessons=st.booleans(),
    hours=st.integers(0, 40),
    live_counts=st.booleans(),
    quiz=st.one_of(st.none(), st.fractions(Fraction(1, 100), 1)),
    tries=st.integers(1, 20),
    attendance=st.integers(0, 100),
    exercise=st.booleans(),
)


def part(kind: str, name: str, *, done: bool) -> Part:
    return Part(kind, name, {"zh_CN": name, "en": name}, done)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    modules = []
    for number in range(draw(st.integers(0, 4))):
        code = f"A{number}"
        lessons = tuple(
            part("lesson", f"{code}-{place}", done=draw(st.booleans())) for place in range(draw(st.integers(0, 4)))
        )
        trial = part("quiz", code, done=draw(st.booleans())) if draw(st.booleans()) else None
        audit = part("exercise", code, done=draw(st.booleans())) if draw(st.booleans()) else None
        modules.append(ModuleFacts(code, {"en": code}, lessons, trial, audit))
    asked = draw(st.integers(0, 600))
    live = Sum(draw(st.integers(0, asked)), asked)
    return Facts(tuple(modules), draw(st.integers(0, 200_000)), live, draw(st.sampled_from((45, 50, 60))))


@given(RULES)
def test_rules_are_the_same_after_storing(rules: Rules) -> None:
    assert from_content(to_content(rules)) == rules


@given(facts())
def test_without_rules_nothing_is_asked_and_nothing_is_closed(found: Facts) -> None:
    standing = judge(Rules(), found)
    assert standing.requirements == () and standing.admitted and standing.closed == {}


@given(RULES, facts())
def test_somebody_is_admitted_when_nothing_is_missing_or_by_exception(rules: Rules, found: Facts) -> None:
    standing = judge(rules, found)
    assert standing.admitted == (not standing.missing)
    assert judge(rules, found, excepted=True).admitted
    for one in standing.requirements:
        assert (one.percent == 100) == one.met
        assert one.next is None or not one.next.done


@given(RULES, facts())
def test_there_is_always_something_open_to_do_next(rules: Rules, found: Facts) -> None:
    closed = closed_lessons(rules, found.modules)
    lessons = {one.id: one for one in found.lessons}
    assert all(not lessons[id].done and not gate.done for id, gate in closed.items())
    for gate in closed.values():
        assert gate.kind == "quiz" or gate.id not in closed, "what opens a lesson is open itself"
    if rules.order == "lessons":
        undone = [one.id for one in found.lessons if not one.done]
        assert list(closed) == undone[1:]
    if rules.order == "free":
        assert closed == {}


@given(RULES, facts())
def test_doing_the_gate_again_and_again_opens_everything(rules: Rules, found: Facts) -> None:
    modules, rounds = found.modules, 0
    while closed := closed_lessons(rules, modules):
        gate, rounds = next(iter(closed.values())), rounds + 1
        modules = tuple(_with_done(module, gate) for module in modules)
        assert rounds < 40
    assert closed_lessons(rules, modules) == {}


def _with_done(module: ModuleFacts, gate: Part) -> ModuleFacts:
    lessons = tuple(
        part("lesson", one.id, done=one.done or (gate.kind == "lesson" and one.id == gate.id)) for one in module.lessons
    )
    trial = module.quiz
    if trial is not None and gate.kind == "quiz" and trial.id == gate.id:
        trial = part("quiz", trial.id, done=True)
    return ModuleFacts(module.code, module.title, lessons, trial, module.exercise)


def test_a_module_opens_after_lessons_and_quiz_of_the_one_before() -> None:
    def modules(*, lesson: bool, trial: bool) -> tuple[ModuleFacts, ...]:
        first = ModuleFacts("A1", {}, (part("lesson", "one", done=lesson),), part("quiz", "A1", done=trial))
        return first, ModuleFacts("A2", {}, (part("lesson", "two", done=False), part("lesson", "three", done=False)))

    asked, unasked = Rules(order="modules", quiz=Fraction(4, 5)), Rules(order="modules")
    assert [gate.id for gate in closed_lessons(asked, modules(lesson=False, trial=False)).values()] == ["one", "one"]
    assert [gate.kind for gate in closed_lessons(asked, modules(lesson=True, trial=False)).values()] == ["quiz"] * 2
    assert closed_lessons(asked, modules(lesson=True, trial=True)) == {}
    assert closed_lessons(unasked, modules(lesson=True, trial=False)) == {}


@pytest.mark.parametrize(("counts", "hours"), [(False, "2.0"), (True, "3.0")])
def test_live_sessions_count_where_the_rule_says_so_and_are_shown_apart(counts: bool, hours: str) -> None:
    found = Facts((), 2 * 45 * 60, Sum(45, 90), 45)
    rules = Rules(hours=3, live_counts=counts)
    assert (found.self_hours, found.live_hours) == (Decimal("2.0"), Decimal("1.0"))
    assert found.hours(rules) == Decimal(hours)
    assert judge(rules, found).admitted is counts


def test_attendance_is_met_where_nothing_was_held() -> None:
    assert judge(Rules(attendance=80), Facts()).admitted
    assert not judge(Rules(attendance=80), Facts(live=Sum(79, 100))).admitted
    assert judge(Rules(attendance=80), Facts(live=Sum(80, 100))).admitted


def test_a_thin_quiz_blocks_nobody() -> None:
    module = ModuleFacts("A1", {}, (part("lesson", "one", done=True),), None)
    assert judge(Rules(quiz=Fraction(1)), Facts((module,))).admitted
