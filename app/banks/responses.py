"""An answer 作答 as it is stored: one shape for each kind of item, on the page, in the journal and in marking.

    single    "B"                     the letter as shown on this paper
    multiple  ["A", "C"]              letters as shown, sorted
    judge     "correct" | "incorrect"
    blank     ["20", ""]              one text for each gap, in order
    short     "text"
    case      {"facts": "…", "clause": "6.1.3", "requirement": "…", "grade": "minor", "reason": "…"}
None is no answer; so is an empty text, an empty list and a case whose fields are all empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.banks.items import ANSWERS, GRADES, LETTERS

Response = str | list[str] | dict[str, str] | None

CASE_TEXTS = ("facts", "requirement", "reason")
CASE_FIELDS = ("facts", "clause", "requirement", "grade", "reason")
LONGEST_TEXT = 4000
LONGEST_BLANK = 200
MOST_GAPS = 8
_LONGEST_CLAUSE = 20


class BadResponse(ValueError):
    """The answer does not have the shape of its kind; only a broken or hostile client sends one."""


def clean(kind: str, raw: object, options: int = 0) -> Response:
    """The answer in its stored shape, or None for no answer.

    `options` is the number of options shown. Raises BadResponse for anything that the page cannot have sent.
    """
    if raw is None or raw in ("", []):
        return None
    if kind == "single":
        return _one_of(raw, LETTERS[:options])
    if kind == "multiple":
        return _letters(raw, LETTERS[:options])
    if kind not in _IN_WORDS:
        raise BadResponse(f"no such kind: {kind}")
    return _IN_WORDS[kind](raw)


def is_answered(response: object) -> bool:
    """Whether the candidate has given anything at all."""
    if isinstance(response, Mapping):
        return any(response.values())
    return bool(response)


def _one_of(raw: object, allowed: Sequence[str]) -> str:
    if isinstance(raw, str) and raw in tuple(allowed):
        return raw
    raise BadResponse("not one of the options")


def _letters(raw: object, allowed: str) -> list[str] | None:
    if not isinstance(raw, list | tuple) or len(raw) > len(allowed):
        raise BadResponse("not a list of options")
    return sorted({_one_of(letter, allowed) for letter in raw}) or None


def _text(raw: object) -> str:
    if not isinstance(raw, str) or len(raw) > LONGEST_TEXT:
        raise BadResponse("not a text of the allowed length")
    # Half of a character, as a field with a limit cuts it off, cannot be stored; the rest of the answer can.
    return raw.replace("\r\n", "\n").replace("\x00", "").encode("utf-8", "ignore").decode()


def _blanks(raw: object) -> list[str] | None:
    if not isinstance(raw, list | tuple) or len(raw) > MOST_GAPS:
        raise BadResponse("not a list of blanks")
    texts = [_text(one).strip() for one in raw]
    if any(len(text) > LONGEST_BLANK for text in texts):
        raise BadResponse("a blank is too long")
    return texts if any(texts) else None


def _case(raw: object) -> dict[str, str] | None:
    if not isinstance(raw, Mapping) or not set(raw) <= set(CASE_FIELDS):
        raise BadResponse("not the fields of a case")
    fields = {name: _text(raw[name]).strip() for name in CASE_FIELDS if raw.get(name)}
    if fields.get("grade") and fields["grade"] not in GRADES:
        raise BadResponse("not a grade")
    if len(fields.get("clause", "")) > _LONGEST_CLAUSE:
        raise BadResponse("not a clause")
    filled = {name: text for name, text in fields.items() if text}
    return filled or None


_IN_WORDS: dict[str, Callable[[object], Response]] = {
    "judge": lambda raw: _one_of(raw, ANSWERS),
    "blank": _blanks,
    "short": lambda raw: _text(raw).strip() or None,
    "case": _case,
}
