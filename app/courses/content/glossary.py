"""Reads the terms 术语 that lessons explain, from glossary.yaml beside the courses."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.banks.findings import Finding
from app.banks.nodes import Node, Reader
from app.courses.content.files import COURSES, read_yaml
from app.courses.glossary import Glossary, Term, Wording, check

FILE = "glossary.yaml"


@cache
def glossary() -> Glossary:
    """The terms of this release; a file with findings, which `courses check` tells, explains nothing."""
    found, findings = read_glossary(COURSES)
    return Glossary() if findings else found


def read_glossary(root: Path) -> tuple[Glossary, tuple[Finding, ...]]:
    """All terms of the file, with every finding on it."""
    reader = Reader(FILE)
    node = read_yaml(root / FILE, reader)
    terms: list[tuple[Term, Node]] = []
    if node is not None and reader.keep_to(node, ("terms",)):
        terms = [(_term(part, reader), part) for part in reader.parts(node, "terms")]
    return Glossary(tuple(term for term, _node in terms)), (*reader.findings, *check(terms, FILE))


def _term(part: Node, reader: Reader) -> Term:
    reader.keep_to(part, ("id", "zh_CN", "en"))
    return Term(reader.word(part, "id"), _wording(part, "zh_CN", reader), _wording(part, "en", reader))


def _wording(part: Node, language: str, reader: Reader) -> Wording:
    inner = part.fields.get(language)
    if inner is None or not reader.keep_to(inner, ("words", "says")):
        return Wording(("",), "")
    words = tuple(word for word in reader.words(inner, "words") if word)
    if not words:
        reader.fault(inner.line, "required-fields-present", "“words” names no form.", "Write the name of the term.")
    return Wording(words or ("",), reader.word(inner, "says"))
