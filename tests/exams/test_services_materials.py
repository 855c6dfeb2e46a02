"""Materials that lie open in a session: who may change them until when, and what the ledger says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.banks.models import SpecificationRow, SpecificationVersion
from app.banks.specification import content_of
from app.exams import services
from app.exams.models import ExamSession
from app.exams.services import materials
from app.ledger.models import Entry
from app.refusals import Conflict, NotFound
from app.store import db, writing
from tests.exams.pools import SPECIFICATION
from tests.exams.rooms import NOW, Room, person, whole_room

pytestmark = pytest.mark.usefixtures("now")
OPEN = replace(SPECIFICATION, books="clean-standard")
TITLES, BODIES = ("制度", "Rules"), ("# 一\n\n<script>x</script>**评审**", "# One\n\nText")


@pytest.fixture
def room(db_app: Flask) -> Room:
    made = whole_room(opens_at=NOW + timedelta(hours=1))
    open_books(made)
    return made


def open_books(room: Room) -> None:
    with writing():
        row = db.session.scalar(select(SpecificationRow))
        assert row is not None
        db.session.add(
            SpecificationVersion(specification_id=row.id, hash=OPEN.hash, content=content_of(OPEN), made_at=NOW)
        )
        db.session.execute(update(ExamSession).values(specification_hash=OPEN.hash))


def add(room: Room, no: int = 1, bodies: tuple[str, str] = BODIES) -> None:
    with writing():
        by = db.session.scalar(select(ExamSession.id)) and room.people[0]
        materials.add_material(room.session, no=no, titles=TITLES, bodies=bodies, by=by)


def test_a_material_is_added_once_and_goes_to_the_ledger_by_its_digest(room: Room) -> None:
    add(room)
    add(room)
    found = materials.list_materials(services.get_session(room.session))
    assert [(one.no, one.title_en) for one in found] == [(1, "Rules")]
    assert materials.next_number(services.get_session(room.session)) == 2
    kinds = db.session.execute(select(Entry.kind, Entry.facts).where(Entry.kind.like("session.material%"))).all()
    assert [kind for kind, _ in kinds] == ["session.material-added"]
    assert set(kinds[0][1]) == {"number", "digest"} and len(kinds[0][1]["digest"]) == 64


def test_what_somebody_else_added_meanwhile_is_not_overwritten(room: Room) -> None:
    add(room)
    with pytest.raises(Conflict):
        add(room, bodies=("另一", "Other"))


def test_a_material_can_be_removed_before_the_session_opens(room: Room) -> None:
    add(room)
    with writing():
        materials.remove_material(room.session, 1, by=room.people[0])
    assert materials.list_materials(services.get_session(room.session)) == []
    with pytest.raises(NotFound), writing():
        materials.remove_material(room.session, 1, by=room.people[0])


def test_once_the_session_has_opened_everybody_reads_the_same(room: Room) -> None:
    with writing():
        db.session.execute(update(ExamSession).values(opens_at=NOW))
    with pytest.raises(materials.MaterialsFixed):
        add(room)


def test_a_session_holds_so_many_materials_and_no_more(room: Room) -> None:
    for no in range(1, materials.MOST_MATERIALS + 1):
        add(room, no)
    with pytest.raises(materials.TooManyMaterials):
        add(room, materials.MOST_MATERIALS + 1)


def test_closed_books_have_no_materials(db_app: Flask) -> None:
    made = whole_room(opens_at=NOW + timedelta(hours=1))
    assert not materials.are_open(services.get_session(made.session))
    with pytest.raises(materials.ClosedBook):
        add(made)


def test_another_bases_session_is_not_there(room: Room) -> None:
    with pytest.raises(NotFound), writing():
        materials.add_material("f" * 32, no=1, titles=TITLES, bodies=BODIES, by=person("x").id)


def test_markdown_comes_through_the_door_of_lessons() -> None:
    html = materials.html_of(BODIES[0], "zh_CN")
    assert "<strong>评审</strong>" in html and "<script>" not in html
