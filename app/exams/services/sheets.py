"""Keying answer sheets back in 录入: two people, each blind to the other; differences are settled with the sheet at hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import func, select

from app import clock
from app.banks import services as banks
from app.banks.items import Blank
from app.cohorts.models import Enrolment
from app.exams import keying, timing
from app.exams.booklet import code_of
from app.exams.journal import MOST_ENTRIES, Entry, Pen, canonical
from app.exams.keying import Field, Untypable
from app.exams.models import AnswerEntry, SheetKeying, Sitting
from app.exams.paper import checked, form_of
from app.exams.services.paper import locked
from app.exams.services.record import store
from app.exams.timing import PAPER
from app.ledger.services import record
from app.refusals import N_, Conflict, NotFound, Refusal
from app.store import db

SETTLING = 3


class TwoKeyed(Conflict):
    """Two people have keyed the sheet; a third reading comes only by settling what differs."""

    message = N_("Two people have keyed this sheet already.")
    kept = N_("Nothing was changed.")
    todo = N_("Open the list of sheets; where the two differ, the difference can be settled.")


class NotOnPaper(Refusal):
    """The sitting is not on paper, or has not begun, or is closed."""

    status: ClassVar[int] = 409
    message = N_("This sheet is not to be keyed: the exam is not on paper, has not begun, or is closed.")
    todo = N_("Open the list of sheets and look at its state.")


class Unkeyed(Refusal):
    """Fields that cannot stand as typed, each with its reason; nothing was finished."""

    status: ClassVar[int] = 422
    message = N_("%(count)s fields cannot stand as they were typed.")
    kept = N_("What was typed is kept as a draft.")
    todo = N_("Correct these fields.")

    def __init__(self, problems: Mapping[str, Untypable]) -> None:
        super().__init__(count=len(problems))
        self.problems = problems


@dataclass(frozen=True)
class Sheet:
    """A sheet as one keyer has it: the fields, what he typed, `no` (1 or 2) and whether he has finished."""

    sitting: Sitting
    number: str
    code: str
    fields: Sequence[Field]
    typed: Mapping[str, str]
    no: int
    done: bool


@dataclass(frozen=True)
class Comparison:
    """Where two people differ; `settled` is what a third look has decided so far, by field."""

    sitting: Sitting
    number: str
    code: str
    fields: Sequence[Field]
    first: Mapping[str, str]
    second: Mapping[str, str]
    settled: Mapping[str, str]


def get_sheet(ref: str, by: int) -> Sheet:
    """The sheet for somebody who keys it. Raises NotFound, NotOnPaper, TwoKeyed."""
    sitting = _to_key(ref)
    row = _own(sitting, by)
    if row is None and len(_rows(sitting)) >= 2:
        raise TwoKeyed
    typed = row.responses if row else {}
    return Sheet(
        sitting, _number(sitting), code_of(sitting.form), fields_of(sitting), typed,
        row.no if row else len(_rows(sitting)) + 1, bool(row and row.done_at),
    )  # fmt: skip


def keep_draft(ref: str, typed: Mapping[str, str], *, by: int) -> None:
    """Keep what somebody has typed so far, as it is. Raises NotFound, NotOnPaper, TwoKeyed.

    The first to begin is number 1 and the second number 2; two constraints hold that they are two people.
    """
    sitting = locked(ref)
    _check(sitting)
    row = _own(sitting, by)
    known = {field.key for field in fields_of(sitting)}
    kept = {name: text[:5000] for name, text in typed.items() if name in known and text}
    if row is None:
        count = len(_rows(sitting))
        if count >= 2:
            raise TwoKeyed
        row = SheetKeying(
            base_id=sitting.base_id, sitting_id=sitting.id, no=count + 1, responses=kept, by_id=by, at=clock.now()
        )
        db.session.add(row)
        db.session.flush()
    elif row.done_at is None:
        row.responses = kept


def finish_keying(ref: str, *, by: int) -> bool:
    """Say that one's draft is the whole sheet; returns whether both have finished. Again changes nothing.

    Raises NotFound, NotOnPaper, TwoKeyed, Unkeyed.
    """
    sitting = locked(ref)
    _check(sitting)
    row = _own(sitting, by)
    if row is None:
        raise TwoKeyed if len(_rows(sitting)) >= 2 else NotFound
    if row.done_at is None:
        row.responses = _tidied(fields_of(sitting), row.responses)
        row.done_at = clock.now()
        facts = {"no": row.no, "digest": _digest(row.responses)}
        record(kind="sheet.keyed", base_id=sitting.base_id, actor_id=by, subject=f"sitting:{ref}", facts=facts)
    return all(one.done_at for one in _rows(sitting)) and len(_rows(sitting)) == 2


def compare(ref: str) -> Comparison:
    """What two people read differently. Raises NotFound, NotOnPaper while not both have finished."""
    sitting = _to_key(ref)
    first, second = _both(sitting)
    third = _third(sitting)
    differ = keying.differing(fields_of(sitting), first.responses, second.responses)
    return Comparison(
        sitting, _number(sitting), code_of(sitting.form), differ, first.responses, second.responses,
        third.responses if third else {},
    )  # fmt: skip


def settle(ref: str, decided: Mapping[str, str], *, by: int) -> None:
    """Decide every field in which the two differ, with the sheet at hand. Again changes nothing.

    Raises NotFound, NotOnPaper, Unkeyed for a field that is undecided or cannot stand.
    """
    sitting = locked(ref)
    _check(sitting)
    first, second = _both(sitting)
    if _third(sitting) is not None:
        return
    differ = keying.differing(fields_of(sitting), first.responses, second.responses)
    missing = {field.key: Untypable(N_("Decide what the sheet says.")) for field in differ if field.key not in decided}
    if missing:
        raise Unkeyed(missing)
    held = _tidied(differ, decided)
    db.session.add(
        SheetKeying(
            base_id=sitting.base_id, sitting_id=sitting.id, no=SETTLING, responses=held, by_id=by, at=clock.now(),
            done_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    facts = {"fields": len(differ), "digest": _digest(held)}
    record(kind="sheet.settled", base_id=sitting.base_id, actor_id=by, subject=f"sitting:{ref}", facts=facts)


def sheets_agreed() -> Sequence[str]:
    """The refs of sheets that are keyed and agreed and whose sitting is still open: what a crash left half done."""
    done = select(SheetKeying.sitting_id).where(SheetKeying.done_at.is_not(None), SheetKeying.no < SETTLING)
    twice = done.group_by(SheetKeying.sitting_id).having(func.count() == 2)
    rows = db.session.scalars(
        select(Sitting).where(Sitting.id.in_(twice), Sitting.state == "open", Sitting.medium == PAPER)
    ).all()
    return [row.ref for row in rows if agreed(row) is not None]


def agreed(sitting: Sitting) -> Mapping[str, str] | None:
    """What the sheet says, field by field; None while it is not keyed twice or a difference is not settled."""
    rows = {row.no: row for row in _rows(sitting) if row.done_at is not None}
    if not {1, 2} <= rows.keys():
        return None
    third = _third(sitting)
    differ = keying.differing(fields_of(sitting), rows[1].responses, rows[2].responses)
    if differ and third is None:
        return None
    held = dict(rows[1].responses)
    for field in differ:
        assert third is not None
        held[field.key] = third.responses.get(field.key, "")
    return held


def write_down(ref: str) -> None:
    """Put the agreed answers into the journal through the answer store, under the epoch of the paper.

    Commits by itself; not inside a transaction. Doing it again changes nothing: the same numbers stand for the same
    answers. The time of saving is at most the deadline, for by then the sheet was out of the candidate's hands; the
    device's time is when the second person had keyed it. Raises NotFound, NotOnPaper while nothing is agreed.
    """
    sitting = _to_key(ref)
    held = agreed(sitting)
    if held is None or sitting.deadline_at is None:
        raise NotOnPaper
    kinds = tuple((row["kind"], len(row["options"])) for row in sitting.form)
    changed = keying.responses(fields_of(sitting), held, _on_screen(sitting))
    second = next(row for row in _rows(sitting) if row.no == 2)
    assert second.done_at is not None
    at_ms = int(second.done_at.timestamp() * 1000)
    entries = [
        Entry(seq, slot, canonical(checked(kinds, slot, changed[slot])), at_ms)
        for seq, slot in enumerate(sorted(changed), 1)
    ]
    pen = Pen(ref, sitting.person_id, sitting.epoch, sitting.writer)
    at = min(clock.now(), sitting.deadline_at)
    db.session.rollback()
    for start in range(0, len(entries), MOST_ENTRIES):
        store().save(pen, entries[start : start + MOST_ENTRIES], at)


def _on_screen(sitting: Sitting) -> dict[int, Any]:
    """The answers of the epochs before the paper's, from the journal: the same after the paper was written down."""
    rows = db.session.execute(
        select(AnswerEntry.slot, AnswerEntry.response)
        .where(
            AnswerEntry.sitting_id == sitting.id, AnswerEntry.epoch < sitting.epoch, AnswerEntry.late.is_(False),
            AnswerEntry.slot > 0,
        )
        .order_by(AnswerEntry.epoch, AnswerEntry.seq)
    )  # fmt: skip
    found = {slot: json.loads(response) for slot, response in rows}
    return {slot: response for slot, response in found.items() if response is not None}


def fields_of(sitting: Sitting) -> list[Field]:
    """The fields of the sitting's sheet."""
    form = form_of(sitting.form)
    blanks = [row for row in form if row.kind == "blank"]
    items = banks.get_item_versions(row.version for row in blanks) if blanks else {}
    gaps = {row.slot: len(item.gaps) for row in blanks if isinstance(item := items[row.version], Blank)}
    return keying.fields(form, gaps)


def _to_key(ref: str) -> Sitting:
    sitting = db.session.scalar(select(Sitting).where(Sitting.ref == ref))
    if sitting is None:
        raise NotFound
    _check(sitting)
    return sitting


def _check(sitting: Sitting) -> None:
    if sitting.state == "closed":
        raise timing.Closed
    if sitting.medium != PAPER or sitting.state != "open":
        raise NotOnPaper


def _rows(sitting: Sitting) -> Sequence[SheetKeying]:
    return db.session.scalars(
        select(SheetKeying)
        .where(SheetKeying.sitting_id == sitting.id, SheetKeying.no < SETTLING)
        .order_by(SheetKeying.no)
    ).all()


def _own(sitting: Sitting, by: int) -> SheetKeying | None:
    return next((row for row in _rows(sitting) if row.by_id == by), None)


def _third(sitting: Sitting) -> SheetKeying | None:
    return db.session.scalar(
        select(SheetKeying).where(SheetKeying.sitting_id == sitting.id, SheetKeying.no == SETTLING)
    )


def _both(sitting: Sitting) -> tuple[SheetKeying, SheetKeying]:
    rows = [row for row in _rows(sitting) if row.done_at is not None]
    if len(rows) != 2:
        raise NotOnPaper
    return rows[0], rows[1]


def _tidied(wanted: Sequence[Field], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed in its one form, without empty fields. Raises Unkeyed."""
    held: dict[str, str] = {}
    problems: dict[str, Untypable] = {}
    for field in wanted:
        try:
            held[field.key] = keying.tidy(field, typed.get(field.key, ""))
        except Untypable as problem:
            problems[field.key] = problem
    if problems:
        raise Unkeyed(problems)
    return {name: text for name, text in held.items() if text}


def _digest(typed: Mapping[str, str]) -> str:
    return hashlib.sha256(canonical(dict(typed)).encode()).hexdigest()


def _number(sitting: Sitting) -> str:
    return db.session.scalars(select(Enrolment.number).where(Enrolment.id == sitting.enrolment_id)).one()
