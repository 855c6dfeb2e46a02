"""What trainees of the demonstration 演示 practised: some questions on some days, and a mock exam by one of them."""

from __future__ import annotations

import random
import secrets
from datetime import datetime, timedelta

from app import clock
from app.office.services.demonstration.answers import answer
from app.practice import services as practice
from app.practice.asking import order_of
from app.practice.choosing import Scope
from app.store import writing

_DAYS = (16, 13, 11, 9, 6, 4, 2)
"""How many days ago there was practice; in between there is time to forget."""


def exercise(person: int, now: datetime, dice: random.Random, *, ability: float, each: int) -> None:
    """Practise `each` questions on each of the days; does nothing where the bank has no practice items."""
    for days in _DAYS:
        with clock.frozen(now - timedelta(days=days)), writing():
            learner = practice.get_learner(person)
            for _turn in range(each):
                if not _answer_one(learner, ability, dice):
                    return


def mock_exam(person: int, now: datetime, dice: random.Random, *, ability: float) -> None:
    """Sit a mock exam of the programme a day ago; does nothing where the practice items do not suffice for one."""
    at = now - timedelta(days=1)
    with clock.frozen(at), writing():
        learner = practice.get_learner(person)
        offers = [offer for offer in practice.list_offers(learner) if offer.problem is None]
        if not offers:
            return
        ref = practice.start(learner, key=secrets.token_hex(16), specification=offers[0].specification.code)
    with clock.frozen(at + timedelta(minutes=50)), writing():
        paper = practice.get_form(learner, ref)
        values = {question.slot: answer(item, question.options, ability, dice) for question, item in paper}
        practice.save(learner, ref, values)
        practice.close(learner, ref)
        result = practice.get_result(learner, ref)
        assert result is not None
        for slot in result.waiting:
            parts = result.answers[slot - 1][1].parts
            practice.mark_own(learner, ref, slot, [part.field.name for part in parts if dice.random() < ability])


def _answer_one(learner: practice.Learner, ability: float, dice: random.Random) -> bool:
    item = practice.next_question(learner, Scope("all")).item
    if item is None:
        return False
    key = f"{dice.getrandbits(128):032x}"
    order = order_of(key, item)
    practice.answer(learner, item, key=key, order=order, response=answer(item, order, ability, dice))
    told = practice.feedback(learner, key).marked
    if told.share is None:
        ticked = [part.field.name for part in told.parts if dice.random() < ability]
        practice.self_mark(learner, key, ticked)
    return True
