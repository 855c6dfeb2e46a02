"""Line breaking 断行: where a line of mixed Chinese and Latin text may end (避头尾)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

#: Never at the beginning of a line (GB/T 15834-2011 5.1 and the usual closing marks).
NOT_FIRST = frozenset("，。、；：？！）》」』】\u3015〉”’…—\uff5e·\uff05℃,.;:?!)]}%°")
#: Never at the end of a line: opening marks.
NOT_LAST = frozenset("（《「『【\u3014〈“‘([{")


def lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break `text` into lines no wider than `width`; `measure` gives the width of a string in the same unit.

    Latin words and numbers stay whole unless one alone is wider than a line. Punctuation neither begins nor ends
    a line against `NOT_FIRST` and `NOT_LAST`; a dash —— or an ellipsis …… is never split. Line feeds in the text
    are kept as ends of lines. A line that ended at a space keeps it, so that the lines join to the text again.
    """
    return [line for paragraph in text.split("\n") for line in _paragraph(paragraph, width, measure)]


def balanced(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The same number of lines, but of about equal width: for centred text, where a short last line looks lost."""
    best = lines(text, width, measure)
    low, high = width / max(len(best), 1), width
    for _ in range(8):
        middle = (low + high) / 2
        tried = lines(text, middle, measure)
        if len(tried) == len(best):
            best, high = tried, middle
        else:
            low = middle
    return best


def _paragraph(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    done: list[str] = []
    line = ""
    for piece in pieces(text):
        if line.strip() and measure((line + piece).rstrip()) > width:
            done.append(line)
            line = piece
        else:
            line += piece
        while measure(line.rstrip()) > width and len(line) > 1:
            fitting = _longest_start(line, width, measure)
            done.append(line[:fitting])
            line = line[fitting:]
    return [*done, line]


def _longest_start(line: str, width: float, measure: Callable[[str], float]) -> int:
    """How many characters of a piece that is wider than the line fit, at least one."""
    count = 1
    while count < len(line) and measure(line[: count + 1]) <= width:
        count += 1
    return count


def pieces(text: str) -> Iterator[str]:
    """The parts of a paragraph between which a line may end."""
    start = 0
    for place in range(1, len(text)):
        if _may_break(text[place - 1], text[place]):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _may_break(before: str, after: str) -> bool:
    if after in NOT_FIRST or before in NOT_LAST or after == " ":
        return False
    if before == "-":
        return after.isalpha()
    return before == " " or _is_han(before) or _is_han(after)


def _is_han(character: str) -> bool:
    """Han characters and full-width signs, beside which a line may end."""
    code = ord(character)
    return 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFFEF or code >= 0x20000
