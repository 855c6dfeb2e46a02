"""The marking desk 阅卷台: piles of scripts without names, one script after another, marks that are given once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from app import clock
from app.banks import services as banks
from app.banks.items import Item
from app.exams.models import Sitting
from app.ledger.services import record
from app.marking.models import Mark, Script
from app.marking.scoring import Field, fields_of, points_of
from app.marking.services.conflicts import barred_people
from app.marking.services.versions import finish
from app.refusals import N_, Conflict, NotFound
from app.store import db


class AlreadyMarked(Conflict):
    """Another marker was quicker."""

    message = N_("Somebody else has marked this answer in the meantime.")
    kept = N_("The marks given first stand; yours were not taken.")
    todo = N_("Go on with the next answer.")


@dataclass(frozen=True)
class Pile:
    """The scripts of one item: how many wait for this marker, how many this marker has done."""

    item: Item
    marks: int
    waiting: int
    done: int


@dataclass(frozen=True)
class Desk:
    """What a marker finds: the piles, and how many scripts of other people are kept from him."""

    piles: Sequence[Pile]

    @property
    def waiting(self) -> int:
        """How many scripts wait."""
        return sum(pile.waiting for pile in self.piles)

    @property
    def done(self) -> int:
        """How many this marker has marked."""
        return sum(pile.done for pile in self.piles)


@dataclass(frozen=True)
class ScriptView:
    """A script as its marker sees it: the question with its key, the answer, and nothing of whose it is."""

    ref: str
    item: Item
    marks: int
    response: Any
    fields: Sequence[Field]
    waiting: int
    done: int


def desk(marker_id: int) -> Desk:
    """The piles of this marker, in the bases that the session may see."""
    waiting = _counted(Script.version, *_open_to(marker_id))
    done = _counted(Script.version, Mark.marker_id == marker_id)
    marks = dict(db.session.execute(select(Script.version, Script.marks).distinct()).all())
    items = banks.get_item_versions(waiting.keys() | done.keys())
    piles = [
        Pile(item, marks[hash], waiting.get(hash, 0), done.get(hash, 0))
        for hash, item in sorted(items.items(), key=lambda pair: (pair[1].kind, pair[1].id))
    ]
    return Desk(piles)


def next_script(marker_id: int, *, after: str | None = None, item: str | None = None) -> str | None:
    """The reference of the next script for this marker, or None when nothing waits.

    All answers to one item come one after another, in an order of each marker's own, so that two markers seldom
    meet. `after` is the script that was looked at last; `item` keeps to one item, by its id.
    """
    start = hashlib.sha256(str(marker_id).encode()).hexdigest()[:32]
    order = (Script.version, case((Script.ref >= start, 0), else_=1), Script.ref)
    rows = db.session.execute(select(Script.ref, Script.version).where(*_open_to(marker_id)).order_by(*order)).all()
    if item is not None:
        items = banks.get_item_versions({row.version for row in rows})
        rows = [row for row in rows if items[row.version].id == item]
    refs = [str(row.ref) for row in rows]
    if after in refs:
        place = refs.index(after)
        refs = refs[place + 1 :] + refs[:place]
    return refs[0] if refs else None


def get_script(ref: str, marker_id: int) -> ScriptView:
    """A script that waits for this marker. Raises NotFound for one that he must not see, AlreadyMarked."""
    script = _find(ref, marker_id)
    if script.state != "waiting":
        raise AlreadyMarked
    item = banks.get_item_version(script.version)
    found = desk(marker_id)
    fields = fields_of(item, script.response)
    return ScriptView(script.ref, item, script.marks, script.response, fields, found.waiting, found.done)


def marked_by(ref: str, marker_id: int) -> bool:
    """Whether this marker has marked the script already, so that a form sent twice is no error."""
    own = select(Mark.id).join(Script, Script.id == Mark.script_id).where(Script.ref == ref)
    return db.session.scalar(own.where(Mark.marker_id == marker_id)) is not None


def mark(ref: str, marker_id: int, given: Mapping[str, Fraction], comment: str) -> Fraction:
    """Give marks by field (0 to 1 of each) and return the points; the last script of a sitting makes the result final.

    The same marker sending again changes nothing. Raises NotFound for a script that the marker must not see,
    AlreadyMarked, and scoring.BadMarks.
    """
    script = _find(ref, marker_id)
    sitting = db.session.scalar(select(Sitting).where(Sitting.id == script.sitting_id).with_for_update())
    assert sitting is not None
    own = db.session.scalar(select(Mark).where(Mark.script_id == script.id, Mark.marker_id == marker_id))
    if own is not None:
        return Fraction(own.points)
    db.session.refresh(script)
    if script.state != "waiting":
        raise AlreadyMarked
    item = banks.get_item_version(script.version)
    points = points_of(fields_of(item, script.response), given, script.marks)
    shares = {name: str(share) for name, share in given.items()}
    db.session.add(
        Mark(
            base_id=script.base_id,
            script_id=script.id,
            sitting_id=script.sitting_id,
            slot=script.slot,
            marker_id=marker_id,
            fields=shares,
            points=str(points),
            comment=comment,
            at=clock.now(),
        )
    )
    script.state = "marked"
    db.session.flush()
    facts = {"slot": script.slot, "version": script.version, "fields": shares, "points": str(points)}
    subject = f"sitting:{sitting.ref}"
    record(kind="script.marked", base_id=script.base_id, actor_id=marker_id, subject=subject, facts=facts)
    finish(sitting, by=marker_id)
    return points


def _find(ref: str, marker_id: int) -> Script:
    script = db.session.scalar(select(Script).where(Script.ref == ref))
    if script is None or script.person_id in barred_people(marker_id):
        raise NotFound
    return script


def _open_to(marker_id: int) -> tuple[ColumnElement[bool], ...]:
    return Script.state == "waiting", Script.person_id.not_in(barred_people(marker_id))


def _counted(column: Any, *where: ColumnElement[bool]) -> dict[str, int]:
    rows = db.session.execute(
        select(column, func.count(Script.id.distinct()))
        .outerjoin(Mark, Mark.script_id == Script.id)
        .where(*where)
        .group_by(column)
    )
    return dict(rows.all())
