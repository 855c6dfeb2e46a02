"""Who practises what: an enrolment with its edition and bank, and the items with what the person did with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from app import clock
from app.banks import services as banks
from app.banks.items import MARKED_BY_PEOPLE, Item, Text
from app.cohorts.models import Cohort, Enrolment, Programme
from app.practice.choosing import Candidate
from app.practice.models import PracticeCard
from app.practice.recall import local_day
from app.refusals import NotFound
from app.standards.clauses import Edition
from app.standards.editions import edition
from app.store import db


@dataclass(frozen=True)
class Learner:
    """An enrolment that practises; `others` are the person's further enrolments (id, class)."""

    enrolment_id: int
    base_id: int
    person_id: int
    cohort: Text
    programme: Text
    bank: str
    specification: str
    edition: Edition
    others: Sequence[tuple[int, Text]] = ()


@dataclass(frozen=True)
class Pool:
    """The practice items for a learner's edition, by id, with what the person did with them."""

    edition: str
    items: Mapping[str, Item]
    cards: Mapping[str, PracticeCard]

    @property
    def candidates(self) -> list[Candidate]:
        """The items as the choice of the next one sees them."""
        return [_candidate(self.edition, item, self.cards.get(item.id)) for item in self.items.values()]


def find_learner(person_id: int, enrolment_id: int | None = None) -> Learner | None:
    """The learner of an enrolment of the person, or of the class that began last; None without an enrolment.

    Raises NotFound for an enrolment that is not the person's.
    """
    rows = db.session.execute(
        select(Enrolment, Cohort, Programme)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Enrolment.person_id == person_id, Enrolment.state == "active")
        .order_by(Cohort.starts_on.desc(), Enrolment.id.desc())
    ).all()
    wanted = [row for row in rows if enrolment_id in {None, row.Enrolment.id}]
    if not wanted:
        if enrolment_id is not None:
            raise NotFound
        return None
    enrolment, cohort, programme = wanted[0]
    return Learner(
        enrolment_id=enrolment.id,
        base_id=enrolment.base_id,
        person_id=person_id,
        cohort=_title(cohort),
        programme=_title(programme),
        bank=programme.bank,
        specification=programme.specification,
        edition=edition(programme.edition),
        others=[(row.Enrolment.id, _title(row.Cohort)) for row in rows if row.Enrolment.id != enrolment.id],
    )


def get_learner(person_id: int, enrolment_id: int | None = None) -> Learner:
    """The same. Raises NotFound also without any enrolment."""
    found = find_learner(person_id, enrolment_id)
    if found is None:
        raise NotFound
    return found


def pool_of(learner: Learner) -> Pool:
    """The learner's practice items and cards, in two queries."""
    items = {item.id: item for item in items_of(learner)}
    cards = db.session.scalars(select(PracticeCard).where(PracticeCard.enrolment_id == learner.enrolment_id))
    return Pool(learner.edition.code, items, {card.item: card for card in cards})


def items_of(learner: Learner) -> list[Item]:
    """The practice items of the learner's bank; one that rests on a law is only asked while the law is in force."""
    today = local_day(clock.now()).isoformat()
    pool = banks.practice_pool(learner.bank, learner.edition.code)
    return [item for item in pool if (item.valid_from or today) <= today <= (item.valid_to or today)]


def clause_for(item: Item, edition: str) -> str:
    """The item's clause in an edition; the one it was written for where a former version knows no other."""
    return item.clauses.get(edition, item.clause)


def hold(learner: Learner) -> None:
    """Two requests of a learner at once must not make two rows: on PostgreSQL the second waits here."""
    db.session.execute(select(Enrolment.id).where(Enrolment.id == learner.enrolment_id).with_for_update())


def _candidate(edition: str, item: Item, card: PracticeCard | None) -> Candidate:
    found = Candidate(item.id, clause_for(item, edition), item.topic, own_words=item.kind in MARKED_BY_PEOPLE)
    if card is None:
        return found
    return replace(found, due_on=card.due_on, right=card.right, answered_on=local_day(card.reviewed_at))


def _title(row: Cohort | Programme) -> Text:
    return {"zh_CN": row.title_zh, "en": row.title_en}
