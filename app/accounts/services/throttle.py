"""Limits on tries 次数限制, counted in the database so that every process sees them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, func, insert, or_, select

from app import clock
from app.accounts.models import Try
from app.refusals import TooMany
from app.store import db, is_sqlite, settings, table_of


def count(key: str, limit: int, seconds: int) -> int:
    """Count one try at `key` and return how many remain within `seconds`.

    Raises TooMany when the limit was reached before this try. Run it in a transaction of its own, so that the try is
    counted whatever happens next.
    """
    return count_all({key: limit}, seconds)[key]


def count_all(limits: Mapping[str, int], seconds: int) -> dict[str, int]:
    """The same for several keys with a limit each, together in as few statements as for one; all are counted or none."""
    names, at = {_name(key): key for key in limits}, clock.now()
    if not is_sqlite():  # two tries at once must not both find the last place free; always locked in one order
        locks = [func.pg_advisory_xact_lock(int(name[:15], 16)) for name in sorted(names)]
        db.session.execute(select(*locks))
    table, since = table_of(Try).c, at - timedelta(seconds=seconds)
    found = db.session.execute(
        select(table.key_hash, func.count(), func.min(table.at))
        .where(table.key_hash.in_(list(names)), table.at > since)
        .group_by(table.key_hash)
    )
    left = dict(limits)
    for name, used, oldest in found:
        left[names[name]] -= used
        if left[names[name]] <= 0:
            wait = (oldest + timedelta(seconds=seconds) - at).total_seconds()
            raise TooMany(minutes=max(1, round(wait / 60 + 0.499)))
    db.session.execute(insert(table_of(Try)), [{"key_hash": name, "at": at} for name in names])
    return {key: number - 1 for key, number in left.items()}


def succeed(key: str, other: str) -> None:
    """Forget the tries at `key`, and uncount the latest at `other`: it succeeded, and only failures are limited there."""
    table = table_of(Try).c
    latest = select(func.max(table.id)).where(table.key_hash == _name(other)).scalar_subquery()
    db.session.execute(delete(table_of(Try)).where(or_(table.key_hash == _name(key), table.id == latest)))


def clear(key: str) -> None:
    """Forget the tries at `key`."""
    db.session.execute(delete(table_of(Try)).where(Try.key_hash == _name(key)))


def sweep() -> None:
    """Remove tries older than a day."""
    db.session.execute(delete(Try).where(Try.at < clock.now() - timedelta(days=1)))


def _name(key: str) -> str:
    return hmac.new(bytes.fromhex(settings().index_key), key.encode(), hashlib.sha256).hexdigest()
