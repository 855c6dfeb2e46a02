"""The decision desk 认证决定: a person who neither taught nor marked decides, on results that lack nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Select, func, select

from app import clock
from app.accounts.models import Person
from app.cohorts.models import Cohort, Enrolment, Programme
from app.courses.services.standing import credited_hours
from app.exams.models import Sitting
from app.exams.services.incidents import void_among
from app.jobs.services import ask
from app.ledger.services import record, seal
from app.marking.models import Decision, Result
from app.marking.services.conflicts import barred_people, has_marked
from app.pages import Page
from app.refusals import N_, Conflict, NotFound, Refusal
from app.store import db

PAGE = 25


class AlreadyDecided(Conflict):
    """There is a decision on this result."""

    message = N_("This result has been decided on already.")
    kept = N_("The first decision stands.")
    todo = N_("Go back to the list of decisions.")


class ResultChanged(Conflict):
    """A newer version of the result exists than the one that was looked at."""

    message = N_("There is a newer version of this result.")
    todo = N_("Look at it again and decide then.")


class NotYours(Refusal):
    """The decision is for somebody else: this person taught, marked, or is the candidate."""

    message = N_("You taught or marked this person, or it is yourself. Somebody else has to decide.")
    todo = N_("Leave this decision to another decision maker.")


class MissingRequirement(Refusal):
    """No certificate before every requirement is met."""

    message = N_("The certificate cannot be decided on yet: a requirement is not met.")
    todo = N_("See which requirement is missing and settle it first.")


@dataclass(frozen=True)
class Requirement:
    """A requirement for the certificate: 'valid', 'passed', 'marked' or 'hours', with what there is and what is needed."""

    name: str
    met: bool
    have: str
    need: str


@dataclass(frozen=True)
class Candidacy:
    """A passed result that waits for its decision, with all that the decision rests on."""

    ref: str
    result: Result
    person: Person
    enrolment: Enrolment
    cohort: Cohort
    programme: Programme
    requirements: Sequence[Requirement]
    barred: bool

    @property
    def complete(self) -> bool:
        """Whether every requirement is met."""
        return all(requirement.met for requirement in self.requirements)

    @property
    def total(self) -> Fraction:
        """The total in marks."""
        return Fraction(self.result.total)

    @property
    def cut(self) -> Fraction:
        """The cut in marks."""
        return Fraction(self.result.cut)


def list_candidacies(decider_id: int, *, page: int = 1) -> tuple[list[Candidacy], Page]:
    """The passed results that wait for a decision, the oldest first, in the bases that the session may see."""
    waiting = _waiting()
    total = db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    shown = Page(min(max(1, page), Page(1, PAGE, total).pages), PAGE, total)
    rows = db.session.scalars(waiting.order_by(Result.made_at, Result.id).offset(shown.offset).limit(PAGE)).all()
    barred, void = barred_people(decider_id), void_among([result.sitting_id for result in rows])
    return [_candidacy(result, decider_id, barred, void) for result in rows], shown


def get_candidacy(ref: str, decider_id: int) -> Candidacy:
    """The waiting result of a sitting. Raises NotFound, also when it is decided or not passed."""
    result = db.session.scalar(_waiting().join(Sitting, Sitting.id == Result.sitting_id).where(Sitting.ref == ref))
    if result is None:
        raise NotFound
    return _candidacy(result, decider_id, barred_people(decider_id), void_among([result.sitting_id]))


def decide(ref: str, *, version: int, certify: bool, reason: str, by: int) -> Decision:
    """Decide on version `version` of a sitting's result; certifying asks for the certificate in the same transaction.

    The same decision by the same person again changes nothing. Raises NotFound, AlreadyDecided, ResultChanged,
    NotYours and MissingRequirement.
    """
    sitting = db.session.scalar(select(Sitting).where(Sitting.ref == ref).with_for_update())
    if sitting is None:
        raise NotFound
    made = db.session.scalar(select(Decision).join(Result).where(Result.sitting_id == sitting.id))
    if made is not None:
        if (made.certify, made.decided_by, made.reason) == (certify, by, reason):
            return made
        raise AlreadyDecided
    found = get_candidacy(ref, by)
    if found.result.version != version:
        raise ResultChanged
    if found.barred:
        raise NotYours
    if certify and not found.complete:
        raise MissingRequirement
    return _record(found, certify=certify, reason=reason, by=by)


def _record(found: Candidacy, *, certify: bool, reason: str, by: int) -> Decision:
    result = found.result
    decision = Decision(
        base_id=result.base_id,
        result_id=result.id,
        person_id=result.person_id,
        enrolment_id=result.enrolment_id,
        certify=certify,
        decided_by=by,
        decided_at=clock.now(),
        reason=reason,
    )
    db.session.add(decision)
    db.session.flush()
    facts = {"certify": certify, "reason_sealed": seal(reason), "version": result.version, "decision": decision.id}
    subject = f"sitting:{found.ref}"
    record(kind="result.decided", base_id=result.base_id, actor_id=by, subject=subject, facts=facts)
    if certify:
        key = f"certificates.request:{decision.id}"
        ask(kind="certificates.request", key=key, payload={"decision_id": decision.id})
    return decision


def _waiting() -> Select[Result]:
    """Newest versions of results, final and passed, without a decision, of people not yet certified by the enrolment."""
    newer = Result.__table__.alias("newer")
    is_newest = ~select(newer.c.id).where(
        newer.c.sitting_id == Result.sitting_id, newer.c.version > Result.version
    ).exists()  # fmt: skip
    decided = select(Decision.id).join(Sitting, Sitting.id == Result.sitting_id).where(
        (Decision.result_id == Result.id) | ((Decision.enrolment_id == Result.enrolment_id) & Decision.certify)
    ).correlate(Result)  # fmt: skip
    return select(Result).where(Result.state == "final", Result.passed.is_(True), is_newest, ~decided.exists())


def _candidacy(result: Result, decider_id: int, barred: frozenset[int], void: frozenset[int]) -> Candidacy:
    ref, person, enrolment, cohort, programme = db.session.execute(
        select(Sitting.ref, Person, Enrolment, Cohort, Programme)
        .join(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .join(Person, Person.id == Sitting.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Sitting.id == result.sitting_id)
    ).one()
    own = result.person_id in barred or has_marked(decider_id, result.sitting_id)
    requirements = [Requirement("valid", result.sitting_id not in void, "", "")]
    requirements += _requirements(result, enrolment, programme)
    return Candidacy(ref, result, person, enrolment, cohort, programme, requirements, own)


def _requirements(result: Result, enrolment: Enrolment, programme: Programme) -> list[Requirement]:
    studied = credited_hours(enrolment.id)
    return [
        Requirement("passed", bool(result.passed), result.total, result.cut),
        Requirement("marked", result.state == "final", str(len(result.scores)), str(len(result.scores))),
        Requirement("hours", studied >= Decimal(programme.hours_required), str(studied), str(programme.hours_required)),
    ]
