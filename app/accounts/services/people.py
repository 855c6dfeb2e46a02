"""People 人员 and the roles they hold in a training base."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select

from app import clock
from app.accounts import passwords
from app.accounts.models import Grant, Person, TrainingBase
from app.accounts.permissions import ROLES
from app.accounts.services.sessions import fold
from app.ledger.services import record
from app.refusals import N_, NotFound, Refusal
from app.store import db


class AccountTaken(Refusal):
    """Another person has this account name."""

    message = N_("The account name %(account)s is already taken.")
    todo = N_("Choose another account name.")


class UnknownRole(Refusal):
    """The name is none of the roles."""

    message = N_("There is no role “%(role)s”. The roles are: %(roles)s.")


@dataclass(frozen=True)
class Member:
    """A person of a base with the roles held today, each once, with the number of classes it is limited to (0: none)."""

    person_id: int
    name: str
    account: str
    roles: Mapping[str, int]


def add_base(
    *,
    code: str,
    name_zh: str,
    name_en: str,
    credit_code: str,
    region: str,
    signer_zh: str,
    signer_en: str,
    by: int | None,
) -> int:
    """Register a training base; its unified social credit code must have been checked. Returns its id."""
    base = TrainingBase(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        credit_code=credit_code,
        region=region,
        signer_zh=signer_zh,
        signer_en=signer_en,
    )
    db.session.add(base)
    db.session.flush()
    record(kind="base.added", base_id=base.id, actor_id=by, subject=f"base:{base.id}", facts={"code": code})
    return base.id


def add_person(
    *,
    account: str,
    name: str,
    password: str | None,
    name_latin: str = "",
    email: str | None = None,
    identity_kind: str | None = None,
    identity_masked: str | None = None,
    by: int | None = None,
) -> int:
    """Add a person and return the id. Raises AccountTaken."""
    if db.session.scalar(select(Person.id).where(Person.account == fold(account))) is not None:
        raise AccountTaken(account=fold(account))
    person = Person(
        account=fold(account),
        name=name.strip(),
        name_latin=name_latin,
        email=email,
        created_at=clock.now(),
        identity_kind=identity_kind,
        identity_masked=identity_masked,
        password_hash=passwords.hash_password(password) if password else None,
    )
    db.session.add(person)
    db.session.flush()
    record(kind="person.added", base_id=None, actor_id=by, subject=f"person:{person.id}", facts={})
    return person.id


def rename_person(*, person_id: int, name: str | None, name_latin: str | None, by: int | None) -> list[str]:
    """Correct the name, the Latin name or both (None: stays). Returns the fields that changed. Raises NotFound.

    The ledger learns which fields changed and never a name; certificates keep the name they were issued with.
    """
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    wanted = {"name": name, "name_latin": name_latin}
    new = {field: " ".join(text.split()) for field, text in wanted.items() if text is not None}
    changed = [field for field, text in new.items() if getattr(person, field) != text]
    if changed:
        for field in changed:
            setattr(person, field, new[field])
        record(
            kind="person.renamed", base_id=None, actor_id=by, subject=f"person:{person_id}", facts={"fields": changed}
        )
    return changed


def grant(*, person_id: int, role: str, base_id: int | None, by: int | None, cohort_id: int | None = None) -> None:
    """Give a role from today on; giving it twice changes nothing. Raises UnknownRole."""
    if role not in ROLES:
        raise UnknownRole(role=role, roles=", ".join(ROLES))
    same = select(Grant.id).where(
        Grant.person_id == person_id,
        Grant.role == role,
        Grant.base_id.is_(base_id) if base_id is None else Grant.base_id == base_id,
        Grant.cohort_id.is_(None) if cohort_id is None else Grant.cohort_id == cohort_id,
        Grant.until.is_(None),
    )
    if db.session.scalar(same) is not None:
        return
    today = clock.now().date()
    db.session.add(
        Grant(person_id=person_id, role=role, base_id=base_id, cohort_id=cohort_id, since=today, given_by=by)
    )
    facts = {"role": role, "cohort": cohort_id}
    record(kind="role.granted", base_id=base_id, actor_id=by, subject=f"person:{person_id}", facts=facts)


def end_grants(*, person_id: int, role: str, base_id: int | None, by: int | None) -> int:
    """End a role as of yesterday; returns how many grants ended."""
    rows = db.session.scalars(
        select(Grant).where(
            Grant.person_id == person_id,
            Grant.role == role,
            Grant.until.is_(None),
            Grant.base_id.is_(None) if base_id is None else Grant.base_id == base_id,
        )
    ).all()
    for row in rows:
        row.until = clock.now().date() - timedelta(days=1)
        record(kind="role.ended", base_id=base_id, actor_id=by, subject=f"person:{person_id}", facts={"role": role})
    return len(rows)


def members(bases: frozenset[int] | None) -> Sequence[Member]:
    """The staff of these bases (None: of all), by name, with their roles."""
    today = clock.now().date()
    statement = (
        select(Person.id, Person.name, Person.account, Grant.role, Grant.cohort_id)
        .join(Grant, Grant.person_id == Person.id)
        .where(Grant.role.not_in(["trainee", "auditor-trainee"]), or_(Grant.until.is_(None), Grant.until >= today))
        .order_by(Person.name, Person.id, Grant.role)
        .distinct()
    )
    if bases is not None:
        statement = statement.where(Grant.base_id.in_(sorted(bases)))
    found: dict[int, tuple[str, str, dict[str, int]]] = {}
    for person_id, name, account, role, cohort_id in db.session.execute(statement):
        roles = found.setdefault(person_id, (name, account, {}))[2]
        roles[role] = roles.get(role, 0) + (cohort_id is not None)
    return [Member(person_id, *values) for person_id, values in found.items()]


def names_of(person_ids: Collection[int | None], bases: frozenset[int] | None) -> dict[int, str]:
    """The names of those among these people who hold or held a role in these bases (None: of all of them)."""
    wanted = sorted({person_id for person_id in person_ids if person_id is not None})
    statement = select(Person.id, Person.name).where(Person.id.in_(wanted))
    if bases is not None:
        belongs = Grant.base_id.in_(sorted(bases))
        statement = statement.where(Person.id.in_(select(Grant.person_id).where(belongs)))
    return {row.id: row.name for row in db.session.execute(statement)}


def get_base(base_id: int) -> TrainingBase:
    """The training base. Raises NotFound."""
    found = db.session.get(TrainingBase, base_id)
    if found is None:
        raise NotFound
    return found


def find_base_by_code(code: str) -> TrainingBase | None:
    """The training base with this code, or None."""
    return db.session.scalar(select(TrainingBase).where(TrainingBase.code == code))


def find_person_id(account: str) -> int | None:
    """The id behind an account name, or None."""
    return db.session.scalar(select(Person.id).where(Person.account == fold(account)))
