"""A mapping 对照 between two editions: where a requirement of the one is found again in the other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Clauses of the earlier edition and the clauses of the later one that take up what they ask."""

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class EditionMapping:
    """All pairs between two editions (by code), and the clauses of the later one that are new."""

    old: str
    new: str
    pairs: tuple[Pair, ...]
    added: tuple[str, ...]

    def forward(self, no: str) -> tuple[str, ...]:
        """Where a clause went: by itself or by the clause above it; empty where nothing is known.

        >>> EditionMapping("a", "b", (Pair(("7",), ("8",)),), ()).forward("7.3.1")
        ('8',)
        """
        wanted: str | None = no
        while wanted:
            found = next((pair.new for pair in self.pairs if wanted in pair.old), ())
            if found:
                return found
            wanted = wanted.rpartition(".")[0]
        return ()
