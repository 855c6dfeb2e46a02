"""Reading a bank's own file and its specifications: from the values of a file to what the bank is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.banks.items import DIMENSIONS, KINDS, LEVELS, TOPICS, Text
from app.banks.nodes import Node, Reader
from app.banks.specification import BOOKS, EXPOSURE, MULTIPLE_RULES, Cell, PassRule, Section, Specification


@dataclass(frozen=True)
class Bank:
    """A bank 题库: a code, a title, and the edition to whose clauses its items belong."""

    code: str
    title: Text
    edition: str
    confidentiality: Text
    plan: Plan | None = None


@dataclass(frozen=True)
class Plan:
    """What the approved exam items of a bank are to add up to: at least so many of a kind, shares of the rest.

    `kinds` are counts; `topics` are shares of all items, `groups` shares of the items on the standard itself.
    """

    kinds: Mapping[str, int]
    topics: Mapping[str, Fraction]
    groups: Mapping[str, Fraction]


def read_bank(root: Node, code: str, reader: Reader) -> Bank | None:
    """What bank.yaml says, or None if a field is missing. Findings are left in the reader."""
    if not reader.keep_to(root, ("title", "edition", "confidentiality", "editors"), ("plan",)):
        return None
    reader.words(root, "editors")
    return Bank(
        code,
        reader.text(root, "title"),
        reader.word(root, "edition"),
        reader.text(root, "confidentiality"),
        _plan(root.fields["plan"], reader) if "plan" in root.fields else None,
    )


def _plan(part: Node, reader: Reader) -> Plan:
    reader.keep_to(part, ("kinds", "topics", "groups"))
    nothing = Node({}, part.line)
    kinds, topics, groups = (part.fields.get(name, nothing) for name in ("kinds", "topics", "groups"))
    reader.keep_to(kinds, (), KINDS)
    reader.keep_to(topics, (), TOPICS)
    rule = "bank-keeps-its-plan"
    return Plan(
        {kind: reader.whole(kinds, kind) for kind in kinds.fields},
        {topic: reader.fraction(topics, topic, rule) for topic in topics.fields},
        {group: reader.fraction(groups, group, rule) for group in groups.fields},
    )


def read_specification(root: Node, code: str, bank: Bank, reader: Reader) -> Specification | None:
    """The specification of a file, or None if a field is missing. Findings are left in the reader."""
    if not reader.keep_to(
        root, ("code", "title", "minutes", "sections", "margins", "pass"), ("books", "cells", "exposure")
    ):
        return None
    if reader.word(root, "code") != code:
        line = root.fields["code"].line
        reader.fault(line, "id-equals-file-name", "The code differs from the file name.", f"Write “code: {code}”.")
    return Specification(
        code=code,
        bank=bank.code,
        edition=bank.edition,
        title=reader.text(root, "title"),
        minutes=reader.whole(root, "minutes"),
        sections=tuple(_section(part, reader) for part in reader.parts(root, "sections")),
        pass_rule=_pass_rule(root.fields["pass"], reader),
        margins=_margins(root.fields["margins"], reader),
        books=reader.one_of(root, "books", BOOKS, "closed"),
        cells=tuple(_cell(part, reader) for part in reader.parts(root, "cells")) if "cells" in root.fields else (),
        exposure=_exposure(root, reader),
    )


def _section(part: Node, reader: Reader) -> Section:
    reader.keep_to(part, ("kind", "count", "marks"))
    kind = reader.one_of(part, "kind", KINDS)
    return Section(kind, reader.whole(part, "count"), reader.whole(part, "marks"))


def _exposure(root: Node, reader: Reader) -> Fraction:
    found = reader.fraction(root, "exposure", "values-from-the-list") if "exposure" in root.fields else EXPOSURE
    if not found:
        reader.fault(root.fields["exposure"].line, "values-from-the-list", "No item could be used.", "Write 0.5 or so.")
    return found or EXPOSURE


def _cell(part: Node, reader: Reader) -> Cell:
    reader.keep_to(part, ("count",), DIMENSIONS)
    where = {name: reader.word(part, name) for name in DIMENSIONS if name in part.fields}
    if len(where) < 2:
        fault, remedy = "A cell names two dimensions at least.", "Write a margin for one alone."
        reader.fault(part.line, "cells-fit-the-margins", fault, remedy)
    return Cell(where, reader.whole(part, "count") if "count" in part.fields else 0)


def _pass_rule(part: Node, reader: Reader) -> PassRule:
    reader.keep_to(part, ("total", "multiple"), ("section", "must_pass"))
    must = part.fields.get("must_pass")
    return PassRule(
        total=reader.fraction(part, "total", "values-from-the-list"),
        multiple=reader.one_of(part, "multiple", MULTIPLE_RULES),
        section=_hurdle(part, "section", reader) if "section" in part.fields else None,
        must_pass={} if must is None else {kind: _hurdle(must, kind, reader) for kind in must.fields},
    )


def _hurdle(part: Node, name: str, reader: Reader) -> Fraction:
    return reader.fraction(part, name, "values-from-the-list")


def _margins(part: Node, reader: Reader) -> Mapping[str, Mapping[str, int]]:
    reader.keep_to(part, (), tuple(name for name in DIMENSIONS if name != "kind"))
    found: dict[str, dict[str, int]] = {}
    allowed = {"level": LEVELS, "topic": TOPICS}
    for dimension, counts in part.fields.items():
        if dimension not in DIMENSIONS:
            continue
        reader.keep_to(counts, (), allowed.get(dimension, tuple(counts.fields)))
        found[dimension] = {value: reader.whole(counts, value) for value in counts.fields}
    return found
