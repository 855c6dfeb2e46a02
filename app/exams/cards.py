"""Admission cards 准考证, the list of candidates and the list for the door, as plain sheets before any page is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.documents.blocks import Heading, Items, Paragraph, Run, Table, Words
from app.documents.opening import Fact
from app.documents.sheets import Sheet, Sheets
from app.exams.seating import Place, masked
from app.refusals import N_

TAGS = {"zh_CN": "zh-CN", "en": "en"}
Text = Mapping[str, str]


@dataclass(frozen=True)
class Speech:
    """How the sheets speak: the language, its sentences, and its moments in Beijing time."""

    language: str
    say: Callable[[str], str]
    moment: Callable[[datetime, str], str]

    def __call__(self, message: str, **parameters: object) -> str:
        """The sentence of a message id; English quotation marks are straight on paper."""
        text = self.say(message) % parameters if parameters else self.say(message)
        return text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}) if self.language == "en" else text


@dataclass(frozen=True)
class Exam:
    """What the sheets say of a session."""

    ref: str
    base: Text
    title: Text
    opens_at: datetime
    closes_at: datetime
    minutes: int
    online: bool
    place: str
    with_code: bool
    waiting_minutes: int
    last_start: datetime | None
    books: bool
    address: str


@dataclass(frozen=True)
class Guest:
    """What the sheets say of a candidate; `minutes` is the time allowed with the accommodation."""

    name: str
    number: str
    employer: str
    place: Place
    minutes: int
    apart: bool
    nonce: str


def cards(exam: Exam, guests: Sequence[Guest], speech: Speech) -> Sheets:
    """One admission card a page."""
    return _file(speech(N_("Admission card")), [_card(exam, guest, speech) for guest in guests], speech)


def _card(exam: Exam, guest: Guest, speech: Speech) -> Sheet:
    facts = [
        Fact(speech(N_("Name")), guest.name, strong=True),
        Fact(speech(N_("Admission number")), guest.number, strong=True),
        Fact(speech(N_("Exam")), exam.title[speech.language]),
        Fact(speech(N_("Window (Beijing time)")), _window(exam, speech)),
        Fact(speech(N_("Time allowed")), speech(N_("%(minutes)s minutes"), minutes=guest.minutes)),
        Fact(speech(N_("Place")), exam.place or speech(N_("Online, each at a place of his own"))),
    ]
    if guest.place.room or guest.place.seat:
        facts.append(Fact(speech(N_("Room and seat")), _where(guest.place, speech), strong=True))
    facts.append(Fact(speech(N_("Draw number")), guest.nonce))
    return Sheet(
        above=exam.base[speech.language], title=speech(N_("Admission card")), facts=tuple(facts),
        blocks=(
            Paragraph(_words(speech(DRAW)), "small"),
            _heading(speech(N_("Bring along"))), _list([speech(one) for one in _to_bring(exam)]),
            _heading(speech(N_("Rules"))), _list(_rules(exam, speech)),
        ),
        code=guest.number, code_says=speech(N_("QR code with the admission number %(number)s"), number=guest.number),
    )  # fmt: skip


DRAW = N_(
    "The draw number is mixed with the secret of the session to draw your paper. It was fixed before any paper was "
    "drawn, so nobody can choose your questions, and after the exam anybody can draw your paper again."
)


def _to_bring(exam: Exam) -> list[str]:
    found = [N_("This card and an identity document with a photograph")]
    if exam.online:
        found.append(N_("A computer or phone with a full battery and an up-to-date browser, and a quiet place"))
    else:
        found.append(N_("A pen; phones are switched off and put away unless the exam is sat on them"))
    found.append(
        N_("Nothing else: the permitted text lies open in the exam page")
        if exam.books
        else N_("No books, notes, standards or other papers")
    )
    return found


def _rules(exam: Exam, speech: Speech) -> list[str]:
    rules = [speech(N_("The waiting room opens %(minutes)s minutes before the exam: sign in at %(address)s and check "
                       "your device there."), minutes=exam.waiting_minutes, address=exam.address)]  # fmt: skip
    if exam.last_start is not None:
        last = speech.moment(exam.last_start, "HH:mm")
        rules.append(speech(N_("Nobody may begin after %(time)s."), time=last))
    if exam.with_code:
        rules.append(speech(N_("The exam begins with an access code that the invigilator tells.")))
    rules.append(speech(N_("Every answer is saved as you give it; if the network fails, go on answering.")))
    rules.append(speech(N_("Nobody helps and nothing is copied, photographed or passed on. What looks irregular is "
                           "judged by a person, and you are heard.")))  # fmt: skip
    return rules


def candidate_list(exam: Exam, guests: Sequence[Guest], speech: Speech) -> Sheets:
    """Everybody of a session for the office and the invigilators, with a place to sign."""
    head = [N_("Admission number"), N_("Name"), N_("Employer"), N_("Room"), N_("Seat"), N_("Minutes"), N_("Signature")]
    rows = [
        (one.number, one.name, one.employer, one.place.room, one.place.seat, str(one.minutes), "") for one in guests
    ]
    title = speech(N_("List of candidates"))
    sheet = Sheet(
        above=exam.base[speech.language], title=title,
        facts=(*_about(exam, speech), Fact(speech(N_("Candidates")), str(len(guests)))),
        blocks=(_table([speech(one) for one in head], rows),),
    )  # fmt: skip
    return _file(title, [sheet], speech)


def door_list(exam: Exam, guests: Sequence[Guest], speech: Speech) -> Sheets:
    """What hangs on the door of each room: numbers, surnames and seats, nothing more."""
    title, head = speech(N_("Seats in this room")), [N_("Admission number"), N_("Name"), N_("Seat")]
    rooms: dict[str, list[Guest]] = {}
    for one in guests:
        rooms.setdefault(one.place.room, []).append(one)
    sheets = []
    for room in sorted(rooms):
        rows = [
            (one.number, masked(one.name), one.place.seat) for one in sorted(rooms[room], key=lambda one: one.number)
        ]
        sheets.append(
            Sheet(
                above=exam.base[speech.language], title=room or speech(N_("Without a room")),
                facts=_about(exam, speech), blocks=(_table([speech(one) for one in head], rows),),
            )
        )  # fmt: skip
    return _file(title, sheets, speech)


def _about(exam: Exam, speech: Speech) -> tuple[Fact, ...]:
    found = [
        Fact(speech(N_("Exam")), exam.title[speech.language]),
        Fact(speech(N_("Window (Beijing time)")), _window(exam, speech)),
    ]
    return (*found, Fact(speech(N_("Place")), exam.place)) if exam.place else tuple(found)


def _window(exam: Exam, speech: Speech) -> str:
    same_day = speech.moment(exam.opens_at, "yyyy-MM-dd") == speech.moment(exam.closes_at, "yyyy-MM-dd")
    ends = speech.moment(exam.closes_at, "HH:mm" if same_day else "yyyy-MM-dd HH:mm")
    return f"{speech.moment(exam.opens_at, 'yyyy-MM-dd HH:mm')} – {ends}"


def _where(place: Place, speech: Speech) -> str:
    if not place.seat:
        return place.room
    seat = speech(N_("seat %(seat)s"), seat=place.seat)
    return f"{place.room} · {seat}" if place.room else seat


def _file(title: str, sheets: Sequence[Sheet], speech: Speech) -> Sheets:
    words = speech(N_("Page %(page)s of %(pages)s"), page="{page}", pages="{pages}")
    return Sheets(TAGS[speech.language], title, words, tuple(sheets))


def _heading(text: str) -> Heading:
    return Heading(3, _words(text))


def _list(texts: Sequence[str]) -> Items:
    return Items(tuple((Paragraph(_words(one)),) for one in texts), ("•",) * len(texts))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    return Table(tuple(map(_words, head)), tuple(tuple(map(_words, row)) for row in rows))


def _words(text: str) -> Words:
    return (Run(text),)
