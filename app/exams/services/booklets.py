"""Making booklets, answer sheets and keys 打印: the papers first, then the file with no writing transaction open, then the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import select

from app import clock
from app.accounts.services import people
from app.banks import services as banks
from app.documents.file import Facts
from app.documents.leaflets import Leaflet, print_leaflets
from app.exams.booklet import Paper, Speech, booklet, code_of, key, sheet
from app.exams.journal import FLAGS, NOTHING
from app.exams.models import Answer, ExamSession, Sitting
from app.exams.paper import form_of
from app.exams.services.changes import keep_change
from app.exams.services.paper import PaperLine, paper_lines
from app.exams.services.prepare import prepare_sitting
from app.exams.services.sessions import get_session
from app.ledger.services import record
from app.refusals import N_, Refusal
from app.store import db, settings

MAKERS: Mapping[str, Callable[[Paper, Speech], Leaflet]] = {"booklet": booklet, "sheet": sheet, "key": key}


class NobodyChosen(Refusal):
    """There is nothing to print."""

    status: ClassVar[int] = 422
    message = N_("Nobody was chosen who has a paper.")
    kept = N_("Nothing was changed.")
    todo = N_("Tick the people whose papers are to be printed.")


class KeyTooEarly(Refusal):
    """The key may not be printed before the session is over, unless a reason is given."""

    status: ClassVar[int] = 422
    message = N_("The key is printed when the session is over. Before that, a reason is needed.")
    kept = N_("Nothing was printed.")
    todo = N_("Wait until %(time)s, or write the reason; it is kept and can be looked up.")


@dataclass(frozen=True)
class Made:
    """A printed file: the session, what it holds, whose sittings, bytes and name."""

    session_ref: str
    kind: str
    sittings: Sequence[str]
    data: bytes
    name: str


def prepare_papers(session_ref: str, person_ids: Sequence[int]) -> Sequence[tuple[int, Refusal]]:
    """Draw the papers that are missing; returns who may have none, with the reason."""
    refused: list[tuple[int, Refusal]] = []
    session = get_session(session_ref)
    have = {line.person.id for line in paper_lines(session) if line.sitting is not None}
    for person_id in person_ids:
        if person_id in have:
            continue
        try:
            prepare_sitting(session_ref, person_id, by="staff")
        except Refusal as refusal:
            refused.append((person_id, refusal))
    return refused


def key_is_early(session: ExamSession) -> bool:
    """Whether somebody might still sit with the questions whose key this is."""
    running = select(Sitting.id).where(
        Sitting.session_id == session.id, Sitting.state == "open", Sitting.deadline_at > clock.now()
    )
    return clock.now() < session.closes_at or db.session.scalar(running.limit(1)) is not None


def make_papers(session_ref: str, kind: str, person_ids: Sequence[int], voice: Callable[[str | None], Speech]) -> Made:
    """The file of these people's papers in the order of seats; reads only, so that drawing holds up nobody's answers.

    `kind` is booklet, sheet or key; `voice` gives the speech for a candidate's language (None: not known). Raises
    NotFound, NobodyChosen.
    """
    session = get_session(session_ref)
    chosen = set(person_ids)
    lines = [line for line in paper_lines(session) if line.sitting is not None and line.person.id in chosen]
    if not lines:
        raise NobodyChosen
    papers = [(_paper(session, line), voice(_language(line))) for line in lines]
    if kind == "key":
        papers = list({paper.code: (paper, speech) for paper, speech in papers}.values())
    leaflets = [MAKERS[kind](paper, speech) for paper, speech in papers]
    identity = hashlib.sha256(repr(leaflets).encode()).hexdigest()
    facts = Facts(
        title_zh=f"{leaflets[0].title} {session.title_zh}", title_en=f"{leaflets[0].title} {session.title_en}",
        author="IP Auditorium 知审学堂", subject=leaflets[0].above, at=clock.now(), identity=identity,
        language=leaflets[0].language,
    )  # fmt: skip
    data = print_leaflets(leaflets, settings().instance_path / "fonts", facts)
    number = lines[0].enrolment.number if len(lines) == 1 else str(len(lines))
    refs = [line.sitting.ref for line in lines if line.sitting]
    return Made(session_ref, kind, refs, data, f"{leaflets[0].title} {leaflets[0].above} {number}.pdf")


def check_key(session_ref: str, reason: str) -> bool:
    """Whether the key is printed early; raises KeyTooEarly if so without a reason, and NotFound."""
    session = get_session(session_ref)
    early = key_is_early(session)
    if early and not reason.strip():
        raise KeyTooEarly(time=session.closes_at)
    return early


def note_printing(made: Made, *, reason: str, by: int) -> None:
    """Enter into the ledger what was printed; for a key also the reason. Raises KeyTooEarly for a key without one."""
    session = get_session(made.session_ref)
    facts: dict[str, Any] = {
        "what": made.kind, "sittings": list(made.sittings), "file": hashlib.sha256(made.data).hexdigest(),
    }  # fmt: skip
    if made.kind == "key":
        facts["early"] = check_key(made.session_ref, reason)
        if reason.strip():
            one = db.session.scalars(select(Sitting).where(Sitting.ref == made.sittings[0])).one()
            facts["reason_hash"] = keep_change(one, "key-printed", reason, by)
    record(
        kind="paper.printed", base_id=session.base_id, actor_id=by, subject=f"session:{session.ref}", facts=facts
    )  # fmt: skip


def saved_answers(sitting: Sitting) -> dict[int, Any]:
    """What the sitting's journal has as answers now, by slot."""
    rows = db.session.execute(
        select(Answer.slot, Answer.response).where(
            Answer.sitting_id == sitting.id, Answer.slot > FLAGS, Answer.response != NOTHING
        )
    )
    return {slot: json.loads(response) for slot, response in rows}


def _language(line: PaperLine) -> str | None:
    assert line.sitting is not None
    return line.sitting.language or line.person.language


def _paper(session: ExamSession, line: PaperLine) -> Paper:
    sitting = line.sitting
    assert sitting is not None
    base, form = people.get_base(session.base_id), form_of(sitting.form)
    wanted = banks.get_specification_version(session.specification_hash)
    return Paper(
        ref=sitting.ref, base={"zh_CN": base.name_zh, "en": base.name_en}, title=session.title, name=line.person.name,
        number=line.enrolment.number, room=line.room, seat=line.seat,
        minutes=session.minutes * sitting.percent // 100 + sitting.extra_minutes, ends_at=sitting.deadline_at,
        font=sitting.font, form=form, items=banks.get_item_versions(one.version for one in form),
        saved=saved_answers(sitting), multiple=wanted.pass_rule.multiple, code=code_of(sitting.form),
    )  # fmt: skip
