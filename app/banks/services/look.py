"""Looking into a bank: its counts, its items by filter, and one item with all its versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.banks.items import Item, Text
from app.banks.lint import Margin, margins_of
from app.banks.models import BankRow, ItemRow, ItemVersion
from app.banks.services.stock import list_specifications, pool_for, with_use
from app.banks.specification import Specification
from app.pages import Page
from app.refusals import NotFound
from app.standards.editions import Clause, Edition, edition
from app.store import db

PAGE = 25
FILTERS = ("kind", "group", "level", "topic", "pool", "status")


@dataclass(frozen=True)
class BankView:
    """A bank with its counts; `cells` counts items in use by (clause, kind or level)."""

    code: str
    title: Text
    edition: Edition
    confidentiality: Text
    loaded_at: datetime
    by: Mapping[str, Mapping[str, int]]
    cells: Mapping[tuple[str, str], int]
    specifications: Sequence[tuple[Specification, Sequence[Margin]]]

    @property
    def total(self) -> int:
        """The number of items in use."""
        return sum(self.by["kind"].values())

    @property
    def clauses(self) -> list[Clause]:
        """The clauses that items can belong to: those without clauses below them, and those that have items."""
        used = {clause for clause, _value in self.cells}
        return [clause for clause in self.edition.clauses if clause.no in used or not self.edition.children(clause.no)]


@dataclass(frozen=True)
class ItemLine:
    """An item as a line of the list."""

    id: str
    kind: str
    clause: str
    level: str
    topic: str
    pool: str
    status: str
    stem: Text


@dataclass(frozen=True)
class ItemView:
    """An item with its versions, the newest first: (item, hash, moment it was stored)."""

    item: Item
    clause: Clause
    versions: Sequence[tuple[Item, str, datetime]]


def list_banks() -> list[BankView]:
    """Every bank, by code."""
    return [_view(row) for row in db.session.scalars(select(BankRow).order_by(BankRow.code))]


def get_bank(code: str) -> BankView:
    """One bank with its counts. Raises NotFound."""
    return _view(_bank(code))


def list_items(bank: str, filters: Mapping[str, str], *, words: str = "", page: int = 1) -> tuple[list[ItemLine], Page]:
    """Items of a bank by filter (kind, group, level, topic, pool, status) and by id or clause, a page at a time."""
    where: list[ColumnElement[bool]] = [ItemRow.bank_id == _bank(bank).id]
    where += [getattr(ItemRow, name) == filters[name] for name in FILTERS if filters.get(name)]
    if words:
        where.append(ItemRow.code.startswith(words, autoescape=True) | (ItemRow.clause == words))
    if not filters.get("status"):
        where.append(ItemRow.status != "retired")
    total = db.session.scalar(select(func.count()).select_from(ItemRow).where(*where)) or 0
    shown = page_held(page, total)
    found = db.session.execute(
        select(ItemRow, ItemVersion.content)
        .join(ItemVersion, ItemVersion.hash == ItemRow.hash)
        .where(*where)
        .order_by(ItemRow.clause, ItemRow.code)
        .offset(shown.offset)
        .limit(PAGE)
    )
    rows = [
        ItemLine(row.code, row.kind, row.clause, row.level, row.topic, row.pool, row.status, content["stem"])
        for row, content in found
    ]
    return rows, shown


def page_held(wanted: int, total: int) -> Page:
    """The wanted page of a list, held between its first and its last page."""
    return Page(min(max(1, wanted), Page(1, PAGE, total).pages), PAGE, total)


def get_item(bank: str, code: str) -> ItemView:
    """An item with all its versions. Raises NotFound."""
    owner = _bank(bank)
    row = db.session.scalar(select(ItemRow).where(ItemRow.bank_id == owner.id, ItemRow.code == code))
    if row is None:
        raise NotFound()
    versions = [(with_use(row, version.content), version.hash, version.made_at) for version in reversed(row.versions)]
    present = next(item for item, hash, _at in versions if hash == row.hash)
    return ItemView(present, edition(owner.edition).clause(row.clause), versions)


def _bank(code: str) -> BankRow:
    row = db.session.scalar(select(BankRow).where(BankRow.code == code))
    if row is None:
        raise NotFound()
    return row


def _view(row: BankRow) -> BankView:
    used = (ItemRow.bank_id == row.id, ItemRow.status != "retired")
    items = db.session.execute(
        select(ItemRow.clause, ItemRow.group, ItemRow.kind, ItemRow.level, ItemRow.topic, ItemRow.pool).where(*used)
    ).all()
    by = {name: Counter(getattr(item, name) for item in items) for name in ("kind", "group", "level", "topic", "pool")}
    cells = Counter((item.clause, value) for item in items for value in (item.kind, item.level))
    papers = [(one, margins_of(one, pool_for(one))) for one in list_specifications(row.code)]
    return BankView(row.code, row.title, edition(row.edition), row.confidentiality, row.loaded_at, by, cells, papers)
