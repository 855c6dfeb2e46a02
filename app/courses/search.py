"""Search 查找 in lessons: an index in memory of Chinese by pairs of characters and of English by words.

Chinese writes no gaps, so a text is found by every two characters that stand side by side; what was asked for must
stand there whole for the full score. English words are found by their beginning: "audit" finds auditor, too.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST_QUERY = 80
MOST_TERMS = 12
MOST_HITS = 30
WEIGHTS = (8.0, 4.0, 1.0)
"""How much a place in a title, in a heading and in a body counts."""

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:[.-][^\W_{_HAN}]+)*")
_IS_HAN = re.compile(rf"[{_HAN}]")
_BEFORE, _AFTER = 24, 96


@dataclass(frozen=True)
class Passage:
    """A section of a lesson in one language; `section` counts from 1, 0 is what stands before the first heading."""

    lesson: str
    language: str
    section: int
    title: str
    heading: str
    body: str


@dataclass(frozen=True)
class Hit:
    """A passage that was found; `excerpt` is its text in pieces, each with whether it is what was asked for."""

    passage: Passage
    score: float
    excerpt: tuple[tuple[str, bool], ...]


@dataclass
class Index:
    """Passages with the places of their tokens: token → passage → weight."""

    passages: Sequence[Passage]
    places: Mapping[str, Mapping[int, float]] = field(init=False)
    tokens: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        places: dict[str, dict[int, float]] = defaultdict(dict)
        for number, passage in enumerate(self.passages):
            for text, weight in zip((passage.title, passage.heading, passage.body), WEIGHTS, strict=True):
                for token, times in Counter(_tokens(fold(text))).items():
                    places[token][number] = places[token].get(number, 0.0) + weight * (1 + math.log(times))
        self.places = dict(places)
        self.tokens = sorted(places)

    def find(self, query: str, language: str) -> list[Hit]:
        """Passages for a query, one for each lesson, the best first; those of the reader's language come first."""
        terms = terms_of(query)
        scores = self._scores(terms)
        best: dict[str, tuple[tuple[bool, float], int]] = {}
        for number, score in scores.items():
            passage = self.passages[number]
            rank = (passage.language == language, score)
            if passage.lesson not in best or rank > best[passage.lesson][0]:
                best[passage.lesson] = rank, number
        ranked = sorted(best.values(), key=lambda pair: (not pair[0][0], -pair[0][1], pair[1]))
        return [Hit(self.passages[at], rank[1], excerpt(self.passages[at].body, terms)) for rank, at in ranked]

    def _scores(self, terms: Sequence[str]) -> dict[int, float]:
        """The score of each passage in which all that was asked for stands, or three quarters of a longer query."""
        totals: dict[int, float] = defaultdict(float)
        found: Counter[int] = Counter()
        tokens = [token for term in terms for token in _asked(term)]
        for token in tokens:
            weights = self._weights(token)
            rare = math.log(1 + len(self.passages) / (1 + len(weights)))
            for number, weight in weights.items():
                totals[number] += weight * rare
                found[number] += 1
        enough = len(tokens) if len(tokens) <= 3 else math.ceil(len(tokens) * 3 / 4)
        return {
            number: total * self._whole(number, terms) for number, total in totals.items() if found[number] >= enough
        }

    def _weights(self, token: str) -> Mapping[int, float]:
        """The passages of a token; a word, or a single character, is found by what begins with it, too."""
        if len(token) > 1 and _IS_HAN.match(token):
            return self.places.get(token, {})
        weights: dict[int, float] = {}
        for at in range(bisect_left(self.tokens, token), len(self.tokens)):
            if not self.tokens[at].startswith(token):
                break
            for number, weight in self.places[self.tokens[at]].items():
                weights[number] = max(weights.get(number, 0.0), weight)
        return weights

    def _whole(self, number: int, terms: Sequence[str]) -> float:
        passage = self.passages[number]
        title, text = fold(passage.title), fold(f"{passage.heading} {passage.body}")
        together = 1.0 if len(terms) > 1 and " ".join(terms) in text else 0.0
        return 1.0 + together + sum(2.0 if term in title else 1.0 if term in text else 0.0 for term in terms)


def fold(text: str) -> str:
    """The text as it is compared: full width and half width, capitals and small letters are alike."""
    return unicodedata.normalize("NFKC", text).casefold()


def terms_of(query: str) -> tuple[str, ...]:
    """What a query asks for: its words and runs of Chinese, folded, each once and no more than a dozen."""
    return tuple(dict.fromkeys(_stem(found) for found in _TOKEN.findall(fold(query[:LONGEST_QUERY]))))[:MOST_TERMS]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _tokens(folded: str) -> Iterator[str]:
    """Pairs of Chinese characters, the last one of a run alone, and words without the s of a plural."""
    for run in _TOKEN.findall(folded):
        if not _IS_HAN.match(run):
            yield _stem(run)
        else:
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            yield run[-1]


def _asked(term: str) -> Iterable[str]:
    """The tokens of a term of a query; the single last character is asked for only where there is no pair."""
    found = list(dict.fromkeys(_tokens(term)))
    return found[:-1] if len(found) > 1 and _IS_HAN.match(term) else found


def excerpt(text: str, terms: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """The text around the first place of what was asked for, in pieces; the beginning of the text where it stands not."""
    words = [term for term in terms if term]
    pairs = [term[at : at + 2] for term in words for at in range(len(term) - 1) if _IS_HAN.match(term)]
    spans = _spans(text, words) or _spans(text, pairs)
    begin = max(0, spans[0][0] - _BEFORE) if spans else 0
    end = min(len(text), begin + _BEFORE + _AFTER)
    while (
        begin > 0
        and not _IS_HAN.match(text[begin])
        and text[begin - 1].isalnum()
        and not _IS_HAN.match(text[begin - 1])
    ):
        begin -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum() and not _IS_HAN.match(text[end]):
        end += 1
    pieces, last = [("…", False)] if begin else [], begin
    for start, stop in spans:
        if start >= last and stop <= end:
            pieces += [(text[last:start], False), (text[start:stop], True)]
            last = stop
    pieces += [(text[last:end], False), ("…" if end < len(text) else "", False)]
    return tuple(piece for piece in pieces if piece[0])


def _spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where words stand in a text, compared folded; a character that folds to several is counted as one place."""
    if not words:
        return []
    folded, places = [], []
    for place, character in enumerate(text):
        for part in fold(character):
            folded.append(part)
            places.append(place)
    rest = {word: "" if _IS_HAN.match(word) else r"\w*" for word in words}
    pattern = re.compile("|".join(re.escape(word) + rest[word] for word in sorted(rest, key=len, reverse=True)))
    return [(places[one.start()], places[one.end() - 1] + 1) for one in pattern.finditer("".join(folded))]
