"""Admission cards 准考证 and lists of a session as files, made anew each time from what is known now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from app import clock
from app.accounts.services import people
from app.banks import services as banks
from app.documents.file import Facts
from app.documents.sheets import Sheets, print_sheets
from app.exams.cards import Exam, Guest, Speech, candidate_list, cards, door_list
from app.exams.models import ExamSession
from app.exams.services.candidates import Line, list_candidates, own_line
from app.exams.services.entry import last_start
from app.refusals import N_, NotFound, Refusal
from app.store import settings


class NobodyListed(Refusal):
    """A session without candidates has no cards and no lists."""

    message = N_("Nobody is enrolled in this class.")
    todo = N_("Enrol people first; they then stand on the list of the session.")


@dataclass(frozen=True)
class Printed:
    """A file with the name under which it is saved."""

    data: bytes
    name: str


def own_card(session: ExamSession, person_id: int, speech: Speech) -> Printed:
    """The admission card of one candidate. Raises NotFound before the candidate was admitted."""
    line = own_line(session, person_id)
    if line.row is None or line.row.nonce is None:
        raise NotFound
    return _print(session, cards(_exam(session), [_guest(session, line)], speech), speech, line.enrolment.number)


def all_cards(session: ExamSession, speech: Speech) -> Printed:
    """The cards of everybody who is admitted, in the order of numbers. Raises NobodyListed."""
    lines = [line for line in _lines(session) if line.row is not None and line.row.nonce is not None]
    return _print(session, cards(_exam(session), [_guest(session, line) for line in lines], speech), speech)


def list_of_candidates(session: ExamSession, speech: Speech) -> Printed:
    """The list with names and places to sign. Raises NobodyListed."""
    guests = [_guest(session, line) for line in _lines(session)]
    return _print(session, candidate_list(_exam(session), guests, speech), speech)


def list_for_the_door(session: ExamSession, speech: Speech) -> Printed:
    """The masked list, one page or more for each room. Raises NobodyListed."""
    guests = [_guest(session, line) for line in _lines(session)]
    return _print(session, door_list(_exam(session), guests, speech), speech)


def _lines(session: ExamSession) -> Sequence[Line]:
    lines = list_candidates(session)
    if not lines:
        raise NobodyListed
    return lines


def _exam(session: ExamSession) -> Exam:
    base = people.get_base(session.base_id)
    wanted = banks.get_specification_version(session.specification_hash)
    return Exam(
        ref=session.ref, base={"zh_CN": base.name_zh, "en": base.name_en}, title=session.title,
        opens_at=session.opens_at, closes_at=session.closes_at, minutes=session.minutes,
        online=session.place_kind == "online", place=session.place, with_code=session.access_code is not None,
        waiting_minutes=session.waiting_minutes, last_start=last_start(session),
        books=wanted.books != "closed", address=settings().origin,
    )  # fmt: skip


def _guest(session: ExamSession, line: Line) -> Guest:
    return Guest(
        name=line.person.name, number=line.enrolment.number, employer=line.enrolment.employer, place=line.place,
        minutes=session.minutes * line.ease.percent // 100, apart=line.ease.separate_room,
        nonce=(line.row.nonce if line.row else None) or "",
    )  # fmt: skip


def _print(session: ExamSession, sheets: Sheets, speech: Speech, number: str = "") -> Printed:
    identity = hashlib.sha256(repr(sheets).encode()).hexdigest()
    facts = Facts(
        title_zh=f"{sheets.title} {session.title_zh}", title_en=f"{sheets.title} {session.title_en}",
        author="IP Auditorium 知审学堂", subject=session.title[speech.language], at=clock.now(), identity=identity,
        language=sheets.language,
    )  # fmt: skip
    name = " ".join(part for part in (sheets.title, session.title[speech.language], number) if part)
    return Printed(print_sheets(sheets, settings().instance_path / "fonts", facts), f"{name}.pdf")
