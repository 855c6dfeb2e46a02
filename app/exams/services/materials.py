"""Materials 开卷材料 that lie open beside the questions of a session: which, and since when they cannot be changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import func, select

from app import clock
from app.banks.specification import OPEN_BOOK
from app.courses import content
from app.exams.models import ExamSession, SessionMaterial
from app.exams.services.look import specification_of
from app.exams.services.sessions import get_session
from app.ledger.services import record
from app.refusals import N_, Conflict, NotFound
from app.store import db

MOST_MATERIALS = 10


class ClosedBook(Conflict):
    """The specification allows nothing at hand."""

    message = N_("The specification of this exam allows no materials.")
    todo = N_("Choose a specification with “books: clean-standard” for an exam with materials.")


class MaterialsFixed(Conflict):
    """The session has opened: everybody reads the same from beginning to end."""

    message = N_("The exam has opened; its materials can no longer be changed.")
    todo = N_("Say what has to be corrected as an announcement.")


class TooManyMaterials(Conflict):
    """A session holds so many materials and no more."""

    message = N_("A session holds at most %(most)s materials.")
    todo = N_("Join some of them, or remove one.")


def are_open(session: ExamSession) -> bool:
    """Whether the specification allows materials; then the tree of clauses lies open too."""
    return specification_of(session.specification_hash).books == OPEN_BOOK


def list_materials(session: ExamSession) -> Sequence[SessionMaterial]:
    """The materials of a session in their order."""
    return db.session.scalars(
        select(SessionMaterial).where(SessionMaterial.session_id == session.id).order_by(SessionMaterial.no)
    ).all()


def add_material(ref: str, *, no: int, titles: tuple[str, str], bodies: tuple[str, str], by: int) -> SessionMaterial:
    """Lay a document open, Chinese and English, as Markdown; `no` is the number the officer's form was made for.

    Sent twice, it is there once. Raises NotFound, ClosedBook, MaterialsFixed, TooManyMaterials, Conflict if somebody
    else used the number meanwhile.
    """
    session = _changeable(ref)
    fields = {"title_zh": titles[0], "title_en": titles[1], "body_zh": bodies[0], "body_en": bodies[1]}
    found = db.session.scalar(
        select(SessionMaterial).where(SessionMaterial.session_id == session.id, SessionMaterial.no == no)
    )
    if found is not None:
        if all(getattr(found, name) == value for name, value in fields.items()):
            return found
        raise Conflict
    if len(list_materials(session)) >= MOST_MATERIALS:
        raise TooManyMaterials(most=MOST_MATERIALS)
    made = SessionMaterial(
        base_id=session.base_id, session_id=session.id, no=no, by_id=by, at=clock.now(), **fields
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    _record("session.material-added", session, made, by)
    return made


def remove_material(ref: str, no: int, *, by: int) -> None:
    """Take a document away again. Raises NotFound, MaterialsFixed."""
    session = _changeable(ref)
    found = db.session.scalar(
        select(SessionMaterial).where(SessionMaterial.session_id == session.id, SessionMaterial.no == no)
    )
    if found is None:
        raise NotFound
    _record("session.material-removed", session, found, by)
    db.session.delete(found)


def next_number(session: ExamSession) -> int:
    """The number that the next material gets; numbers are not used again while a later one is there."""
    highest = db.session.scalar(
        select(func.max(SessionMaterial.no)).where(SessionMaterial.session_id == session.id)
    )  # fmt: skip
    return (highest or 0) + 1


@lru_cache(maxsize=64)
def html_of(body: str, language: str) -> str:
    """Safe HTML of a material's Markdown, by the same door as lessons."""
    return content.render(body, language=language)


def _changeable(ref: str) -> ExamSession:
    get_session(ref)  # the tenant filter
    session = db.session.scalar(select(ExamSession).where(ExamSession.ref == ref).with_for_update())
    if session is None:
        raise NotFound
    if not are_open(session):
        raise ClosedBook
    if clock.now() >= session.opens_at:
        raise MaterialsFixed
    return session


def _record(kind: str, session: ExamSession, one: SessionMaterial, by: int) -> None:
    text = "\0".join((one.title_zh, one.title_en, one.body_zh, one.body_en))
    facts = {"number": one.no, "digest": hashlib.sha256(text.encode()).hexdigest()}
    record(kind=kind, base_id=session.base_id, actor_id=by, subject=f"session:{session.ref}", facts=facts)
