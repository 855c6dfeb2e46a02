"""The editions of standards 标准版本 that this site knows, asked for by code."""

from __future__ import annotations

from functools import cache

from app.refusals import N_, NotFound
from app.standards.clauses import Clause, Edition
from app.standards.content import read_editions

__all__ = ["Clause", "Edition", "UnknownEdition", "clause", "edition", "editions", "find_edition"]


class UnknownEdition(NotFound):
    """No edition has this code."""

    message = N_("The edition %(code)s is not known here.")


@cache
def editions() -> dict[str, Edition]:
    """Every edition by code; read once, the files are part of the release."""
    return read_editions()


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
