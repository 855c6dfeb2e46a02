"""The stock 备题: what papers are made of, and the versions that papers name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from app.banks.items import Item
from app.banks.models import BankRow, ItemEdition, ItemRow, ItemVersion, SpecificationRow, SpecificationVersion
from app.banks.specification import Specification, from_content
from app.banks.stored import item_of
from app.refusals import NotFound
from app.store import db

_MOST_KEPT = 20_000
_kept: dict[str, Item] = {}
"""Items by the hash of their content: what a hash names never changes, so reading it once is enough."""


def pool_for(specification: Specification, pool: str = "exam") -> list[Item]:
    """The approved items that a paper of the specification may hold, in the order of their ids.

    They are those of its bank, and items of other banks that are valid for its edition as they stand. `pool` is
    'exam' or, for practice and mock exams, 'practice'; the two never mix.
    """
    rows = db.session.execute(
        select(ItemRow, ItemVersion.content)
        .join(BankRow, BankRow.id == ItemRow.bank_id)
        .join(ItemVersion, ItemVersion.hash == ItemRow.hash)
        .join(ItemEdition, ItemEdition.item_id == ItemRow.id)
        .where(
            ItemEdition.edition == specification.edition,
            or_(BankRow.code == specification.bank, BankRow.edition != specification.edition),
            ItemRow.pool == pool,
            ItemRow.status == "approved",
        )
        .order_by(ItemRow.code)
    )
    return [with_use(row, content) for row, content in rows]


def get_item_version(hash: str) -> Item:
    """The item as it was under this hash. Raises NotFound."""
    return get_item_versions([hash])[hash]


def get_item_versions(hashes: Iterable[str]) -> dict[str, Item]:
    """The items of these hashes, by hash, in one query at most. Raises NotFound if one is unknown.

    They hold what the hash names and nothing of the item's present use (pool, rating, enemies, status, readings).
    """
    wanted = list(dict.fromkeys(hashes))
    unknown = [hash for hash in wanted if hash not in _kept]
    if unknown:
        statement = select(ItemVersion.hash, ItemVersion.content).where(ItemVersion.hash.in_(unknown))
        found = {row.hash: item_of(row.content) for row in db.session.execute(statement)}
        if len(found) < len(unknown):
            raise NotFound()
        if len(_kept) > _MOST_KEPT:
            _kept.clear()
        _kept.update(found)
    return {hash: _kept[hash] for hash in wanted}


def get_specification(code: str) -> Specification:
    """The specification in its present version. Raises NotFound for an unknown or retired one."""
    content = db.session.scalar(
        select(SpecificationVersion.content)
        .join(SpecificationRow, SpecificationRow.hash == SpecificationVersion.hash)
        .where(SpecificationRow.code == code, SpecificationRow.state == "active")
    )
    if content is None:
        raise NotFound()
    return from_content(content)


def get_specification_version(hash: str) -> Specification:
    """The specification as it was under this hash. Raises NotFound."""
    content = db.session.scalar(select(SpecificationVersion.content).where(SpecificationVersion.hash == hash))
    if content is None:
        raise NotFound()
    return from_content(content)


def list_specifications(bank: str | None = None) -> list[Specification]:
    """The specifications in use, of one bank or of all."""
    query = (
        select(SpecificationVersion.content)
        .join(SpecificationRow, SpecificationRow.hash == SpecificationVersion.hash)
        .join(BankRow, BankRow.id == SpecificationRow.bank_id)
        .where(SpecificationRow.state == "active")
        .order_by(SpecificationRow.code)
    )
    if bank is not None:
        query = query.where(BankRow.code == bank)
    return [from_content(content) for content in db.session.scalars(query)]


def last_loaded() -> datetime | None:
    """When a bank was last loaded with anything new in its files; None before the first."""
    return db.session.scalar(select(func.max(BankRow.loaded_at)))


def with_use(row: ItemRow, content: dict[str, Any]) -> Item:
    """The item of a version's content, with what its row knows of its use."""
    return item_of(
        content,
        pool=row.pool,
        rating=row.rating,
        enemies=row.enemies,
        status=row.status,
        readings=row.readings,
    )
