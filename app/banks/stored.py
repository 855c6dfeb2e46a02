"""From stored content back to an item: the reverse of `items.content_of`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from app.banks.items import CLASSES, CaseKey, ClauseShare, Document, Gap, Item, Law, Option, Reading, RubricPoint


def item_of(
    content: Mapping[str, Any],
    *,
    pool: str = "exam",
    rating: list[str] | None = None,
    enemies: list[str] | None = None,
    status: str = "draft",
    readings: list[dict[str, str]] | None = None,
) -> Item:
    """The item of a stored version together with what is known of its present use.

    The hash of the answer equals the hash under which the content was stored.
    """
    fields = {name: value for name, value in content.items() if name != "kind"}
    for name, make in _MAKERS.items():
        if fields.get(name) is not None:
            fields[name] = make(fields[name])
    return CLASSES[content["kind"]](
        **fields,
        pool=pool,
        rating=tuple(Fraction(chance) for chance in rating or ()),
        enemies=tuple(enemies or ()),
        status=status,
        readings=tuple(Reading(**reading) for reading in readings or ()),
    )


def _law(stored: Mapping[str, str]) -> Law:
    return Law(**stored)


def _options(stored: list[dict[str, Any]]) -> tuple[Option, ...]:
    return tuple(Option(**option) for option in stored)


def _gaps(stored: list[dict[str, Any]]) -> tuple[Gap, ...]:
    return tuple(Gap({language: tuple(listed) for language, listed in one["accept"].items()}) for one in stored)


def _documents(stored: list[dict[str, Any]]) -> tuple[Document, ...]:
    return tuple(Document(**one) for one in stored)


def _rubric(stored: list[dict[str, Any]]) -> tuple[RubricPoint, ...]:
    return tuple(RubricPoint(Fraction(point["share"]), point["text"]) for point in stored)


def _key(stored: Mapping[str, Any]) -> CaseKey:
    clauses = tuple(ClauseShare(share["no"], Fraction(share["share"])) for share in stored["clauses"])
    return CaseKey(**{**stored, "clauses": clauses})


_MAKERS: dict[str, Callable[[Any], Any]] = {
    "law": _law,
    "options": _options,
    "documents": _documents,
    "gaps": _gaps,
    "rubric": _rubric,
    "key": _key,
    "distractors": tuple,
}
