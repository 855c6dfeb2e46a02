"""The permission table: who may do what, and what must stay apart."""

from __future__ import annotations

import pytest

from app.accounts.permissions import LEARNERS, PERMISSIONS, ROLES, STAFF, Actor, Grant


def actor(*grants: Grant) -> Actor:
    return Actor(1, "a", "a", None, "s", grants)


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_every_permission_names_known_roles(permission: str) -> None:
    assert PERMISSIONS[permission] and PERMISSIONS[permission] <= set(ROLES)


@pytest.mark.parametrize("role", sorted(LEARNERS))
def test_learners_hold_nothing_of_staff(role: str) -> None:
    held = {name for name, roles in PERMISSIONS.items() if role in roles}
    assert held == {"own.read", "learn", "sit"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("marking.mark", "results.decide"),
        ("sessions.manage", "marking.mark"),
        ("sessions.manage", "results.decide"),
        ("certificates.manage", "marking.mark"),
        ("sessions.manage", "people.manage"),
    ],
)
def test_no_single_role_carries_both(one: str, other: str) -> None:
    assert not PERMISSIONS[one] & PERMISSIONS[other]


def test_a_teacher_examines_nobody() -> None:
    held = {name for name, roles in PERMISSIONS.items() if "teacher" in roles}
    assert held == {"own.read", "cohorts.read", "attendance.manage", "exercises.review"}


def test_the_auditor_changes_nothing() -> None:
    held = {name for name, roles in PERMISSIONS.items() if "auditor" in roles}
    assert not {name for name in held if name.endswith((".manage", ".mark", ".decide"))}


def test_roles_are_staff_learners_or_verifier() -> None:
    assert set(ROLES) == STAFF | LEARNERS | {"verifier"}


def test_bases_of_a_permission() -> None:
    person = actor(Grant("marker", 1), Grant("marker", 2), Grant("invigilator", 3))
    assert person.bases("marking.mark") == frozenset({1, 2})
    assert person.bases("sessions.watch") == frozenset({3})
    assert person.bases("results.decide") == frozenset()
    assert person.may("marking.mark") and not person.may("results.decide")


def test_a_platform_grant_lifts_the_limit() -> None:
    assert actor(Grant("auditor", None), Grant("auditor", 4)).bases("ledger.read") is None


def test_a_grant_for_a_cohort_is_limited_to_it() -> None:
    teacher = actor(Grant("teacher", 1, 7), Grant("teacher", 1, 8))
    assert teacher.cohorts("cohorts.read") == frozenset({7, 8})
    assert actor(Grant("teacher", 1, 7), Grant("exam-officer", 1)).cohorts("cohorts.read") is None
