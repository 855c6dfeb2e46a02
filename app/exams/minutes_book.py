"""The minutes 考场记录 on paper: the same facts as on the page, as a printed book that can be read aloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.documents.blocks import Block, Book, Heading, Paragraph, Part, Run, Table, Words
from app.exams.naming import ENDED, REFUSED, change_of
from app.refusals import N_

TAGS = {"zh_CN": "zh-CN", "en": "en"}

COUNTS = (
    ("expected", N_("Expected")),
    ("present", N_("Present")),
    ("absent", N_("Absent")),
    ("late", N_("Came late")),
    ("forced", N_("Handed in by the staff")),
    ("by_time", N_("Handed in when time was up")),
    ("takeovers", N_("Changes of window")),
)


@dataclass(frozen=True)
class Speech:
    """How the minutes speak: sentences, moments and the words of kinds in one language.

    `time` says a moment with its day, `hour` without it where that is the day of the session.
    """

    language: str
    say: Callable[[str], str]
    time: Callable[[datetime], str]
    hour: Callable[[datetime], str]
    kinds: Mapping[str, str]
    decisions: Mapping[str, str]

    def __call__(self, message: str, **parameters: object) -> str:
        """The sentence of a message id with its places filled."""
        return self.plain(self.say(message) % parameters)

    def plain(self, text: str) -> str:
        """English with straight quotation marks: the curly ones of a Chinese typeface are as wide as a character."""
        return text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}) if self.language == "en" else text

    def at(self, moment: str | None) -> str:
        """A stored moment in Beijing time."""
        return self.time(datetime.fromisoformat(moment)) if moment else "—"

    def when(self, moment: str | None) -> str:
        """A stored moment of the session, in Beijing time."""
        return self.hour(datetime.fromisoformat(moment)) if moment else "—"


@dataclass(frozen=True)
class Signature:
    """Who signed, and when."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Minutes:
    """Everything that the printed minutes show."""

    facts: Mapping[str, Any]
    remarks: str
    root: str
    digest: str
    signatures: Sequence[Signature]


def compose(minutes: Minutes, speech: Speech) -> Book:
    """The book of a session's minutes."""
    facts = minutes.facts
    session = facts["session"]
    front = [
        speech(N_("Window: %(opens)s to %(closes)s, Beijing time"), opens=speech.at(session["opens_at"]),
               closes=speech.at(session["closes_at"])),
        speech(N_("Place: %(place)s"), place=session["place"] or speech(N_("online"))),
        *_signatures(minutes, speech),
    ]  # fmt: skip
    return Book(
        language=TAGS[speech.language],
        above=speech(N_("Minutes of the exam session")),
        title=speech.plain(session["title"][speech.language]),
        front=tuple(front),
        notice=_notice(minutes, speech),
        contents=speech(N_("Contents")),
        page_words=speech(N_("Page %(page)s of %(pages)s"), page="{page}", pages="{pages}"),
        parts=(
            Part("", speech(N_("Candidates")), tuple(_candidates(facts, speech))),
            Part("", speech(N_("What happened")), tuple(_events(minutes, speech))),
            Part("", speech(N_("Papers and journals")), tuple(_journals(minutes, speech))),
        ),
    )


def _signatures(minutes: Minutes, speech: Speech) -> list[str]:
    words = (N_("First signature: %(name)s, %(time)s"), N_("Second signature: %(name)s, %(time)s"))
    return [
        speech(message, name=one.name, time=speech.time(one.at))
        for message, one in zip(words, minutes.signatures, strict=False)
    ]


def _notice(minutes: Minutes, speech: Speech) -> str:
    if len(minutes.signatures) < 2:
        return speech(N_("Not sealed: a signature is missing."))
    told = N_("Sealed. Root of the answer journals: %(root)s. Digest of these minutes: %(digest)s.")
    return speech(told, root=minutes.root, digest=minutes.digest)


def _candidates(facts: Mapping[str, Any], speech: Speech) -> list[Block]:
    counts = [[speech(label), str(facts["counts"][name])] for name, label in COUNTS]
    seated = any(any(one["place"]) for one in facts["people"])
    head = [
        N_("Admission number"), N_("Name"), N_("Seat"), N_("State"), N_("Began at"), N_("Hand-in"), N_("Answered"),
        N_("Notes"),
    ]  # fmt: skip
    rows = [_candidate(one, speech) for one in facts["people"]]
    if not seated:
        head.pop(2)
        for row in rows:
            row.pop(2)
    return [
        _table([speech(N_("What")), speech(N_("How many"))], counts),
        _heading(speech(N_("Everybody"))),
        _table([speech(one) for one in head], rows),
    ]


def _candidate(one: Mapping[str, Any], speech: Speech) -> list[str]:
    present = one["state"] == "present"
    return [
        one["number"], one["name"], " · ".join(part for part in one["place"] if part) or "—",
        speech(N_("Present")) if present else speech(N_("Absent")), speech.when(one["began_at"]), _ended(one, speech),
        f"{one['answered']} / {one['questions']}" if present else "—", speech(N_(", ")).join(_notes(one, speech)) or "—",
    ]  # fmt: skip


def _ended(one: Mapping[str, Any], speech: Speech) -> str:
    """When and how a sitting was handed in; minutes that were sealed before do not have the moment."""
    how = speech(ENDED[one["closed_by"]]) if one["closed_by"] in ENDED else ""
    at = speech.when(one["closed_at"]) if one.get("closed_at") else ""
    return " ".join(part for part in (at, how) if part) or "—"


def _notes(one: Mapping[str, Any], speech: Speech) -> list[str]:
    said = [
        (one["late"], N_("came late")),
        (one["medium"] == "paper", N_("on paper")),
        (one["extra_minutes"], N_("%(minutes)s extra minutes")),
        (one["outage_seconds"], N_("%(seconds)s s given back for downtime")),
        (one["takeovers"], N_("changes of window: %(takeovers)s")),
        (one["left"], N_("left the page: %(times)s")),
        (one["late_answers"], N_("late answers: %(count)s")),
    ]
    numbers = {
        "minutes": one["extra_minutes"], "seconds": one["outage_seconds"], "takeovers": one["takeovers"],
        "times": one["left"], "count": one["late_answers"],
    }  # fmt: skip
    return [speech(message, **numbers) for holds, message in said if holds]


def _events(minutes: Minutes, speech: Speech) -> list[Block]:
    facts = minutes.facts
    blocks: list[Block] = []
    changes = [[speech.when(one["at"]), one["number"], _change(one, speech), one["reason"], one["by"]]
               for one in facts["changes"]]  # fmt: skip
    said = [[speech.when(one["at"]), one["room"] or speech(N_("To all rooms")), one["body"], one["by"]]
            for one in facts["announcements"]]  # fmt: skip
    outages = [[speech.when(one["from"]), speech.when(one["to"]), str(one["people"])] for one in facts["outages"]]
    heads = {
        "changes": [N_("Time"), N_("Candidate"), N_("Act"), N_("Reason"), N_("By")],
        "said": [N_("Time"), N_("To whom"), N_("Announcement"), N_("By")],
        "outages": [N_("From"), N_("To"), N_("Candidates")],
    }
    for title, head, rows in (
        (N_("Extra time and other acts"), heads["changes"], changes),
        (N_("Announcements"), heads["said"], said),
        (N_("Downtime of the service, given back"), heads["outages"], outages),
    ):
        blocks.append(_heading(speech(title)))
        blocks.append(_table([speech(one) for one in head], rows) if rows else _said(speech(N_("None."))))
    blocks.append(_heading(speech(N_("Incidents"))))
    for one in facts["incidents"]:
        blocks += _incident(one, speech)
    if not facts["incidents"]:
        blocks.append(_said(speech(N_("None."))))
    blocks += [_heading(speech(N_("Remarks"))), _said(minutes.remarks or speech(N_("None.")))]
    return blocks


def _change(one: Mapping[str, Any], speech: Speech) -> str:
    return speech(change_of(one["kind"], one["minutes"]), minutes=one["minutes"])


def _incident(one: Mapping[str, Any], speech: Speech) -> list[Block]:
    kind = speech.kinds.get(one["kind"], one["kind"])
    who = one["number"] or speech(N_("The whole session"))
    blocks: list[Block] = [Paragraph((Run(f"{speech.when(one['at'])} · {who} · {kind}", bold=True),), "strong")]
    if one["body"]:
        blocks.append(_said(one["body"]))
    elif one["left"]:
        times = {"times": one["left"], "seconds": round(one["left_ms"] / 1000)}
        blocks.append(_said(speech(N_("The exam page was left %(times)s times, %(seconds)s s in all."), **times)))
    reply = one["reply"] or speech(N_("none"))
    blocks.append(_said(speech(N_("Answer of the candidate: %(words)s"), words=reply)))
    if one["decision"]:
        told = {"decision": speech.decisions[one["decision"]], "name": one["decided_by"], "why": one["why"] or ""}
        blocks.append(_said(speech(N_("Decision: %(decision)s (%(name)s). %(why)s"), **told)))
    else:
        blocks.append(_said(speech(N_("Not decided when the minutes were signed."))))
    return blocks


def _journals(minutes: Minutes, speech: Speech) -> list[Block]:
    facts = minutes.facts
    refused = speech(N_(", ")).join(
        f"{speech(REFUSED[reason]) if reason in REFUSED else reason} {count}"
        for reason, count in sorted(facts["answers"]["refused"].items())
    )
    papers = facts["papers"]
    rows = [
        [speech(N_("Papers drawn")), str(papers["drawn"])],
        [speech(N_("Papers outside the tolerance of difficulty")), str(papers["outside_tolerance"])],
        [speech(N_("Papers that may repeat items")), str(papers["repeats"])],
        [speech(N_("Answers that came too late")), str(facts["answers"]["late"])],
        [speech(N_("Answers that were refused")), refused or "0"],
        [speech(N_("Reports of questions")), str(facts["reports"])],
    ]
    journals = [[one["ref"][:12], str(one["entries"]), one["chain"][:32]] for one in facts["journals"]]
    how = N_(
        "Each line names the journal of one sitting: how many answers it holds and the first half of its last chain "
        "value. The root is the Merkle root (RFC 6962) over the full values, in the order of the references."
    )
    head = [speech(N_("Sitting")), speech(N_("Lines")), speech(N_("Last chain value"))]
    return [
        _table([speech(N_("What")), speech(N_("How many"))], rows), _heading(speech(N_("Journals of the answers"))),
        _said(speech(how)), *([_table(head, journals)] if journals else []),
    ]  # fmt: skip


def _heading(text: str) -> Heading:
    return Heading(3, _words(text), text)


def _said(text: str) -> Paragraph:
    return Paragraph(_words(text))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    return Table(tuple(map(_words, head)), tuple(tuple(map(_words, row)) for row in rows))


def _words(text: str) -> Words:
    return (Run(text),)
