"""Terms 术语 that a lesson explains on the spot: where they stand in a text, and how the explanation is written there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from app.banks.findings import Finding
from app.banks.items import LANGUAGES
from app.banks.nodes import Node, line_at

PAGE = "/learn/glossary"
"""Where all terms stand, for readers without script; the route is held to it by a test."""


@dataclass(frozen=True)
class Wording:
    """A term in one language: every form in which it stands in a text, and one sentence that explains it."""

    words: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Term:
    """A term of the glossary."""

    id: str
    zh_CN: Wording  # noqa: N815 -- the name of the language
    en: Wording

    def word(self, language: str) -> str:
        """The name of the term."""
        return self.wording(language).words[0]

    def wording(self, language: str) -> Wording:
        """The term in a language."""
        return self.zh_CN if language == "zh_CN" else self.en


@dataclass(frozen=True)
class Glossary:
    """All terms, in the order of the file."""

    terms: tuple[Term, ...] = ()

    def find(self, text: str, language: str) -> Iterator[tuple[int, int, Term]]:
        """Where terms stand in a text, from left to right: begin, end, term; at one place the longest one."""
        pattern, by_word = _pattern(self.terms, language)
        if pattern is not None:
            for found in pattern.finditer(text):
                yield found.start(), found.end(), by_word[found[0].casefold()]


@lru_cache(maxsize=8)
def _pattern(terms: tuple[Term, ...], language: str) -> tuple[re.Pattern[str] | None, Mapping[str, Term]]:
    by_word = {word.casefold(): term for term in terms for word in term.wording(language).words}
    if not by_word:
        return None, {}
    words = "|".join(re.escape(word) for word in sorted(by_word, key=len, reverse=True))
    # Chinese has no gaps between words; in English a term is a word of its own.
    return re.compile(words if language == "zh_CN" else rf"(?<![\w-])(?:{words})(?![\w-])", re.I), by_word


def explained(word: str, term: Term, language: str) -> str:
    """The word as HTML: a link to the page of terms, which the script turns into a button that opens what follows."""
    name = f"term-{escape(term.id)}"
    return (
        f'<span class="term"><a class="term__word" href="{PAGE}#{name}" data-term="{name}-here">{escape(word)}</a>'
        f'<span class="term__says" id="{name}-here" hidden>{escape(term.wording(language).says)}</span></span>'
    )


def check(terms: Sequence[tuple[Term, Node]], file: str) -> Iterator[Finding]:
    """Hold the terms, each with its lines, to their rule."""
    seen: set[str] = set()
    for term, node in terms:
        keys = [(f"id {term.id}", line_at(node, "id"))]
        for language in LANGUAGES:
            words = enumerate(term.wording(language).words)
            keys += [(f"{language} {w.casefold()}", line_at(node, language, "words", place)) for place, w in words]
        for key, line in keys:
            if key in seen:
                yield Finding(file, line, "term-is-one", f"“{key.split(' ', 1)[1]}” stands twice.", "Keep one of them.")
            seen.add(key)
