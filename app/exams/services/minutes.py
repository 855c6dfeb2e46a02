"""The minutes 考场记录 of a session: two people sign the same facts, then the journals of all answers are sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app import clock
from app.exams.models import ExamSession, SessionMinutes
from app.exams.sealing import Difference, Journal, differences, digest, root
from app.exams.services.account import account, begun, chains_of, is_over, name_of
from app.exams.services.watch import watch
from app.ledger.services import find_facts, record
from app.refusals import N_, Conflict, NotFound, Refusal
from app.store import db


class NotOver(Refusal):
    """Somebody still sits, or may still begin."""

    message = N_("The minutes are signed when nobody sits any more and nobody can begin.")
    todo = N_("Wait for the end of the session, then sign.")


class FactsChanged(Conflict):
    """Something has happened since the page was opened."""

    message = N_("Something has been added to the minutes since you opened the page.")
    kept = N_("Your remarks are still in the form; nothing was signed.")
    todo = N_("Read the minutes again and sign then.")


class FirstAgain(Conflict):
    """The facts under the first signature are no longer all the facts."""

    message = N_("Something was added after the first signature, so the minutes have to be signed anew by both.")
    kept = N_("The earlier signature stays in the journal.")
    todo = N_("Read the minutes again; who signs now signs first.")


class SamePerson(Refusal):
    """The second signature is somebody else's."""

    message = N_("You signed first. The second signature has to be another person's.")
    todo = N_("Ask another invigilator or exam officer to sign.")


class Sealed(Conflict):
    """The minutes are sealed; nothing can be changed."""

    message = N_("These minutes are sealed and can no longer be changed.")
    kept = N_("Both signatures and the root stand in the journal.")
    todo = N_("What has to be added is noted as an incident.")


@dataclass(frozen=True)
class View:
    """The minutes as they are: the facts that are shown, what was signed, and whether the session is over.

    `seen` stands for the facts in the form; `stale` says that something was added after the first signature.
    """

    session: ExamSession
    facts: Mapping[str, Any]
    signed: SessionMinutes | None
    over: bool
    seen: str
    stale: bool

    @property
    def sealed(self) -> bool:
        """Whether both have signed."""
        return self.signed is not None and self.signed.second_by is not None

    @property
    def turn(self) -> str:
        """Whose signature is missing: 'first', 'second' or '' when it is sealed."""
        if self.sealed:
            return ""
        return "second" if self.signed is not None and not self.stale else "first"


def get_minutes(session: ExamSession) -> View:
    """The minutes of a session: the sealed ones, or what they would say now."""
    signed = db.session.scalar(select(SessionMinutes).where(SessionMinutes.session_id == session.id))
    if signed is not None and signed.second_by is not None:
        return View(session, signed.facts, signed, True, digest(signed.facts), False)
    places = watch(session)
    facts = account(session, places)
    seen = digest(facts)
    stale = signed is not None and digest(signed.facts) != seen
    return View(session, facts, signed, is_over(session, places), seen, stale)


def sign_minutes(session: ExamSession, *, turn: str, seen: str, remarks: str, by: int) -> SessionMinutes:
    """Sign the minutes, as the first or the second; the password must have been checked. Signing twice changes nothing.

    The first signature freezes the facts and the remarks, the second seals them: the root over the journals and the
    digest of the minutes go to the ledger. Raises Sealed, NotOver, FactsChanged, FirstAgain, SamePerson.
    """
    db.session.execute(select(ExamSession.id).where(ExamSession.id == session.id).with_for_update())
    view = get_minutes(session)
    signed = view.signed
    if view.sealed and signed is not None:
        if signed.second_by == by and turn == "second":
            return signed
        raise Sealed
    if not view.over:
        raise NotOver
    if turn == "second" and view.stale:
        raise FirstAgain
    if view.seen != seen:
        raise FactsChanged
    if turn == "second" and signed is not None:
        return _seal(session, signed, by)
    return _sign_first(session, view, remarks, by)


def _sign_first(session: ExamSession, view: View, remarks: str, by: int) -> SessionMinutes:
    signed = view.signed
    if signed is not None and not view.stale:
        if (signed.first_by, signed.remarks) == (by, remarks):
            return signed
        if signed.first_by != by:
            raise FactsChanged
    name = name_of(by)
    signed = signed or SessionMinutes(base_id=session.base_id, session_id=session.id)
    signed.facts, signed.remarks = dict(view.facts), remarks
    signed.root = root(journals_of(view.facts))
    signed.first_by, signed.first_at, signed.first_name = by, clock.now(), name
    db.session.add(signed)
    db.session.flush()
    facts = {"minutes_digest": digest(signed.facts, remarks), "root": signed.root}
    subject = f"session:{session.ref}"
    record(kind="session.minutes-signed", base_id=session.base_id, actor_id=by, subject=subject, facts=facts)
    return signed


def _seal(session: ExamSession, signed: SessionMinutes, by: int) -> SessionMinutes:
    if signed.first_by == by:
        raise SamePerson
    signed.second_by, signed.second_at, signed.second_name = by, clock.now(), name_of(by)
    signed.digest = whole_digest(signed)
    facts = {"root": signed.root, "minutes_digest": signed.digest, "sittings": len(signed.facts["journals"])}
    subject = f"session:{session.ref}"
    record(kind="session.sealed", base_id=session.base_id, actor_id=by, subject=subject, facts=facts)
    return signed


def whole_digest(signed: SessionMinutes) -> str:
    """The SHA-256 of everything that the two signatures stand for."""
    whole = {
        "facts": signed.facts, "root": signed.root, "first": [signed.first_by, _second(signed.first_at)],
        "second": [signed.second_by, _second(signed.second_at)], "names": [signed.first_name, signed.second_name],
    }  # fmt: skip
    return digest(whole, signed.remarks)


def journals_of(facts: Mapping[str, Any]) -> list[Journal]:
    """The journals that stand in the facts of minutes."""
    return [Journal(row["ref"], row["entries"], row["chain"]) for row in facts["journals"]]


@dataclass(frozen=True)
class Check:
    """What a check of sealed minutes finds: the root of today, and where something is not as it was sealed."""

    root: str
    sittings: int
    differences: Sequence[Difference]
    digest_holds: bool
    in_ledger: bool

    @property
    def holds(self) -> bool:
        """Whether everything is as it was sealed."""
        return self.digest_holds and self.in_ledger and not self.differences


def check_minutes(session: ExamSession) -> Check:
    """Work the root out anew from every line of every journal, and compare. Raises NotFound before both have signed."""
    signed = db.session.scalar(select(SessionMinutes).where(SessionMinutes.session_id == session.id))
    if signed is None or signed.second_by is None:
        raise NotFound
    sealed = journals_of(signed.facts)
    now: dict[str, list[str]] = {}
    broken: dict[str, int] = {}
    for sitting in begun(session):
        now[sitting.ref], line = chains_of(sitting)
        if line:
            broken[sitting.ref] = line
    return Check(
        root=root([_today(one, now) for one in sealed]),
        sittings=len(sealed),
        differences=differences(sealed, now, broken),
        digest_holds=whole_digest(signed) == signed.digest and root(sealed) == signed.root,
        in_ledger=_in_ledger(session, signed),
    )


def _today(journal: Journal, now: Mapping[str, Sequence[str]]) -> Journal:
    """The journal up to the sealed line as it stands today."""
    chains = now.get(journal.ref, [])
    return Journal(journal.ref, journal.entries, chains[journal.entries] if journal.entries < len(chains) else "")


def _in_ledger(session: ExamSession, signed: SessionMinutes) -> bool:
    """Whether the ledger has an entry with this root and this digest."""
    found = find_facts("session.sealed", f"session:{session.ref}")
    return any((facts.get("root"), facts.get("minutes_digest")) == (signed.root, signed.digest) for facts in found)


def _second(at: Any) -> str:
    return str(at.isoformat()) if at else ""
