"""An edition of a standard 标准版本 and its clauses 条款, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.refusals import N_, NotFound


class UnknownClause(NotFound):
    """The edition has no such clause, or it is not established."""

    message = N_("Clause %(no)s is not in %(edition)s.")


@dataclass(frozen=True)
class Clause:
    """One numbered clause; `no` is text because 7.10 is not 7.1."""

    no: str
    title_zh: str
    title_en: str

    @property
    def level(self) -> int:
        """1 for a chapter, 2 for 6.1, 3 for 6.1.2."""
        return self.no.count(".") + 1

    @property
    def chapter(self) -> str:
        """The number of the chapter: "6" for 6.1.2."""
        return self.no.split(".", 1)[0]

    @property
    def parent(self) -> str | None:
        """The number of the clause above, or None for a chapter."""
        return self.no.rpartition(".")[0] or None

    def title(self, language: str) -> str:
        """The title in Chinese for `zh_CN`, in English for anything else."""
        return self.title_zh if language == "zh_CN" else self.title_en


@dataclass(frozen=True)
class Edition:
    """One edition with its dates; `whole` is False where only a part of the tree is established.

    `replaced_on` is the first day on which it is no longer the text in force.
    """

    code: str
    number: str
    title_zh: str
    title_en: str
    issued: date
    effective: date
    replaced_by: str | None
    replaced_on: date | None
    whole: bool
    clauses: tuple[Clause, ...]
    identical_to: str | None = None

    def title(self, language: str) -> str:
        """The title in Chinese for `zh_CN`, in English for anything else."""
        return self.title_zh if language == "zh_CN" else self.title_en

    def find_clause(self, no: str) -> Clause | None:
        """The clause of this number, or None."""
        return next((one for one in self.clauses if one.no == no), None)

    def clause(self, no: str) -> Clause:
        """The clause of this number; raises UnknownClause."""
        found = self.find_clause(no)
        if found is None:
            raise UnknownClause(no=no, edition=self.number)
        return found

    def tree(self) -> tuple[tuple[Clause, tuple[Clause, ...]], ...]:
        """Each chapter with all its clauses, itself included, in order."""
        return tuple(
            (one, tuple(below for below in self.clauses if below.chapter == one.no)) for one in self.chapters()
        )

    def chapters(self) -> tuple[Clause, ...]:
        """The clauses of the first level, in order."""
        return tuple(one for one in self.clauses if one.level == 1)

    def children(self, no: str) -> tuple[Clause, ...]:
        """The clauses directly under this one, in order."""
        return tuple(one for one in self.clauses if one.parent == no)

    def path(self, no: str) -> tuple[Clause, ...]:
        """The clause with those above it, chapter first; raises UnknownClause."""
        clause = self.clause(no)
        return (*self.path(clause.parent), clause) if clause.parent else (clause,)

    def in_force(self, day: date) -> bool:
        """Whether it is the text in force on that day."""
        return self.effective <= day and not self.replaced_at(day)

    def replaced_at(self, day: date) -> bool:
        """Whether a later edition had taken its place on that day."""
        return self.replaced_on is not None and day >= self.replaced_on
