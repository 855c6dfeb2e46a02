"""A file's values with the lines on which they stand, so that every finding can name its line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from app.banks.findings import Finding
from app.banks.items import LANGUAGES, Text


@dataclass(frozen=True)
class Node:
    """A value of a file: a text, a list of nodes or a mapping of nodes, and its line from 1."""

    value: str | list[Node] | dict[str, Node]
    line: int

    @property
    def fields(self) -> Mapping[str, Node]:
        """The fields of a mapping; a value that is none has no fields."""
        return self.value if isinstance(self.value, dict) else {}


@dataclass
class Reader:
    """Takes values out of the nodes of one file and collects a finding for each that is not as it should be.

    After a finding the reader answers with something harmless, so that one reading names all faults of a file.
    """

    file: str
    findings: list[Finding] = field(default_factory=list)

    def fault(self, line: int, rule: str, fault: str, remedy: str) -> None:
        """Note a broken rule."""
        self.findings.append(Finding(self.file, line, rule, fault, remedy))

    def keep_to(self, node: Node, required: Sequence[str], optional: Sequence[str] = ()) -> bool:
        """Whether the node is a mapping with all required fields; unknown fields are noted."""
        if not isinstance(node.value, dict):
            remedy = f"Give {', '.join(required or optional)}."
            self.fault(node.line, "required-fields-present", "Fields are expected here.", remedy)
            return False
        for name, part in node.value.items():
            if name not in required and name not in optional:
                known = ", ".join([*required, *optional])
                self.fault(part.line, "known-fields-only", f"“{name}” is no field here.", f"Fields here are: {known}.")
        missing = [name for name in required if name not in node.value]
        for name in missing:
            self.fault(node.line, "required-fields-present", f"The field “{name}” is missing.", f"Add “{name}”.")
        return not missing

    def word(self, node: Node, name: str, default: str = "") -> str:
        """The plain text of a field."""
        part = node.fields.get(name)
        if part is None:
            return default
        if isinstance(part.value, str) and part.value.strip():
            return part.value.strip()
        self.fault(part.line, "required-fields-present", f"“{name}” holds no text.", f"Write the text of “{name}”.")
        return default

    def one_of(self, node: Node, name: str, allowed: Sequence[str], default: str = "") -> str:
        """A field that takes one of the listed values."""
        found = self.word(node, name, default)
        part = node.fields.get(name)
        if part is not None and found not in allowed:
            fault = f"“{found}” is no {name}."
            self.fault(part.line, "values-from-the-list", fault, f"Choose one of {', '.join(allowed)}.")
            return allowed[0]
        return found

    def parts(self, node: Node, name: str) -> list[Node]:
        """The entries of a list field; nothing if the field is absent."""
        part = node.fields.get(name)
        if part is None:
            return []
        if isinstance(part.value, list):
            return part.value
        self.fault(part.line, "required-fields-present", f"“{name}” is no list.", f"Write “{name}” as a list.")
        return []

    def words(self, node: Node, name: str) -> tuple[str, ...]:
        """A list of plain texts."""
        return tuple(self._plain(part, name) for part in self.parts(node, name))

    def text(self, node: Node, name: str) -> Text:
        """A text in both languages."""
        part = node.fields.get(name)
        return self.both(part, name) if part is not None else dict.fromkeys(LANGUAGES, "")

    def both(self, part: Node, name: str) -> Text:
        """The text of a node in both languages."""
        found = {}
        for language in LANGUAGES:
            value = part.fields.get(language)
            if value is None or not isinstance(value.value, str) or not value.value.strip():
                fault = f"“{name}” has no text in {language}."
                self.fault(part.line, "both-languages-present", fault, f"Write “{name}” in {language}.")
            found[language] = value.value.strip() if value is not None and isinstance(value.value, str) else ""
        for other in part.fields.keys() - set(LANGUAGES):
            self.fault(part.line, "known-fields-only", f"“{other}” is no language here.", "Use zh_CN and en.")
        return found

    def fraction(self, node: Node, name: str, rule: str) -> Fraction:
        """An exact number such as 0.7 or 2/5, from 0 to 1."""
        part = node.fields.get(name)
        return Fraction(0) if part is None else self.share(part, name, rule)

    def share(self, part: Node, name: str, rule: str) -> Fraction:
        """The exact number of a node, from 0 to 1."""
        try:
            found = Fraction(part.value) if isinstance(part.value, str) and len(part.value) <= 20 else None
        except (ValueError, ZeroDivisionError):
            found = None
        if found is None or not 0 <= found <= 1:
            self.fault(part.line, rule, f"“{name}” is no number from 0 to 1.", "Write it like 0.7 or 2/5.")
            return Fraction(0)
        return found

    def whole(self, node: Node, name: str) -> int:
        """A whole number from 0 to 9999."""
        part = node.fields.get(name)
        if part is None:
            return 0
        if isinstance(part.value, str) and part.value.isascii() and part.value.isdigit() and len(part.value) <= 4:
            return int(part.value)
        fault = f"“{name}” is no whole number."
        self.fault(part.line, "values-from-the-list", fault, "Write a whole number such as 20.")
        return 0

    def _plain(self, part: Node, name: str) -> str:
        if isinstance(part.value, str):
            return part.value.strip()
        self.fault(part.line, "required-fields-present", f"An entry of “{name}” is no text.", "Write a text.")
        return ""


def line_at(root: Node | None, *path: str | int) -> int:
    """The line of the part that a path of fields and places leads to; where it ends before, that of the last part."""
    found, line = root, 1
    for step in (None, *path):
        if isinstance(step, str):
            found = found.fields.get(step) if found else None
        elif step is not None:
            parts = found.value if found and isinstance(found.value, list) else []
            found = parts[step] if step < len(parts) else None
        if found is None:
            return line
        line = found.line
    return line


def line_of(root: Node | None, names: Collection[str], text: str) -> int:
    """The line of the first value “text” below a field of one of these names; of the whole where there is none."""
    return next(_lines_of(root, names, text, False), root.line if root else 1)


def _lines_of(node: Node | None, names: Collection[str], text: str, named: bool) -> Iterator[int]:
    if node is None:
        return
    if isinstance(node.value, dict):
        for name, part in node.value.items():
            yield from _lines_of(part, names, text, name in names)
    elif isinstance(node.value, list):
        for part in node.value:
            yield from _lines_of(part, names, text, named)
    elif named and node.value == text:
        yield node.line


def texts_of(node: Node) -> Iterator[tuple[str, str, int]]:
    """Every text under the node that is given by language: (language, text, line)."""
    if isinstance(node.value, dict):
        for name, part in node.value.items():
            if name in LANGUAGES and isinstance(part.value, str):
                yield name, part.value, part.line
            else:
                yield from texts_of(part)
    elif isinstance(node.value, list):
        for part in node.value:
            yield from texts_of(part)
