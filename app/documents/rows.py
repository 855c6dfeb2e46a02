"""Words of a paragraph in lines 排行: where each line ends, what stands on it, and how far it may be stretched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from app.documents.blocks import Run, Words, plain
from app.documents.breaking import pieces

#: The width of one character, regular or bold, in ems.
Measure = Callable[[str, bool], float]
#: A line is stretched to the full width by at most this share of an em between two characters.
STRETCH = 0.14


@dataclass(frozen=True)
class Line:
    """A line with its natural width in ems; `last` is the last one of the paragraph, which is never stretched."""

    words: Words
    width: float
    last: bool

    def stretch(self, width: float) -> float:
        """The space to add between characters, in ems, so that the line is as wide as the column; 0 if too much."""
        count = len(plain(self.words).rstrip()) - 1
        extra = (width - self.width) / count if count > 0 else 0.0
        return 0.0 if self.last or not 0 < extra <= STRETCH else extra


def in_lines(words: Words, width: float, measure: Measure) -> list[Line]:
    """Break words into lines no wider than `width` ems, by the rules of `breaking`."""
    text = plain(words)
    wide = [measure(character, run.bold) for run in words for character in run.text]
    upto = [0.0, *accumulate(wide)]
    ends = _ends(text, upto, width)
    starts = [0, *ends[:-1]]
    return [
        Line(_cut(words, start, end), upto[start + len(text[start:end].rstrip())] - upto[start], end == len(text))
        for start, end in zip(starts, ends, strict=True)
    ]


def _ends(text: str, upto: list[float], width: float) -> list[int]:
    ends: list[int] = []
    start = place = 0
    for piece in pieces(text):
        seen = place + len(piece.rstrip())
        if place > start and upto[seen] - upto[start] > width:
            ends.append(place)
            start = place
        while upto[seen] - upto[start] > width and seen > start + 1:
            cut = next(one for one in range(start + 1, seen + 1) if one == seen or upto[one + 1] - upto[start] > width)
            ends.append(cut)
            start = cut
        place += len(piece)
    return [*ends, len(text)] if not ends or ends[-1] < len(text) else ends


def _cut(words: Words, start: int, end: int) -> Words:
    found: list[Run] = []
    place = 0
    for run in words:
        part = run.text[max(0, start - place) : max(0, end - place)]
        if part:
            found.append(Run(part, run.bold, run.address))
        place += len(run.text)
    return tuple(found)
