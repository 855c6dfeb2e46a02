"""Signing in and out 登录: server-side sessions with a token that only the browser holds."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, or_, select, update

from app import clock
from app.accounts import passwords
from app.accounts.models import Grant, Person, SignIn
from app.accounts.permissions import Actor
from app.accounts.permissions import Grant as Held
from app.ledger.services import record
from app.store import db, table_of

LIFETIME = timedelta(hours=12)
IDLE = timedelta(hours=4)
SEEN_EVERY = timedelta(minutes=5)

_person, _sign_in, _grant = Person.__table__.c, SignIn.__table__.c, Grant.__table__.c
_WHO = (  # one row for each grant held today, one without a grant for who holds none
    select(
        _person.id, _person.account, _person.name, _person.language, _sign_in.token_hash, _sign_in.seen_at,
        _grant.role, _grant.base_id, _grant.cohort_id,
    )
    .join_from(SignIn.__table__, Person.__table__, _person.id == _sign_in.person_id)
    .outerjoin(
        Grant.__table__,
        (_grant.person_id == _person.id)
        & (_grant.since <= bindparam("today"))
        & or_(_grant.until.is_(None), _grant.until >= bindparam("today")),
    )
    .where(
        _sign_in.token_hash == bindparam("token_hash"),
        _sign_in.expires_at > bindparam("now"),
        _sign_in.seen_at > bindparam("idle_since"),
        _sign_in.epoch == _person.epoch,
        _person.state == "active",
    )
)  # fmt: skip

_GIVEN = ("token_hash", "agent", "created_at", "seen_at", "expires_at")
_OPEN = insert(table_of(SignIn)).from_select(
    [*_GIVEN, "person_id", "epoch"],
    select(*(bindparam(name, type_=_sign_in[name].type) for name in _GIVEN), _person.id, _person.epoch).where(
        _person.id == bindparam("person")
    ),
)


@dataclass(frozen=True)
class Known:
    """What the check of a password needs to know of an account."""

    person_id: int
    password_hash: str | None


def find_account(account: str) -> Known | None:
    """The active person behind an account name, or None."""
    row = db.session.execute(
        select(Person.id, Person.password_hash).where(Person.account == fold(account), Person.state == "active")
    ).first()
    return Known(row.id, row.password_hash) if row else None


def fold(account: str) -> str:
    """Account names are compared without case and outer space, so that no two look alike."""
    return account.replace("\x00", "").strip().casefold()


def open_session(person_id: int, *, agent: str, password: str | None = None) -> str:
    """Begin a session and return its token (256 bits). A hash with old parameters is made anew from `password`."""
    if password is not None:
        _renew_hash(person_id, password)
    token, at = secrets.token_urlsafe(32), clock.now()
    facts = {
        "token_hash": _hash(token), "agent": agent[:200], "created_at": at, "seen_at": at, "expires_at": at + LIFETIME,
    }  # fmt: skip
    db.session.connection().execute(_OPEN, facts | {"person": person_id})
    return token


def _renew_hash(person_id: int, password: str) -> None:
    """Make a hash with old parameters anew."""
    stored = db.session.scalar(select(Person.password_hash).where(Person.id == person_id))
    if stored and passwords.outdated(stored):
        made = passwords.hash_password(password)
        db.session.execute(update(Person).where(Person.id == person_id).values(password_hash=made))


def find_actor(token: str) -> tuple[Actor, bool] | None:
    """The person behind a token with the grants held today, and whether the session should be marked as seen."""
    at = clock.now()
    link = db.session.connection()  # tables, not mapped rows: this runs before every request
    rows = link.execute(
        _WHO, {"token_hash": _hash(token), "now": at, "idle_since": at - IDLE, "today": at.date()}
    ).all()  # fmt: skip
    if not rows:
        return None
    row = rows[0]
    held = tuple(Held(one.role, one.base_id, one.cohort_id) for one in rows if one.role is not None)
    actor = Actor(row.id, row.account, row.name, row.language, row.token_hash[:16], held)
    return actor, row.seen_at < at - SEEN_EVERY


def mark_seen(token: str) -> None:
    """The session was used just now."""
    db.session.execute(update(SignIn).where(SignIn.token_hash == _hash(token)).values(seen_at=clock.now()))


def close_session(token: str) -> None:
    """Sign out here."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def close_everywhere(person_id: int) -> None:
    """Sign out on every device: all tokens of the person stop working at once."""
    db.session.execute(update(Person).where(Person.id == person_id).values(epoch=Person.epoch + 1))
    db.session.execute(delete(SignIn).where(SignIn.person_id == person_id))
    record(
        kind="account.signed-out-everywhere", base_id=None, actor_id=person_id, subject=f"person:{person_id}", facts={}
    )


@dataclass(frozen=True)
class Device:
    """One signed-in session as its owner sees it."""

    session_id: str
    agent: str
    since: datetime
    seen: datetime


def devices(person_id: int) -> Sequence[Device]:
    """The sessions of a person, the latest first."""
    rows = db.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.expires_at > clock.now())
        .order_by(SignIn.seen_at.desc())
    )
    return [Device(row.token_hash[:16], row.agent, row.created_at, row.seen_at) for row in rows]


def change_password(person_id: int, new: str) -> None:
    """Store a new password and end every session; the caller opens a new one for this device."""
    person = db.session.get(Person, person_id)
    assert person is not None
    person.password_hash = passwords.hash_password(new)
    person.epoch += 1
    db.session.execute(delete(SignIn).where(SignIn.person_id == person_id))
    record(kind="account.password-changed", base_id=None, actor_id=person_id, subject=f"person:{person_id}", facts={})


def keep_language(person_id: int, language: str) -> None:
    """Remember the language that a person chose."""
    db.session.execute(update(Person).where(Person.id == person_id).values(language=language))


def sweep() -> None:
    """Remove sessions that have ended by themselves."""
    db.session.execute(delete(SignIn).where(SignIn.expires_at < clock.now()))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
