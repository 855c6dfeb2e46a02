"""Limits on tries 次数限制, counted in the database so that every process sees them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import delete, func, insert, select

from app import clock
from app.accounts.models import Try
from app.refusals import TooMany
from app.store import db, is_sqlite, settings, table_of


def count(key: str, limit: int, seconds: int) -> int:
    """Count one try at `key` and return how many remain within `seconds`.

    Raises TooMany when the limit was reached before this try. Run it in a transaction of its own, so that the try is
    counted whatever happens next.
    """
    name, at = _name(key), clock.now()
    if not is_sqlite():  # two tries at once must not both find the last place free
        db.session.execute(select(func.pg_advisory_xact_lock(int(name[:15], 16))))
    since = at - timedelta(seconds=seconds)
    used, oldest = db.session.execute(
        select(func.count(), func.min(Try.at)).where(Try.key_hash == name, Try.at > since)
    ).one()
    if used >= limit:
        wait = (oldest + timedelta(seconds=seconds) - at).total_seconds()
        raise TooMany(minutes=max(1, round(wait / 60 + 0.499)))
    db.session.execute(insert(table_of(Try)), {"key_hash": name, "at": at})
    return limit - int(used) - 1


def take_back(key: str) -> None:
    """Uncount the latest try at `key`: it succeeded, and only failures are limited."""
    latest = select(func.max(Try.id)).where(Try.key_hash == _name(key)).scalar_subquery()
    db.session.execute(delete(Try).where(Try.id == latest), execution_options={"synchronize_session": False})


def clear(key: str) -> None:
    """Forget the tries at `key`."""
    db.session.execute(delete(table_of(Try)).where(Try.key_hash == _name(key)))


def sweep() -> None:
    """Remove tries older than a day."""
    db.session.execute(delete(Try).where(Try.at < clock.now() - timedelta(days=1)))


def _name(key: str) -> str:
    return hmac.new(bytes.fromhex(settings().index_key), key.encode(), hashlib.sha256).hexdigest()
