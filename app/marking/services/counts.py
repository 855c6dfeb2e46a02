"""Counting what first attempts earned on each item 试题得分统计, so that later papers know how hard items are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.banks.models import SpecificationVersion
from app.exams import services as exams
from app.exams.models import ExamSession, Sitting
from app.marking.models import CountedResult, Result
from app.store import db

_BATCH = 100


def uncounted() -> Sequence[int]:
    """The ids of sittings whose newest final result is not in the counts, at most 100; first attempts only.

    A first attempt is a person's earliest sitting of a specification, in any version, class and base.
    """
    newest = (
        select(Result.sitting_id, func.max(Result.id).label("id"))
        .where(Result.state == "final")
        .group_by(Result.sitting_id)
        .subquery()
    )
    earlier, session, version = aliased(Sitting), aliased(ExamSession), aliased(SpecificationVersion)
    before = (
        select(earlier.id)
        .join(session, session.id == earlier.session_id)
        .join(version, version.hash == session.specification_hash)
        .where(
            earlier.person_id == Sitting.person_id,
            earlier.id < Sitting.id,
            version.specification_id == SpecificationVersion.specification_id,
        )
        .exists()
    )
    return db.session.scalars(
        select(Sitting.id)
        .join(newest, newest.c.sitting_id == Sitting.id)
        .join(ExamSession, ExamSession.id == Sitting.session_id)
        .join(SpecificationVersion, SpecificationVersion.hash == ExamSession.specification_hash)
        .outerjoin(CountedResult, CountedResult.sitting_id == Sitting.id)
        .where(
            Sitting.state == "closed",
            CountedResult.result_id.is_(None) | (CountedResult.result_id != newest.c.id),
            ~before,
        )
        .order_by(Sitting.id)
        .limit(_BATCH)
    ).all()


def count_sitting(sitting_id: int) -> None:
    """Bring the newest final result of a sitting into the counts; what an older one had put there is taken back."""
    sitting = db.session.scalar(select(Sitting).where(Sitting.id == sitting_id).with_for_update())
    result = db.session.scalar(
        select(Result)
        .where(Result.sitting_id == sitting_id, Result.state == "final")
        .order_by(Result.id.desc())
        .limit(1)
    )
    counted = db.session.get(CountedResult, sitting_id)
    if sitting is None or result is None or (counted is not None and counted.result_id == result.id):
        return
    changes: dict[str, tuple[int, int]] = {}
    if counted is not None:
        old = db.session.get_one(Result, counted.result_id)
        _add(changes, sitting.form, old.scores, -1)
        counted.result_id = result.id
    else:
        db.session.add(CountedResult(sitting_id=sitting_id, result_id=result.id))
    _add(changes, sitting.form, result.scores, 1)
    exams.count_answers({version: change for version, change in changes.items() if change != (0, 0)})


def _add(
    changes: dict[str, tuple[int, int]],
    form: Sequence[Mapping[str, Any]],
    scores: Sequence[Mapping[str, Any]],
    sign: int,
) -> None:
    for version, share in _shares(form, scores):
        answers, earned = changes.get(version, (0, 0))
        changes[version] = answers + sign, earned + sign * share


def _shares(form: Sequence[Mapping[str, Any]], scores: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int]]:
    """The version in each slot that was scored, with the share of its marks that was earned in 1/10,000."""
    versions = {row["slot"]: row["version"] for row in form}
    for row in scores:
        yield versions[row["slot"]], round(Fraction(str(row["points"])) * 10_000 / row["marks"])
