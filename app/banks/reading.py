"""Reading an item file: from the values of a file to an item, with a finding for everything that is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.banks.items import (
    ANSWERS,
    CLASSES,
    GRADES,
    KINDS,
    LANGUAGES,
    LEVELS,
    POOLS,
    STATUSES,
    TOPICS,
    Blank,
    Case,
    CaseKey,
    ClauseShare,
    Document,
    Gap,
    Item,
    Judge,
    Law,
    Multiple,
    Option,
    Reading,
    RubricPoint,
    Short,
    Single,
)
from app.banks.nodes import Node, Reader

_COMMON = ("id", "kind", "clause", "topic", "level", "pool", "rating", "enemies", "status")
_TEXTS = ("readings", "stem", "source")
_OPTIONAL = ("why", "law", "also", "documents", "valid_from", "valid_to")
_OWN: dict[str, tuple[str, ...]] = {
    "single": ("options", "why"),
    "multiple": ("options", "why"),
    "judge": ("answer", "why"),
    "blank": ("blanks", "why"),
    "short": ("model", "rubric"),
    "case": ("scene", "key"),
}
_OWN_OPTIONAL: dict[str, tuple[str, ...]] = {"case": ("distractors",)}


def read_item(root: Node, edition: str, reader: Reader) -> Item | None:
    """The item of a file, or None if fields that it needs are missing. Findings are left in the reader."""
    kind = reader.one_of(root, "kind", KINDS)
    own = _OWN.get(kind, ())
    if not reader.keep_to(root, (*_COMMON, *_TEXTS, *own), (*_OPTIONAL, *_OWN_OPTIONAL.get(kind, ()))):
        return None
    common = _common(root, edition, reader)
    if kind in ("single", "multiple"):
        cls = Single if kind == "single" else Multiple
        return cls(**common, options=tuple(_option(part, reader) for part in reader.parts(root, "options")))
    if kind == "judge":
        return Judge(**common, answer=reader.one_of(root, "answer", ANSWERS))
    if kind == "blank":
        return Blank(**common, gaps=tuple(_gap(part, reader) for part in reader.parts(root, "blanks")))
    if kind == "short":
        rubric = tuple(_point(part, reader) for part in reader.parts(root, "rubric"))
        return Short(**common, model=reader.text(root, "model"), rubric=rubric)
    assert CLASSES[kind] is Case
    return Case(
        **common,
        scene=reader.text(root, "scene"),
        key=_case_key(root.fields["key"], reader),
        distractors=reader.words(root, "distractors"),
    )


def _common(root: Node, edition: str, reader: Reader) -> dict[str, Any]:
    return {
        "id": reader.word(root, "id"),
        "edition": edition,
        "clause": reader.word(root, "clause"),
        "topic": reader.one_of(root, "topic", TOPICS),
        "level": reader.one_of(root, "level", LEVELS),
        "stem": reader.text(root, "stem"),
        "why": reader.text(root, "why") if "why" in root.fields else None,
        "source": reader.word(root, "source"),
        "also": _also(root.fields["also"], reader) if "also" in root.fields else None,
        "law": _law(root.fields["law"], reader) if "law" in root.fields else None,
        "documents": _documents(root, reader),
        "valid_from": _date(root, "valid_from", reader),
        "valid_to": _date(root, "valid_to", reader),
        "pool": reader.one_of(root, "pool", POOLS),
        "rating": tuple(reader.share(part, "rating", "rating-in-range") for part in reader.parts(root, "rating")),
        "enemies": reader.words(root, "enemies"),
        "status": reader.one_of(root, "status", STATUSES),
        "readings": tuple(_reading(part, reader) for part in reader.parts(root, "readings")),
    }


def _option(part: Node, reader: Reader) -> Option:
    right = "right" in part.fields
    reader.keep_to(part, ("right",) if right else ("wrong",), ("because",))
    because = reader.text(part, "because") if "because" in part.fields else None
    if not right and because is None:
        rule = "wrong-options-are-explained"
        reader.fault(part.line, rule, "A wrong option has no “because”.", "Say in one sentence why it is wrong.")
    return Option(reader.text(part, "right" if right else "wrong"), right, because)


def _gap(part: Node, reader: Reader) -> Gap:
    reader.keep_to(part, ("accept",))
    accept = part.fields.get("accept")
    found: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        found[language] = reader.words(accept, language) if accept is not None else ()
        if not any(found[language]):
            fault = f"A blank accepts nothing in {language}."
            remedy = f"List what is right under “accept: {{{language}: […]}}”."
            reader.fault(part.line, "both-languages-present", fault, remedy)
    return Gap(found)


def _also(part: Node, reader: Reader) -> dict[str, str] | None:
    return {edition: reader.word(part, edition) for edition in part.fields} or None


def _point(part: Node, reader: Reader) -> RubricPoint:
    reader.keep_to(part, ("share", "for"))
    return RubricPoint(reader.fraction(part, "share", "shares-add-up"), reader.text(part, "for"))


def _case_key(key: Node, reader: Reader) -> CaseKey:
    reader.keep_to(key, ("clauses", "grade", "facts", "requirement", "reason"))
    return CaseKey(
        clauses=tuple(_clause_share(part, reader) for part in reader.parts(key, "clauses")),
        grade=reader.one_of(key, "grade", GRADES),
        facts=reader.text(key, "facts"),
        requirement=reader.text(key, "requirement"),
        reason=reader.text(key, "reason"),
    )


def _clause_share(part: Node, reader: Reader) -> ClauseShare:
    reader.keep_to(part, ("no", "share"))
    return ClauseShare(reader.word(part, "no"), reader.fraction(part, "share", "shares-add-up"))


def _law(part: Node, reader: Reader) -> Law:
    reader.keep_to(part, ("name", "edition"))
    return Law(reader.word(part, "name"), reader.word(part, "edition"))


def _documents(root: Node, reader: Reader) -> tuple[Document, ...] | None:
    parts = reader.parts(root, "documents")
    for part in parts:
        reader.keep_to(part, ("title", "text"))
    return tuple(Document(reader.text(part, "title"), reader.text(part, "text")) for part in parts) or None


def _reading(part: Node, reader: Reader) -> Reading:
    reader.keep_to(part, ("by", "on", "changed"))
    return Reading(reader.word(part, "by"), _date(part, "on", reader) or "", reader.word(part, "changed"))


def _date(node: Node, name: str, reader: Reader) -> str | None:
    if name not in node.fields:
        return None
    found = reader.word(node, name)
    try:
        return date.fromisoformat(found).isoformat()
    except ValueError:
        line = node.fields[name].line
        reader.fault(line, "dates-are-dates", f"“{found}” is no date.", f"Write “{name}” like 2026-11-23.")
        return None
