"""The practice pool 练习题池: what may be practised, and never an item that an exam could draw."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from sqlalchemy import select

from app.banks.items import Item
from app.banks.models import BankRow, ItemRow
from app.banks.services.stock import get_item_versions
from app.store import db


def practice_pool(bank: str) -> list[Item]:
    """The approved items of the practice pool of a bank in their present versions, in the order of their ids."""
    rows = db.session.execute(
        select(ItemRow.code, ItemRow.hash, ItemRow.rating, ItemRow.enemies)
        .join(BankRow, BankRow.id == ItemRow.bank_id)
        .where(BankRow.code == bank, ItemRow.pool == "practice", ItemRow.status == "approved")
        .order_by(ItemRow.code)
    ).all()
    items = get_item_versions(row.hash for row in rows)
    return [
        replace(
            items[row.hash],
            pool="practice",
            status="approved",
            rating=tuple(Fraction(chance) for chance in row.rating),
            enemies=tuple(row.enemies),
        )
        for row in rows
    ]
