"""What is handed to a candidate of an item: the question as one paper shows it, and never anything of its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.banks.items import GAP, LETTERS, Blank, Case, Choice, Item


@dataclass(frozen=True)
class Delivered:
    """What the candidate is given of an item: the question and never anything of its answer.

    `options` are (letter, text) in the order of this paper; a judgement has none, its page says it in words.
    `gaps` is the number of blanks of a fill-in item, which its stem numbers. `documents` are (title, text).
    """

    kind: str
    stem: str
    scene: str | None
    options: tuple[tuple[str, str], ...]
    gaps: int = 0
    documents: tuple[tuple[str, str], ...] = ()


def for_candidate(item: Item, language: str, option_order: Sequence[int] = ()) -> Delivered:
    """The item as the candidate sees it, in 'zh_CN' or 'en'.

    `option_order[i]` is the place in the file of the option that is shown with letter number i; letters are
    given here and nowhere else. Raises ValueError if the order is not a permutation of the options.
    """
    options = item.options if isinstance(item, Choice) else ()
    if sorted(option_order) != list(range(len(options))):
        raise ValueError(f"{item.id}: {list(option_order)} is no order of {len(options)} options")
    shown = tuple((LETTERS[i], options[place].text[language]) for i, place in enumerate(option_order))
    stem, gaps = item.stem[language], 0
    if isinstance(item, Blank):
        stem, gaps = numbered(stem, language), len(item.gaps)
    documents = tuple((one.title[language], one.text[language]) for one in item.documents or ())
    return Delivered(item.kind, stem, item.scene[language] if isinstance(item, Case) else None, shown, gaps, documents)


def numbered(stem: str, language: str) -> str:
    """The stem of a fill-in item with a number before each gap: "（1）____" in Chinese, "(1) ____" in English."""
    first, *rest = stem.split(GAP)
    mark = "（{}）" if language == "zh_CN" else "({}) "
    return first + "".join(mark.format(place) + GAP + part for place, part in enumerate(rest, 1))
