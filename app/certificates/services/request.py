"""From a decision to certify to a certificate that waits to be signed: claims, lint, number, intent."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.accounts.models import Person, TrainingBase
from app.certificates import lint, numbering
from app.certificates.claims import Claims, intent, to_json
from app.certificates.content import wordings
from app.certificates.models import Certificate, SerialCounter
from app.certificates.states import ACTS, NOT_IN_FORCE, NOT_REPLACED, last_day
from app.cohorts.models import Cohort, Enrolment, Programme
from app.documents import fonts
from app.exams.models import Sitting
from app.jobs.services import ask
from app.ledger.services import record
from app.marking.models import Decision, Result
from app.refusals import NotFound
from app.standards.editions import edition
from app.store import db, is_sqlite, settings

#: Characters of the token in the QR code: none that looks like another.
UNMISTAKABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def request_certificate(decision_id: int) -> int | None:
    """Prepare the certificate that a decision calls for and ask for its signing; None when it does not call for one.

    Asking again returns the same certificate. One whose claims break a rule is kept as `held` with the problems.
    """
    decision = db.session.get(Decision, decision_id)
    if decision is None:
        raise NotFound
    if not decision.certify:
        return None
    found = db.session.scalar(select(Certificate).where(Certificate.decision_id == decision_id, Certificate.issue == 1))
    if found is not None:
        return found.id
    row = Certificate(
        base_id=decision.base_id, decision_id=decision.id, person_id=decision.person_id,
        enrolment_id=decision.enrolment_id, issue=1, state="held", token=new_token(), salt=secrets.token_hex(16),
        problems=[], asked_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    prepare(row, by=decision.decided_by)
    return row.id


def try_again(certificate_id: int, *, by: int) -> bool:
    """Lint a held certificate once more, after its facts were corrected. Returns whether it is being issued now."""
    lock_replaced(certificate_id)
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id).with_for_update())
    if row is None:
        raise NotFound
    if row.state == "held":
        prepare(row, by=by)
    return row.state != "held"


def prepare(row: Certificate, *, by: int | None) -> None:
    """Freeze the claims of a held row, give it its number, log what will be signed, and ask for the signing.

    When a rule does not hold, the row stays held with its problems and no number is used up. Each asking has an intent
    and a job of its own, so that a row that was put back can be signed later.
    """
    obstacle = cannot_replace(lock_replaced(row.id))
    if obstacle is not None:
        hold(row, [obstacle], by=by)
        return
    series, serial = _next_in_series(row)
    number = row.number or numbering.number(series, serial)
    claims = _claims(row, number)
    try:
        lint.check(claims, wordings()[claims.kind], fonts.missing, edition(claims.edition).replaced_on)
    except lint.NotFit as refusal:
        hold(row, refusal.problems, by=by)
        return
    if row.number is None:
        _keep_serial(series, serial)
    row.number, row.state, row.problems = number, "pending", []
    row.claims, row.valid_until, row.intent = to_json(claims), claims.valid_until, intent(claims, row.salt)
    _log(row, "certificate.intended", by, {"number": number, "issue": row.issue, "intent": row.intent})
    key = f"certificates.issue:{row.id}:{row.intent[:16]}"
    ask(kind="certificates.issue", key=key, payload={"certificate_id": row.id})


def hold(row: Certificate, problems: Iterable[lint.Problem], *, by: int | None) -> None:
    """Keep a row held, or put a pending one back, with the problems; what was frozen for signing is forgotten."""
    found = list(problems)
    row.state, row.problems, row.salt = "held", [asdict(problem) for problem in found], secrets.token_hex(16)
    row.claims, row.valid_until, row.intent = None, None, None
    _log(row, "certificate.held", by, {"rules": sorted({problem.rule for problem in found})})


def lock_replaced(certificate_id: int) -> Certificate | None:
    """The issue that this one is to replace, locked; None when it replaces none.

    To be called before the certificate itself is locked: everybody locks the older issue first, so nobody deadlocks.
    """
    replaced_id = db.session.scalar(select(Certificate.replaces_id).where(Certificate.id == certificate_id))
    if replaced_id is None:
        return None
    return db.session.scalars(select(Certificate).where(Certificate.id == replaced_id).with_for_update()).one()


def cannot_replace(replaced: Certificate | None) -> lint.Problem | None:
    """Why nothing may take the place of this issue: only a granted one is replaced, or a withdrawal would be undone."""
    if replaced is None or replaced.state in ACTS["replace"].sources:
        return None
    message = NOT_REPLACED.get(replaced.state, NOT_IN_FORCE)
    return lint.Problem("replaced-in-force", "ISO/IEC 17024 9.5", message)


def _claims(row: Certificate, number: str) -> Claims:
    """What the certificate will say, from the rows as they are now."""
    decision = db.session.get_one(Decision, row.decision_id)
    base = db.session.get_one(TrainingBase, row.base_id)
    person = db.session.get_one(Person, row.person_id)
    enrolment = db.session.get_one(Enrolment, row.enrolment_id)
    programme = _programme(row)
    standard = edition(programme.edition)
    wording = wordings()[programme.kind]
    today = _day(clock.now())
    first = _first_day(row) or today
    told = standard.replaced_on is not None and standard.replaced_on <= today
    return Claims(
        number=number, issue=row.issue, kind=programme.kind, wording=wording.code,
        holder_zh=person.name, holder_latin=person.name_latin, holder_id=person.identity_masked or "",
        candidate_number=enrolment.number, programme_zh=programme.title_zh, programme_en=programme.title_en,
        edition=programme.edition, standard=standard.number, standard_zh=standard.title_zh,
        standard_en=standard.title_en, replaced_by=(standard.replaced_by or "") if told else "",
        replaced_on=standard.replaced_on if told else None,
        scope_zh=wording.scope["zh_CN"].format(standard=standard.number),
        scope_en=wording.scope["en"].format(standard=standard.number), hours=programme.hours,
        examined_on=_examined_on(decision), result="pass" if _passed(decision) else "fail", issued_on=today,
        valid_from=first, valid_until=last_day(first, programme.validity_months),
        issuer_zh=base.name_zh, issuer_en=base.name_en, issuer_code=base.credit_code,
        signer_zh=base.signer_zh, signer_en=base.signer_en,
        address=f"{settings().origin.rstrip('/')}/v/{number}?t={row.token}",
    )  # fmt: skip


def _programme(row: Certificate) -> Programme:
    statement = (
        select(Programme)
        .join(Cohort, Cohort.programme_id == Programme.id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.id == row.enrolment_id)
    )
    return db.session.scalars(statement).one()


def _first_day(row: Certificate) -> date | None:
    """A replacement runs as long as what it replaces."""
    replaced = db.session.get(Certificate, row.replaces_id) if row.replaces_id else None
    stored: Any = replaced.claims if replaced else None
    return date.fromisoformat(stored["valid_from"]) if stored else None


def _examined_on(decision: Decision) -> date:
    statement = select(Sitting).join(Result, Result.sitting_id == Sitting.id).where(Result.id == decision.result_id)
    sitting = db.session.scalars(statement).one()
    return _day(sitting.closed_at or sitting.started_at or decision.decided_at)


def _passed(decision: Decision) -> bool:
    return db.session.get_one(Result, decision.result_id).passed is True


def _next_in_series(row: Certificate) -> tuple[str, int]:
    """The series of this certificate and its next serial number, which stays free until it is kept."""
    programme = _programme(row)
    base = db.session.get_one(TrainingBase, row.base_id)
    series = numbering.prefix(base.code, programme.kind, programme.edition, _day(clock.now()).year)
    if not is_sqlite():
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(series))))
    return series, (db.session.scalar(select(SerialCounter.last).where(SerialCounter.series == series)) or 0) + 1


def _keep_serial(series: str, serial: int) -> None:
    counter = db.session.get(SerialCounter, series)
    if counter is None:
        db.session.add(SerialCounter(series=series, last=serial))
    else:
        counter.last = serial
    db.session.flush()


def _log(row: Certificate, kind: str, by: int | None, facts: dict[str, Any]) -> None:
    subject = f"certificate:{row.number or row.id}"
    record(kind=kind, base_id=row.base_id, actor_id=by, subject=subject, facts={"certificate": row.id, **facts})


def _day(at: datetime) -> date:
    return at.astimezone(clock.BEIJING).date()


def new_token() -> str:
    """The part of a QR code's address that cannot be guessed from the number."""
    return "".join(secrets.choice(UNMISTAKABLE) for _ in range(10))
