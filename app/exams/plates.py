"""Plates 印版: a page that is the same for many but for a few values is made once and filled in for each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Plate:
    """Text with gaps: `names[i]` says what stands between `texts[i]` and `texts[i + 1]`."""

    texts: tuple[str, ...]
    names: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with these values, which must be escaped for where they stand. Raises KeyError."""
        found = [self.texts[0]]
        for name, text in zip(self.names, self.texts[1:], strict=True):
            found += (values[name], text)
        return "".join(found)


def cut(text: str, marks: Mapping[str, str]) -> Plate:
    """A plate from text that was made with marks in the places of values; `marks` gives the name of each mark.

    Marks are as long and as random as a key, so that nothing else is taken for one.
    """
    if not marks:
        return Plate((text,), ())
    parts = re.split("(" + "|".join(map(re.escape, marks)) + ")", text)
    return Plate(tuple(parts[::2]), tuple(marks[mark] for mark in parts[1::2]))
