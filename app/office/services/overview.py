"""The overview 概览 of a class: who stands where, how the clauses went, whom somebody should look after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select

from app import clock
from app.accounts.models import Person
from app.certificates.models import Certificate
from app.cohorts import services as cohorts
from app.cohorts.models import Cohort, Enrolment, Programme
from app.courses.models import LessonProgress
from app.courses.services.contents import find_contents
from app.exams.models import Sitting
from app.marking.models import Decision, Result
from app.office.standing import LABELS, Facts, standing
from app.standards.editions import Clause, edition
from app.store import db

LOW = Fraction(6, 10)


@dataclass(frozen=True)
class Line:
    """One trainee in the table."""

    person: Person
    enrolment: Enrolment
    facts: Facts
    standing: str
    certificate: str | None
    session_ref: str | None


@dataclass(frozen=True)
class ClauseLine:
    """How a clause group went in the final results of the class: share of the marks, and how many people it rests on."""

    clause: Clause
    share: Fraction
    people: int

    @property
    def low(self) -> bool:
        """Whether less than 60 % of the marks were earned."""
        return self.share < LOW


@dataclass(frozen=True)
class Overview:
    """All that the page of a class shows."""

    cohort: Cohort
    programme: Programme
    lines: Sequence[Line]
    funnel: Sequence[tuple[str, int]]
    clauses: Sequence[ClauseLine]
    counts: Mapping[str, int]
    undecided: int


def get_overview(cohort_id: int) -> Overview:
    """The overview of a class that the session may see, in a fixed number of queries. Raises NotFound."""
    cohort = cohorts.get_cohort(cohort_id)
    programme = cohorts.get_programme(cohort.programme_id)
    results, certificates = _results(cohort_id), _certificates(cohort_id)
    lines = _lines(cohort, programme, results, certificates)
    counts = Counter(line.standing for line in lines)
    sat = [line for line in lines if line.facts.sitting in {"open", "closed"}]
    funnel = [
        ("enrolled", len(lines)),
        ("studied", sum(line.facts.done >= line.facts.lessons > 0 for line in lines)),
        ("sat", len(sat)),
        ("passed", sum(line.facts.passed is True for line in lines)),
        ("certified", counts["certified"]),
    ]
    decided = set(
        db.session.scalars(select(Decision.enrolment_id).join(Enrolment).where(Enrolment.cohort_id == cohort_id))
    )
    undecided = sum(line.standing == "passed" and line.enrolment.id not in decided for line in lines)
    return Overview(cohort, programme, lines, funnel, _clauses(programme, results.values()), counts, undecided)


def select_lines(lines: Sequence[Line], words: str, state: str) -> list[Line]:
    """The lines whose name, number or employer holds the words and whose standing is `state` (empty: any)."""
    wanted = words.strip().casefold()
    return [
        line
        for line in lines
        if (state not in LABELS or line.standing == state)
        and wanted in f"{line.person.name} {line.enrolment.number} {line.enrolment.employer}".casefold()
    ]


def _lines(
    cohort: Cohort, programme: Programme, results: Mapping[int, Result], certificates: Mapping[int, str]
) -> list[Line]:
    progress = {
        row.enrolment_id: row
        for row in db.session.execute(
            select(
                LessonProgress.enrolment_id,
                func.count(LessonProgress.completed_at).label("done"),
                func.max(LessonProgress.seen_at).label("seen"),
            )
            .join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
            .where(Enrolment.cohort_id == cohort.id)
            .group_by(LessonProgress.enrolment_id)
        )
    }
    sittings: dict[int, Sitting] = {}
    newest = (
        select(Sitting)
        .join(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .where(Enrolment.cohort_id == cohort.id, Sitting.started_at.is_not(None))
    )
    for sitting in db.session.scalars(newest.order_by(Sitting.attempt_no)):
        sittings[sitting.enrolment_id] = sitting
    contents = find_contents(programme.course)
    lessons = len(contents.lessons) if contents else 0
    now = clock.now()
    lines = []
    people = select(Person, Enrolment).join(Enrolment, Enrolment.person_id == Person.id)
    chosen = people.where(Enrolment.cohort_id == cohort.id, Enrolment.state == "active").order_by(Enrolment.number)
    for person, enrolment in db.session.execute(chosen):
        done, sat = progress.get(enrolment.id), sittings.get(enrolment.id)
        result = results.get(sat.id) if sat else None
        facts = Facts(
            done=done.done if done else 0,
            lessons=lessons,
            seen_at=done.seen if done else None,
            sitting=sat.state if sat and sat.state != "ready" else None,
            result=result.state if result else None,
            passed=result.passed if result else None,
            total=Fraction(result.total) if result and result.state == "final" else None,
            certificate=certificates.get(enrolment.id),
        )
        ref = sat.ref if sat else None
        lines.append(Line(person, enrolment, facts, standing(facts, now), facts.certificate, ref))
    return lines


def _results(cohort_id: int) -> dict[int, Result]:
    """The newest version of each sitting's result, by sitting."""
    rows = db.session.scalars(
        select(Result)
        .join(Enrolment, Enrolment.id == Result.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(Result.version)
    )
    return {row.sitting_id: row for row in rows}


def _certificates(cohort_id: int) -> dict[int, str]:
    rows = db.session.execute(
        select(Certificate.enrolment_id, Certificate.number)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, Certificate.number.is_not(None))
        .order_by(Certificate.issue)
    )
    return {row.enrolment_id: row.number for row in rows}


def _clauses(programme: Programme, results: Iterable[Result]) -> list[ClauseLine]:
    sums: dict[str, list[Fraction]] = {}
    people: Counter[str] = Counter()
    for result in results:
        if result.state != "final":
            continue
        for group in result.groups:
            earned = sums.setdefault(group["name"], [Fraction(0), Fraction(0)])
            earned[0] += Fraction(group["points"])
            earned[1] += group["marks"]
            people[group["name"]] += 1
    known = edition(programme.edition)
    return [
        ClauseLine(known.clause(no), points / marks, people[no])
        for no, (points, marks) in sorted(sums.items())
        if marks
    ]
