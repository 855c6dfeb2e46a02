"""The editions of standards 标准版本, the mappings between them and the laws that this site knows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.refusals import N_, NotFound
from app.standards.clauses import Clause, Edition
from app.standards.content import DATA, read_editions, read_laws, read_mappings
from app.standards.laws import Law, Laws, split
from app.standards.mapping import EditionMapping

__all__ = [
    "Clause",
    "Edition",
    "EditionMapping",
    "Law",
    "UnknownEdition",
    "clause",
    "edition",
    "editions",
    "find_edition",
    "find_law",
    "find_mapping",
    "laws",
    "look_in",
]  # fmt: skip

_folders: list[Path] = [DATA / "editions"]


class UnknownEdition(NotFound):
    """No edition has this code."""

    message = N_("The edition %(code)s is not known here.")


@cache
def editions() -> dict[str, Edition]:
    """Every edition by code; read once. Raises content.BrokenEdition."""
    return read_editions(*_folders)


def look_in(folder: Path) -> None:
    """Let the files of this folder take the place of those of the release; read at the next question.

    It is how a base that holds the text of an edition completes its tree, or adds an edition.
    """
    _folders[1:] = [folder]
    editions.cache_clear()


@cache
def laws() -> Laws:
    """Every edition of every law, by (name, edition); read once, the file is part of the release."""
    return read_laws()


def find_law(words: str) -> Law | None:
    """The law of "name edition", such as "专利法 2020", or None."""
    return laws().get(split(words))


@cache
def _mappings() -> tuple[EditionMapping, ...]:
    return read_mappings()


def find_mapping(old: str, new: str) -> EditionMapping | None:
    """The mapping between two editions by code, or None."""
    return next((one for one in _mappings() if (one.old, one.new) == (old, new)), None)


def find_edition(code: str) -> Edition | None:
    """The edition of this code, or None."""
    return editions().get(code)


def edition(code: str) -> Edition:
    """The edition of this code; raises UnknownEdition."""
    found = find_edition(code)
    if found is None:
        raise UnknownEdition(code=code)
    return found


def clause(code: str, no: str) -> Clause:
    """A clause of an edition; raises UnknownEdition or UnknownClause."""
    return edition(code).clause(no)
