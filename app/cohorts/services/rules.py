"""Setting and reading the study rules 学习规则 of a cohort; each change is a further version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app import clock
from app.cohorts.models import Cohort, StudyRules
from app.cohorts.services.classes import get_cohort
from app.cohorts.study_rules import Rules, from_content, to_content
from app.ledger.services import record
from app.refusals import Conflict
from app.store import db


@dataclass(frozen=True)
class RulesVersion:
    """The rules in one version; version 0 is before anything was set."""

    version: int
    rules: Rules
    set_at: datetime | None = None


def get_rules(cohort_id: int) -> RulesVersion:
    """The rules in force for a cohort; nothing is asked for where none were set."""
    row = _newest(cohort_id)
    return RulesVersion(0, Rules()) if row is None else _value(row)


def rules_history(cohort_id: int) -> Sequence[RulesVersion]:
    """Every version of the rules, the newest first."""
    rows = db.session.scalars(
        select(StudyRules).where(StudyRules.cohort_id == cohort_id).order_by(StudyRules.version.desc())
    )
    return [_value(row) for row in rows]


def set_rules(cohort_id: int, rules: Rules, *, version: int | None = None, by: int | None) -> RulesVersion:
    """Put rules in force. The same rules again change nothing.

    `version` is the one that the person saw, None for a command. Raises NotFound, Conflict.
    """
    cohort = get_cohort(cohort_id)
    db.session.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())
    current = get_rules(cohort_id)
    if current.rules == rules:
        return current
    if version is not None and version != current.version:
        raise Conflict
    row = StudyRules(
        base_id=cohort.base_id, cohort_id=cohort_id, version=current.version + 1, content=to_content(rules), set_by=by,
        set_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts = {"version": row.version, "study_rules": row.content}
    record(kind="cohort.rules-set", base_id=cohort.base_id, actor_id=by, subject=f"cohort:{cohort_id}", facts=facts)
    return _value(row)


def _newest(cohort_id: int) -> StudyRules | None:
    return db.session.scalar(
        select(StudyRules).where(StudyRules.cohort_id == cohort_id).order_by(StudyRules.version.desc()).limit(1)
    )


def _value(row: StudyRules) -> RulesVersion:
    return RulesVersion(row.version, from_content(row.content), row.set_at)
