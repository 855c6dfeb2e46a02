"""The door to the bank's files: reads YAML within limits and hands on values with their lines.

Every value is read as text (clause 7.10 stays "7.10"); what it means is decided in `reading` and `paper`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from app.banks.findings import Finding
from app.banks.items import Item
from app.banks.nodes import Node, Reader, line_at
from app.banks.paper import Bank, read_bank, read_specification
from app.banks.reading import read_item
from app.banks.specification import Specification

BANKS = Path(__file__).resolve().parents[2] / "question_banks"
LARGEST_FILE = 64 * 1024
DEEPEST = 12


class Unreadable(Exception):
    """A file that is no YAML that we take; `line` from 1, also where it is the file as a whole."""

    def __init__(self, fault: str, line: int = 1) -> None:
        super().__init__(fault)
        self.line = line


@dataclass(frozen=True)
class ItemFile:
    """An item with the file it was read from."""

    file: str
    item: Item
    root: Node

    def line(self, *path: str | int) -> int:
        """The line of a field or a part of one, for a finding."""
        return line_at(self.root, *path)


@dataclass(frozen=True)
class SpecificationFile:
    """A specification with the file it was read from."""

    file: str
    specification: Specification
    root: Node

    def line(self, *path: str | int) -> int:
        """The line of a field or a part of one, for a finding."""
        return line_at(self.root, *path)


@dataclass(frozen=True)
class BankFolder:
    """All that one folder of files says; `digest` names the bytes of the files, so that nothing is loaded twice."""

    bank: Bank
    items: tuple[ItemFile, ...]
    specifications: tuple[SpecificationFile, ...]
    findings: tuple[Finding, ...]
    digest: str
    root: Node | None = None

    def line(self, *path: str | int) -> int:
        """The line of a field of bank.yaml or a part of one, for a finding."""
        return line_at(self.root, *path)


def find_banks(root: Path = BANKS) -> list[Path]:
    """The folders of banks under the root: those with a bank.yaml. A folder that is a bank itself is the one."""
    if (root / "bank.yaml").is_file():
        return [root]
    return sorted(path.parent for path in root.glob("*/bank.yaml"))


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and bytes of the bank's files, in hex."""
    found = hashlib.sha256()
    for path in _files(folder):
        data = path.read_bytes()
        found.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        found.update(data)
    return found.hexdigest()


def read_folder(folder: Path) -> BankFolder:
    """Read a bank's folder as a whole and collect every finding on the way; raises nothing for broken files."""
    findings: list[Finding] = []
    bank, about = _read_bank(folder, findings)
    items: list[ItemFile] = []
    specifications: list[SpecificationFile] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        reader = Reader(name)
        root = None if name == "bank.yaml" else _load(path, reader)
        if root is not None and path.parent.name == "papers":
            specification = read_specification(root, path.stem, bank, reader)
            if specification is not None:
                specifications.append(SpecificationFile(name, specification, root))
        elif root is not None:
            item = read_item(root, bank.edition, reader)
            if item is not None:
                items.append(ItemFile(name, item, root))
        findings.extend(reader.findings)
    return BankFolder(bank, tuple(items), tuple(specifications), tuple(findings), digest_of(folder), about)


def items_under(root: Path = BANKS) -> dict[str, Item]:
    """The items of all banks under the root, by id."""
    return {entry.item.id: entry.item for folder in find_banks(root) for entry in read_folder(folder).items}


def _read_bank(folder: Path, findings: list[Finding]) -> tuple[Bank, Node | None]:
    reader = Reader("bank.yaml")
    root = _load(folder / "bank.yaml", reader)
    bank = None if root is None else read_bank(root, folder.name, reader)
    findings.extend(reader.findings)
    nothing: Mapping[str, str] = {"zh_CN": "", "en": ""}
    return bank or Bank(folder.name, nothing, "", nothing), root


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.glob("**/*.yaml") if path.is_file())


def _load(path: Path, reader: Reader) -> Node | None:
    try:
        return parse(path.read_bytes())
    except OSError as error:
        reason = Unreadable(f"The file cannot be opened ({error.strerror}).")
    except Unreadable as error:
        reason = error
    reader.fault(reason.line, "file-can-be-read", str(reason), "Correct the file and check again.")
    return None


def parse(data: bytes) -> Node:
    """The values of a YAML file, each with its line. Raises Unreadable."""
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"The file is larger than {LARGEST_FILE // 1024} kB.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("The file is not UTF-8 text.", data[: error.start].count(b"\n") + 1) from None
    try:
        root = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(f"The YAML is broken: {error.problem}.", mark.line + 1 if mark else 1) from None
    except yaml.reader.ReaderError as error:
        raise Unreadable("The YAML is broken: a character that has no place here.", _line(text, error)) from None
    except yaml.YAMLError as error:
        raise Unreadable(f"The YAML is broken: {error}.") from None
    if not isinstance(root, yaml.MappingNode):
        raise Unreadable("The file does not hold fields.", 1)
    return _node(root, DEEPEST, set())


def _line(text: str, error: yaml.reader.ReaderError) -> int:
    return text[: int(error.position)].count("\n") + 1


def _node(found: yaml.Node, depth: int, seen: set[int]) -> Node:
    line = found.start_mark.line + 1
    if depth == 0:
        raise Unreadable("The file is nested too deeply.", line)
    if id(found) in seen:  # a few lines of references to references could stand for gigabytes
        raise Unreadable("The file refers to another part of itself with “*”.", line)
    seen.add(id(found))
    if isinstance(found, yaml.ScalarNode):
        return Node(str(found.value), line)
    if isinstance(found, yaml.SequenceNode):
        return Node([_node(part, depth - 1, seen) for part in found.value], line)
    return Node(_mapping(found, depth, seen), line)


def _mapping(found: yaml.Node, depth: int, seen: set[int]) -> dict[str, Node]:
    fields: dict[str, Node] = {}
    for key, value in found.value:
        line = key.start_mark.line + 1
        name = str(key.value)
        if name in fields:
            raise Unreadable(f"The field “{name}” stands twice.", line)
        part = _node(value, depth - 1, seen)
        fields[name] = Node(part.value, line)
    return fields
