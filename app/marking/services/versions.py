"""Versions of a result 成绩版本: each is added with its entry in the ledger, none is ever changed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from app import clock
from app.banks import services as banks
from app.banks.specification import Specification
from app.exams.models import ExamSession, Sitting
from app.exams.services.look import specification_of as kept_specification
from app.ledger.services import record
from app.marking.models import Mark, Result, Script
from app.marking.passing import Hurdle, Part, SlotScore, judge
from app.store import db


def latest_result(sitting_id: int) -> Result | None:
    """The newest version of a sitting's result, or None before it is handed in."""
    return db.session.scalar(
        select(Result).where(Result.sitting_id == sitting_id).order_by(Result.version.desc()).limit(1)
    )


def specification_of(sitting: Sitting) -> Specification:
    """The specification that the sitting's session was announced with."""
    hash = db.session.scalar(select(ExamSession.specification_hash).where(ExamSession.id == sitting.session_id))
    assert hash is not None
    return kept_specification(hash)


def add_result(
    sitting: Sitting,
    specification: Specification,
    scores: Sequence[SlotScore],
    *,
    state: str,
    reason: str,
    by: int | None,
    before: Result | None,
) -> Result:
    """Add the version after `before` to a sitting's result, with its ledger entry. The sitting's row must be locked."""
    outcome = judge(specification.pass_rule, scores)
    final = state == "final"
    result = Result(
        base_id=sitting.base_id,
        sitting_id=sitting.id,
        person_id=sitting.person_id,
        enrolment_id=sitting.enrolment_id,
        version=before.version + 1 if before else 1,
        state=state,
        reason=reason,
        specification_hash=specification.hash,
        scores=[_score_row(score) for score in sorted(scores, key=lambda score: score.slot)],
        sections=[_part_row(part) for part in outcome.sections],
        groups=[_part_row(part) for part in outcome.groups],
        missed=[_hurdle_row(hurdle) for hurdle in outcome.missed] if final else [],
        total=str(outcome.total),
        marks=specification.max_marks,
        cut=str(specification.cut),
        passed=outcome.passed if final else None,
        made_by=by,
        made_at=clock.now(),
    )
    db.session.add(result)
    if final:
        sitting.passed = outcome.passed
    db.session.flush()
    facts = {
        "version": result.version,
        "total": result.total,
        "marks": result.marks,
        "cut": result.cut,
        "passed": result.passed,
        "specification": specification.hash,
    }
    subject = f"sitting:{sitting.ref}"
    record(kind=f"result.{state}", base_id=sitting.base_id, actor_id=by, subject=subject, facts=facts)
    return result


def finish(sitting: Sitting, *, by: int | None) -> Result | None:
    """Make the final result if no script of the sitting waits any more, else None. The sitting's row must be locked."""
    waiting = select(Script.id).where(Script.sitting_id == sitting.id, Script.state == "waiting").limit(1)
    before = latest_result(sitting.id)
    if before is None or before.state == "final" or db.session.scalar(waiting) is not None:
        return None
    scores = [_score_of(row) for row in before.scores]
    marked = db.session.execute(
        select(Script, Mark.points).join(Mark, Mark.script_id == Script.id).where(Script.sitting_id == sitting.id)
    ).all()
    items = banks.get_item_versions(script.version for script, _points in marked)
    specification = specification_of(sitting)
    for script, points in marked:
        group = items[script.version].group_in(specification.edition)
        scores.append(SlotScore(script.slot, script.kind, group, Fraction(points), script.marks))
    reason = "marked" if marked else "handed-in"
    return add_result(sitting, specification, scores, state="final", reason=reason, by=by, before=before)


def _score_row(score: SlotScore) -> dict[str, Any]:
    return {
        "slot": score.slot,
        "kind": score.kind,
        "group": score.group,
        "points": str(score.points),
        "marks": score.marks,
    }


def _score_of(row: dict[str, Any]) -> SlotScore:
    return SlotScore(row["slot"], row["kind"], row["group"], Fraction(row["points"]), row["marks"])


def _part_row(part: Part) -> dict[str, Any]:
    return {"name": part.name, "points": str(part.points), "marks": part.marks}


def part_of(row: dict[str, Any]) -> Part:
    """A stored part of a result."""
    return Part(row["name"], Fraction(row["points"]), row["marks"])


def _hurdle_row(hurdle: Hurdle) -> dict[str, Any]:
    return {
        "rule": hurdle.rule,
        "part": hurdle.part,
        "points": str(hurdle.points),
        "needed": str(hurdle.needed),
    }


def hurdle_of(row: dict[str, Any]) -> Hurdle:
    """A stored hurdle that was not taken."""
    return Hurdle(row["rule"], row["part"], Fraction(row["points"]), Fraction(row["needed"]))
