"""Who may do what 权限: one table from permission to roles, and the person who acts."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.refusals import N_

ROLES: dict[str, str] = {
    "trainee": N_("Trainee"),
    "auditor-trainee": N_("Auditor trainee"),
    "teacher": N_("Teacher"),
    "item-writer": N_("Item writer"),
    "item-reviewer": N_("Item reviewer"),
    "exam-officer": N_("Exam officer"),
    "invigilator": N_("Invigilator"),
    "marker": N_("Marker"),
    "decision-maker": N_("Decision maker"),
    "base-administrator": N_("Base administrator"),
    "verifier": N_("Verifier"),
    "platform-administrator": N_("Platform administrator"),
    "auditor": N_("Auditor (read only)"),
}
"""The roles of the domain (trainee … auditor); a grant gives one to a person for a training base or the platform."""

STAFF = frozenset(ROLES) - {"trainee", "auditor-trainee", "verifier"}
LEARNERS = frozenset({"trainee", "auditor-trainee"})

ANYONE = frozenset(ROLES)

PERMISSIONS: dict[str, frozenset[str]] = {
    "own.read": ANYONE,
    "learn": LEARNERS,
    "sit": LEARNERS,
    "cohorts.read": frozenset(
        {"teacher", "exam-officer", "decision-maker", "base-administrator", "platform-administrator", "auditor"}
    ),
    "rules.manage": frozenset({"base-administrator"}),
    "attendance.manage": frozenset({"teacher", "base-administrator"}),
    "exercises.review": frozenset({"teacher"}),
    "people.read": frozenset({"base-administrator", "platform-administrator", "auditor"}),
    "people.manage": frozenset({"base-administrator", "platform-administrator"}),
    "sessions.watch": frozenset({"exam-officer", "invigilator", "base-administrator", "auditor"}),
    "sessions.read": frozenset({"exam-officer", "base-administrator", "auditor"}),
    "sessions.invigilate": frozenset({"exam-officer", "invigilator"}),
    "sessions.manage": frozenset({"exam-officer"}),
    "papers.print": frozenset({"exam-officer"}),
    "papers.key": frozenset({"exam-officer"}),
    "sheets.key": frozenset({"exam-officer", "invigilator"}),
    "incidents.decide": frozenset({"exam-officer"}),
    "bank.read": frozenset({"item-writer", "item-reviewer", "exam-officer", "auditor"}),
    "marking.mark": frozenset({"marker"}),
    "results.read": frozenset({"exam-officer", "decision-maker", "base-administrator", "auditor"}),
    "results.decide": frozenset({"decision-maker"}),
    "certificates.read": frozenset({"decision-maker", "base-administrator", "exam-officer", "auditor"}),
    "certificates.manage": frozenset({"decision-maker"}),
    "ledger.read": frozenset({"auditor", "base-administrator", "platform-administrator"}),
    "verify.desk": frozenset({"verifier", "decision-maker", "base-administrator", "auditor"}),
    "platform.manage": frozenset({"platform-administrator"}),
}
"""Permission → the roles that carry it. Training and examining are kept apart: no role here teaches and examines."""


@dataclass(frozen=True)
class Grant:
    """A role, for one base or (base_id None) for the whole platform, perhaps for one cohort only."""

    role: str
    base_id: int | None
    cohort_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """The person who acts in this request, with the roles held now."""

    person_id: int
    account: str
    name: str
    language: str | None
    session_id: str
    grants: tuple[Grant, ...] = field(default=())

    def may(self, permission: str) -> bool:
        """Whether any grant carries the permission."""
        return any(grant.role in PERMISSIONS[permission] for grant in self.grants)

    def bases(self, permission: str) -> frozenset[int] | None:
        """The bases for which the permission is held; None means all of them."""
        held = [grant.base_id for grant in self.grants if grant.role in PERMISSIONS[permission]]
        return None if None in held else frozenset(base for base in held if base is not None)

    def cohorts(self, permission: str) -> frozenset[int] | None:
        """The cohorts to which the permission is limited; None when some grant holds for all cohorts of its base."""
        held = [grant.cohort_id for grant in self.grants if grant.role in PERMISSIONS[permission]]
        return None if None in held else frozenset(cohort for cohort in held if cohort is not None)
