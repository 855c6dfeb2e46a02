"""The question as it is asked: options in an order of their own, and nothing of the key."""

from __future__ import annotations

import hashlib

from app.banks.items import Item
from app.exams.assembly import FormItem
from app.exams.paper import Given, Question, option_count, questions


def order_of(key: str, item: Item) -> tuple[int, ...]:
    """The order of the options for this key, the same every time: order_of(…)[i] is the place shown i-th."""
    places = range(option_count(item))
    return tuple(sorted(places, key=lambda place: hashlib.sha256(f"{key}|{place}".encode()).digest()))


def asked(item: Item, key: str, language: str, response: object = None) -> Question:
    """The item as a question in 'zh_CN' or 'en', with an answer given before, if any."""
    form = [FormItem(1, item.id, item.hash, item.kind, 1, order_of(key, item))]
    return questions(form, {item.hash: item}, {1: Given(response, 0, 0)}, language)[0]
