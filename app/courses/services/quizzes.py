"""The quiz 小测 of a module: begin a try, hand it in, look at it; a pass is noted with its date."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from app import clock
from app.banks.items import Item
from app.banks.responses import Response, is_answered
from app.banks.services import get_item_versions, practice_items, practice_pool
from app.cohorts import services as cohorts
from app.cohorts.models import Programme
from app.courses import quiz
from app.courses.lessons import Module
from app.courses.models import QuizTry
from app.courses.quiz import Drawn, Quiz
from app.courses.services.place import Place, get_place, hold, place_of
from app.refusals import N_, NotFound, Refusal
from app.store import db


class NoTriesLeft(Refusal):
    """The tries of this day are used."""

    message = N_("The %(tries)s tries of today are used.")
    todo = N_("Go through the explanations of your tries, and try again tomorrow.")


class TooFewItems(Refusal):
    """The practice items are too few for this quiz; then it blocks nothing."""

    message = N_("There are not enough practice questions for this quiz yet.")
    todo = N_("It is not asked for until there are enough.")


@dataclass(frozen=True)
class QuizPage:
    """The quiz of a module with one's tries; `needed` is the share asked for at present."""

    place: Place
    module: Module
    quiz: Quiz
    needed: Fraction
    tries: tuple[QuizTry, ...]
    tries_a_day: int
    used_today: int
    drawable: bool
    asked: bool

    @property
    def least(self) -> int:
        """How many right answers are needed."""
        return quiz.least(self.quiz.count, self.needed)

    @property
    def left_today(self) -> int:
        """Tries left today."""
        return max(0, self.tries_a_day - self.used_today)

    @property
    def open_try(self) -> QuizTry | None:
        """The try that was begun and not handed in."""
        return next((one for one in self.tries if one.handed_in_at is None), None)

    @property
    def passed_at(self) -> datetime | None:
        """When it was first passed."""
        return min((one.handed_in_at for one in self.tries if one.passed and one.handed_in_at), default=None)


@dataclass(frozen=True)
class Question:
    """One question of a try; `right` is None until the try is handed in."""

    no: int
    drawn: Drawn
    item: Item
    response: Response
    right: bool | None


@dataclass(frozen=True)
class TryPage:
    """A try with its questions."""

    page: QuizPage
    row: QuizTry
    questions: tuple[Question, ...]

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions without an answer."""
        return tuple(one for one in self.questions if not is_answered(one.response))

    @property
    def missed(self) -> tuple[Question, ...]:
        """The questions not answered right."""
        return tuple(one for one in self.questions if one.right is False)


def read_quiz(person_id: int, course: str, module: str) -> QuizPage:
    """The page of a module's quiz. Raises NotFound for a module without one."""
    return _page(get_place(person_id, course), module)


def begin_try(person_id: int, course: str, module: str) -> int:
    """Draw a try, or give the one that is open; returns its id. Raises NotFound, NoTriesLeft, TooFewItems."""
    place = get_place(person_id, course)
    hold(place.enrolment.id)
    page = _page(place, module)
    if page.open_try is not None:
        return page.open_try.id
    if not page.left_today:
        raise NoTriesLeft(tries=page.tries_a_day)
    seed, now = secrets.token_hex(16), clock.now()
    seen = Counter(row["id"] for one in page.tries for row in one.form)
    chosen = quiz.choose(stock_of(place, page.quiz), page.quiz.count, seed, seen)
    if chosen is None:
        raise TooFewItems
    form = quiz.lay_out(chosen, seed)
    row = QuizTry(
        base_id=place.enrolment.base_id, enrolment_id=place.enrolment.id, module=module, no=len(page.tries) + 1,
        day=clock.today(), seed=seed, form=[_row(one) for one in form], answers=[None] * len(form), begun_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.id


def read_try(person_id: int, try_id: int) -> TryPage:
    """A try of one's own. Raises NotFound."""
    row, place = _own(person_id, try_id)
    drawn = quiz.form_of(row.form)
    items = get_item_versions(one.version for one in drawn)
    over = row.handed_in_at is not None
    questions = tuple(
        Question(
            no, one, items[one.version], given, quiz.is_right(items[one.version], one.options, given) if over else None
        )
        for no, (one, given) in enumerate(zip(drawn, row.answers, strict=True), 1)
    )
    return TryPage(_page(place, row.module), row, questions)


def keep_answers(person_id: int, try_id: int, given: Mapping[int, object]) -> bool:
    """Keep answers to some questions, by number from 1, and leave the others as they are; whether the try is open.

    A try that was handed in stays as it is. Raises NotFound.
    """
    row, place = _own(person_id, try_id)
    hold(place.enrolment.id)
    db.session.refresh(row)
    if row.handed_in_at is not None:
        return False
    drawn = zip(quiz.form_of(row.form), row.answers, strict=True)
    row.answers = [quiz.cleaned(one, given[no]) if no in given else before for no, (one, before) in enumerate(drawn, 1)]
    db.session.flush()
    return True


def save_answers(person_id: int, try_id: int, given: Mapping[int, object]) -> TryPage:
    """Keep answers by question number from 1; a try that was handed in stays as it is. Raises NotFound."""
    row, place = _own(person_id, try_id)
    hold(place.enrolment.id)
    db.session.refresh(row)
    if row.handed_in_at is None:
        drawn = quiz.form_of(row.form)
        row.answers = [quiz.cleaned(one, given.get(no)) for no, one in enumerate(drawn, 1)]
        db.session.flush()
    return read_try(person_id, try_id)


def hand_in_try(person_id: int, try_id: int) -> TryPage:
    """Mark a try; a second time changes nothing. Raises NotFound."""
    row, place = _own(person_id, try_id)
    hold(place.enrolment.id)
    db.session.refresh(row)
    if row.handed_in_at is None:
        needed = _page(place, row.module).needed
        items = get_item_versions(one["version"] for one in row.form)
        drawn = zip(quiz.form_of(row.form), row.answers, strict=True)
        row.correct = sum(quiz.is_right(items[one.version], one.options, given) for one, given in drawn)
        row.needed, row.passed = str(needed), quiz.is_passed(row.correct, len(row.form), needed)
        row.handed_in_at = clock.now()
        db.session.flush()
    return read_try(person_id, try_id)


def _page(place: Place, code: str) -> QuizPage:
    module = place.get_module(code)
    if module.quiz is None:
        raise NotFound
    rules = cohorts.get_rules(place.cohort.id).rules
    tries = _tries(place.enrolment.id, code)
    today = clock.today()
    return QuizPage(
        place=place, module=module, quiz=module.quiz, needed=module.quiz.needed if rules.quiz is None else rules.quiz,
        tries=tuple(tries), tries_a_day=rules.tries, used_today=sum(one.day == today for one in tries),
        drawable=quiz.can_fill(stock_of(place, module.quiz), module.quiz.count), asked=rules.quiz is not None,
    )  # fmt: skip


def stock_of(place: Place, of: Quiz) -> list[Item]:
    """The items that a quiz may draw for the programme of a place; never one of an exam's pool."""
    return stocks_of(place.programme, [of])[0]


def stocks_of(programme: Programme, quizzes: Sequence[Quiz]) -> list[list[Item]]:
    """The items that each of these quizzes may draw, in their order, with few queries however many they are.

    Items that a module names are those of any bank, because an id belongs to one item in all of them.
    """
    named = practice_items({id for one in quizzes for id in one.items})
    editions = {one.edition or programme.edition for one in quizzes if not one.items}
    pools = {edition: _pool_of(programme, edition) for edition in editions}
    found = []
    for one in quizzes:
        edition = one.edition or programme.edition
        found.append(one.stock(named if one.items else pools[edition], edition))
    return found


def _pool_of(programme: Programme, edition: str) -> list[Item]:
    """The practice items for an edition: of the programme's bank, or of any where the programme is on another edition."""
    return practice_pool(programme.bank if edition == programme.edition else None, edition)


def _tries(enrolment_id: int, module: str) -> Sequence[QuizTry]:
    return db.session.scalars(
        select(QuizTry)
        .where(QuizTry.enrolment_id == enrolment_id, QuizTry.module == module)
        .order_by(QuizTry.no.desc())
    ).all()


def _own(person_id: int, try_id: int) -> tuple[QuizTry, Place]:
    row = db.session.scalar(select(QuizTry).where(QuizTry.id == try_id))
    if row is None:
        raise NotFound
    place = place_of(row.enrolment_id)
    if place.enrolment.person_id != person_id or place.enrolment.state != "active":
        raise NotFound
    return row, place


def _row(one: Drawn) -> dict[str, object]:
    return {"id": one.id, "version": one.version, "kind": one.kind, "options": list(one.options)}
