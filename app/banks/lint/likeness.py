"""Near-duplicates 近似题: items that ask nearly the same, found by the pieces of text that they share.

The likeness of two texts is the Jaccard index of their sets of character n-grams (Broder 1997): 1 for the same
text, near 0 for texts on different matters. Pieces that a large part of the bank shares ("which of the
following …") say nothing and are left out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

_NOT_WORDS = re.compile(r"[\W_]+")
GRAM = {"zh_CN": 3, "en": 7}
TOO_COMMON = 0.2


def grams(text: str, length: int) -> frozenset[str]:
    """The set of character n-grams of the text, punctuation and spaces aside."""
    bare = _NOT_WORDS.sub("", text.casefold())
    return frozenset(bare[i : i + length] for i in range(max(1, len(bare) - length + 1))) if bare else frozenset()


def alike(texts: Mapping[str, str], language: str, least: float) -> Iterator[tuple[str, str, float]]:
    """The pairs of names whose texts have at least this likeness, as (name, other name, likeness)."""
    pieces = {name: grams(text, GRAM[language]) for name, text in texts.items()}
    holders: dict[str, list[str]] = defaultdict(list)
    for name in sorted(pieces):
        for piece in pieces[name]:
            holders[piece].append(name)
    limit = max(10, int(TOO_COMMON * len(texts)))
    telling = {piece: names for piece, names in holders.items() if len(names) <= limit}
    sizes = Counter(name for names in telling.values() for name in names)
    shared: Counter[tuple[str, str]] = Counter()
    for names in telling.values():
        for place, name in enumerate(names):
            for other in names[place + 1 :]:
                shared[name, other] += 1
    for (name, other), common in sorted(shared.items()):
        likeness = common / (sizes[name] + sizes[other] - common)
        if likeness >= least:
            yield name, other, likeness
