"""Reading the register 证书登记簿: the list, one certificate with its history, a person's own, and the signed file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select

from app import clock
from app.accounts.models import Person
from app.certificates import numbering, states
from app.certificates.claims import Claims, from_json
from app.certificates.models import Certificate, CertificateEvent
from app.cohorts.models import Cohort, Enrolment
from app.files import services as files
from app.pages import Page
from app.refusals import N_, NotFound, Refusal
from app.store import db, unscoped

PAGE = 25


class NoFile(Refusal):
    """The certificate has no file: it is not signed yet, or may not be used any more."""

    message = N_("There is no file to download for this certificate at the moment.")
    status = 404


@dataclass(frozen=True)
class Row:
    """A certificate in a list."""

    id: int
    number: str | None
    issue: int
    name: str
    cohort_zh: str
    cohort_en: str
    shown: str
    granted_at: datetime | None
    valid_until: date | None


@dataclass(frozen=True)
class Event:
    """What happened, with the name of who did it (empty for the system)."""

    kind: str
    at: datetime
    by: str
    reason: str
    note: str


@dataclass(frozen=True)
class Detail:
    """One certificate with its claims (None while held), history, and the other issues under its number."""

    row: Row
    person_id: int
    state: str
    claims: Claims | None
    problems: Sequence[dict[str, object]]
    events: Sequence[Event]
    others: Sequence[Row]
    file: str | None
    token: str
    intent: str | None
    signer: str | None
    possible: Sequence[str]


def today() -> date:
    """The day in Beijing."""
    return clock.today()


def list_certificates(*, query: str, state: str, page: int) -> tuple[list[Row], Page]:
    """A page of the certificates that the session may see, the newest first, by part of a number or name and by state."""
    statement = _rows()
    if query:
        typed = query.strip()
        number = _as_number(typed)
        statement = statement.where(
            or_(Certificate.number == number, Certificate.number.contains(typed.upper(), autoescape=True),
                Person.name.contains(typed, autoescape=True), Person.name_latin.icontains(typed, autoescape=True))
        )  # fmt: skip
    statement = _in_state(statement, state)
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    shape = Page(page=max(1, min(page, -(-total // PAGE) or 1)), size=PAGE, total=total)
    found = db.session.execute(statement.order_by(Certificate.id.desc()).offset(shape.offset).limit(PAGE))
    return [_row(certificate, person, cohort) for certificate, person, cohort in found], shape


def get_certificate(certificate_id: int) -> Detail:
    """One certificate that the session may see. Raises NotFound."""
    return _detail(_rows().where(Certificate.id == certificate_id))


def find_mine(person_id: int) -> list[Row]:
    """The certificates of a person in all bases, the newest first; what is held shows as being prepared."""
    with unscoped():
        found = db.session.execute(
            _rows().where(Certificate.person_id == person_id).order_by(Certificate.id.desc())
        ).all()
        return [_row(certificate, person, cohort) for certificate, person, cohort in found]


def get_mine(person_id: int, certificate_id: int) -> Detail:
    """One certificate of this person. Raises NotFound for any other."""
    with unscoped():
        return _detail(_rows().where(Certificate.id == certificate_id, Certificate.person_id == person_id))


def file_of(detail: Detail, *, own: bool) -> bytes:
    """The signed bytes, unchanged; the holder gets them only while the certificate is in use or has expired.

    Raises NoFile, and Damaged when the archive is.
    """
    if detail.file is None or (own and detail.state != "granted"):
        raise NoFile
    return files.get(detail.file)


def _rows() -> Select[Certificate, Person, Cohort]:
    return (
        select(Certificate, Person, Cohort)
        .join(Person, Person.id == Certificate.person_id)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
    )


def _in_state(statement: Select[Certificate, Person, Cohort], state: str) -> Select[Certificate, Person, Cohort]:
    if state in ("valid", "expired"):
        over = Certificate.valid_until < today()
        return statement.where(Certificate.state == "granted", over if state == "expired" else ~over)
    return statement.where(Certificate.state == state) if state in states.WORDS else statement


def _as_number(typed: str) -> str:
    try:
        return numbering.read(typed)
    except numbering.NotANumber:
        return typed


def _row(certificate: Certificate, person: Person, cohort: Cohort) -> Row:
    return Row(
        certificate.id, certificate.number, certificate.issue, person.name, cohort.title_zh, cohort.title_en,
        states.shown(certificate.state, certificate.valid_until, today()), certificate.granted_at,
        certificate.valid_until,
    )  # fmt: skip


def _detail(statement: Select[Certificate, Person, Cohort]) -> Detail:
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound
    certificate, person, cohort = found
    same = _rows().where(Certificate.decision_id == certificate.decision_id, Certificate.id != certificate.id)
    others = [_row(other, person, cohort) for other, _, _ in db.session.execute(same.order_by(Certificate.issue))]
    return Detail(
        row=_row(certificate, person, cohort), person_id=certificate.person_id, state=certificate.state,
        claims=from_json(certificate.claims) if certificate.claims else None, problems=certificate.problems,
        events=_events(certificate.id), others=others, file=certificate.file,
        token=certificate.token, intent=certificate.intent, signer=certificate.signer,
        possible=states.possible(certificate.state),
    )  # fmt: skip


def _events(certificate_id: int) -> list[Event]:
    found = db.session.execute(
        select(CertificateEvent, Person.name)
        .outerjoin(Person, Person.id == CertificateEvent.by_id)
        .where(CertificateEvent.certificate_id == certificate_id)
        .order_by(CertificateEvent.id)
    )
    return [Event(event.kind, event.at, name or "", event.reason, event.note) for event, name in found]
