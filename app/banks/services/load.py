"""Loading a bank 题库导入: its files become rows, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from sqlalchemy import select

from app import clock
from app.banks import content
from app.banks.findings import Finding
from app.banks.items import Item, content_of
from app.banks.lint import Known, check_bank, check_item, stock_for
from app.banks.models import BankRow, ItemEdition, ItemRow, ItemVersion, SpecificationRow, SpecificationVersion
from app.banks.specification import Specification
from app.banks.specification import content_of as specification_content
from app.ledger.services import record
from app.refusals import N_, Refusal
from app.standards.editions import editions, find_edition, laws
from app.store import db


class BrokenBank(Refusal):
    """The files break rules; nothing of them was taken."""

    message = N_("The bank %(bank)s was not loaded: its files break %(count)s rules. %(first)s")
    kept = N_("The bank stays as it was before.")
    todo = N_("Run “flask banks check”, correct the files named there and load again.")

    def __init__(self, bank: str, findings: list[Finding]) -> None:
        super().__init__(bank=bank, count=len(findings), first=str(findings[0]))
        self.findings = findings


@dataclass(frozen=True)
class Report:
    """What a bank's folder holds, and every finding on it."""

    folder: content.BankFolder
    findings: list[Finding]
    beside: Sequence[content.ItemFile] = ()

    def stock(self, specification: Specification, pool: str = "exam") -> list[Item]:
        """The items that papers of one of the bank's specifications may hold."""
        return stock_for(specification, self.folder.items, self.beside, pool)


@dataclass(frozen=True)
class Loaded:
    """What a load changed, in numbers of items; all 0 for a bank that was loaded before."""

    bank: str
    items: int
    new: int
    changed: int
    retired: int

    def __str__(self) -> str:
        return f"{self.bank}: {self.items} items, {self.new} new, {self.changed} changed, {self.retired} retired"


def check_folder(folder: Path) -> Report:
    """Read a bank's folder and hold it to every rule, the other banks beside it in sight.

    The others matter because their items may be valid for this bank's edition as well, and because no two items of
    the installation share an id or ask nearly the same.
    """
    read = content.read_folder(folder)
    others = [content.read_folder(one) for one in content.find_banks(folder.parent) if one.name != folder.name]
    return hold(read, others)


def check_folders(root: Path = content.BANKS) -> list[Report]:
    """Read every bank under the root once and hold each to the rules."""
    found = [content.read_folder(folder) for folder in content.find_banks(root)]
    return [hold(read, [other for other in found if other is not read]) for read in found]


def hold(read: content.BankFolder, others: Sequence[content.BankFolder]) -> Report:
    """Hold a bank that was read to every rule; `others` are the banks beside it."""
    findings = list(read.findings)
    if find_edition(read.bank.edition) is None:
        rule, fault = "clause-exists-in-edition", f"There is no edition “{read.bank.edition}”."
        return Report(
            read,
            [*findings, Finding("bank.yaml", read.line("edition"), rule, fault, "Name an edition that is installed.")],
        )
    known = Known(editions=editions(), laws=laws())
    for entry in read.items:
        findings.extend(check_item(entry.item, known, entry.file, entry.root))
    beside = [replace(entry, file=f"{other.bank.code}/{entry.file}") for other in others for entry in other.items]
    # The same files give the same proof: nothing secret hangs on this randomness.
    random = Random(read.digest)  # noqa: S311 -- see above
    findings.extend(check_bank(read.items, read.specifications, random, beside=beside, bank=read))
    return Report(read, sorted(findings), beside)


def load_all(root: Path = content.BANKS, *, actor_id: int | None = None) -> str:
    """Load every bank under the root and say what it changed, in one line. Raises BrokenBank."""
    return "; ".join(str(load_bank(folder, actor_id=actor_id)) for folder in content.find_banks(root))


def load_bank(folder: Path, *, actor_id: int | None = None) -> Loaded:
    """Make the bank in the database what its files say; the same files again change nothing.

    A changed item gets a further version, and papers that were made of the older one keep it; an item that is
    gone from the files is retired. Raises BrokenBank, and then nothing of this load took effect.
    """
    digest = content.digest_of(folder)
    bank = db.session.scalar(select(BankRow).where(BankRow.code == folder.name))
    if bank is not None and bank.digest == digest:
        return Loaded(bank.code, len(_rows(bank)), 0, 0, 0)
    report = check_folder(folder)
    if report.findings:
        raise BrokenBank(folder.name, report.findings)
    bank = _store_bank(bank, report.folder)
    counts = _store_items(bank, [entry.item for entry in report.folder.items])
    _store_specifications(bank, [entry.specification for entry in report.folder.specifications])
    loaded = Loaded(bank.code, len(report.folder.items), **counts)
    facts = {"digest": digest, "items": loaded.items, **counts}
    record(kind="bank.loaded", base_id=None, actor_id=actor_id, subject=f"bank:{bank.code}", facts=facts)
    return loaded


def _rows(bank: BankRow) -> dict[str, ItemRow]:
    rows = db.session.scalars(select(ItemRow).where(ItemRow.bank_id == bank.id))
    return {row.code: row for row in rows}


def _store_bank(bank: BankRow | None, folder: content.BankFolder) -> BankRow:
    if bank is None:
        bank = BankRow(code=folder.bank.code)
        db.session.add(bank)
    bank.title = dict(folder.bank.title)
    bank.edition = folder.bank.edition
    bank.confidentiality = dict(folder.bank.confidentiality)
    bank.digest = folder.digest
    bank.loaded_at = clock.now()
    db.session.flush()
    return bank


def _store_items(bank: BankRow, items: list[Item]) -> dict[str, int]:
    rows = _rows(bank)
    known = set(db.session.scalars(select(ItemVersion.hash).join(ItemRow).where(ItemRow.bank_id == bank.id)))
    counts = {"new": 0, "changed": 0, "retired": 0}
    for item in items:
        row = rows.pop(item.id, None)
        if row is None:
            row = ItemRow(bank_id=bank.id, code=item.id)
            db.session.add(row)
            counts["new"] += 1
        elif row.hash != item.hash:
            counts["changed"] += 1
        _describe(row, item)
        if item.hash not in known:
            row.versions.append(ItemVersion(hash=item.hash, content=content_of(item), made_at=clock.now()))
    for row in rows.values():
        counts["retired"] += row.status != "retired"
        row.status = "retired"
    db.session.flush()
    return counts


def _describe(row: ItemRow, item: Item) -> None:
    row.kind, row.clause, row.group = item.kind, item.clause, item.group
    row.topic, row.level, row.pool, row.status = item.topic, item.level, item.pool, item.status
    row.rating = [str(chance) for chance in item.rating]
    row.enemies = list(item.enemies)
    row.readings = [{"by": reading.by, "on": reading.on, "changed": reading.changed} for reading in item.readings]
    row.hash = item.hash
    known = {one.edition: one for one in row.editions}
    row.editions = [known.get(edition) or ItemEdition(edition=edition) for edition in item.clauses]
    for one in row.editions:
        one.clause = item.clauses[one.edition]


def _store_specifications(bank: BankRow, specifications: list[Specification]) -> None:
    stored = db.session.scalars(select(SpecificationRow).where(SpecificationRow.bank_id == bank.id))
    rows = {row.code: row for row in stored}
    for specification in specifications:
        row = rows.pop(specification.code, None)
        if row is None:
            row = SpecificationRow(bank_id=bank.id, code=specification.code)
            db.session.add(row)
        row.state, row.hash = "active", specification.hash
        db.session.flush()
        version = select(SpecificationVersion.id).where(SpecificationVersion.hash == specification.hash)
        if db.session.scalar(version) is None:
            facts = specification_content(specification)
            made = SpecificationVersion(
                specification_id=row.id, hash=specification.hash, content=facts, made_at=clock.now()
            )
            db.session.add(made)
    for row in rows.values():
        row.state = "retired"
    db.session.flush()
