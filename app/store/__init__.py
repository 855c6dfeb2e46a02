"""The store 数据库: one session, one write transaction at the door, and the tenant filter below every query."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError as Unreachable

from app.store.columns import Instant, Json
from app.store.session import Base, InBase, db, is_sqlite, scope_to, scoped_bases, settings, table_of, unscoped, writing

__all__ = [
    "Base",
    "InBase",
    "Instant",
    "Json",
    "Unreachable",
    "db",
    "is_sqlite",
    "scope_to",
    "scoped_bases",
    "settings",
    "table_of",
    "unscoped",
    "writing",
]
