"""The rules for one item, looked at by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from fractions import Fraction

from app.banks.findings import Finding
from app.banks.items import LANGUAGES, Case, Choice, ClauseShare, Item, Judge, Multiple, RubricPoint, Short, Single
from app.banks.nodes import Node, texts_of

_HAN = re.compile(r"[\u3400-\u9fff]")
_HALF_WIDTH = re.compile(r"[\u3400-\u9fff”’》）][,;:?!]|[,;:?!][\u3400-\u9fff“‘《（]")
_ALL_OF_THE_ABOVE = re.compile(
    r"以上(各项|选项|答案)?(都|全|均|皆)|以上(各项|选项|答案)?(都|均)?(不|没有|无)|上述(各项)?(都|均|皆)(是|对|正确|不)"
    r"|\b(all|none|both|neither|any) of (the|these)?\s*(above|options|answers)",
    re.IGNORECASE,
)

Fault = tuple[str, str, str, str]  # field, rule, fault, remedy


def check_item(item: Item, clauses: Set[str], file: str, root: Node | None = None) -> list[Finding]:
    """All findings on one item; `clauses` are the numbers of its edition, `root` gives the lines of its fields."""
    lines = {} if root is None else {name: part.line for name, part in root.fields.items()}
    rules = (_place(item, file), _clauses(item, clauses), _use(item), _options(item), _shares(item), _law(item))
    found = [
        Finding(file, lines.get(name), rule, fault, remedy) for faults in rules for name, rule, fault, remedy in faults
    ]
    if root is not None:
        found.extend(_wording(file, root))
    return found


def _place(item: Item, file: str) -> Iterator[Fault]:
    folder, _, name = file.rpartition("/")
    if name != f"{item.id}.yaml":
        yield "id", "id-equals-file-name", f"The id is “{item.id}”, the file “{name}”.", "Make them the same."
    if not folder.split("/")[-1].startswith(f"{item.clause}-"):
        rule = "item-lies-in-its-clause-folder"
        fault = f"The clause is {item.clause}, the folder “{folder}”."
        yield "clause", rule, fault, "Move the file or correct the clause."


def _clauses(item: Item, clauses: Set[str]) -> Iterator[Fault]:
    rule = "clause-exists-in-edition"
    if item.clause not in clauses:
        yield "clause", rule, f"There is no clause {item.clause} in {item.edition}.", "Correct the number."
    if not isinstance(item, Case):
        return
    for no in [share.no for share in item.key.clauses]:
        if no not in clauses:
            yield "key", rule, f"The key names {no}, no clause of {item.edition}.", "Correct the number."
    for no in item.distractors:
        if no not in clauses:
            yield "distractors", rule, f"A distractor is {no}, no clause of {item.edition}.", "Correct the number."


def _use(item: Item) -> Iterator[Fault]:
    if len(item.rating) != 2 or not all(0 < chance < 1 for chance in item.rating):
        fault = "The rating is not two chances between 0 and 1."
        yield "rating", "rating-in-range", fault, 'Write it like ["0.65", "0.70"].'
    if item.status == "approved" and not item.readings:
        yield "readings", "approved-items-were-read", "Nobody is named as reader.", "Add who read it and when."
    if item.valid_from and item.valid_to and item.valid_from > item.valid_to:
        yield "valid_to", "dates-are-dates", "The item ends before it begins.", "Correct the dates."


def _options(item: Item) -> Iterator[Fault]:
    if not isinstance(item, Choice):
        return
    right = len(item.right)
    wrong = len(item.options) - right
    if isinstance(item, Single) and (right != 1 or wrong != 3):
        fault = f"There are {right} right and {wrong} wrong options."
        yield "options", "one-right-for-single", fault, "Give one right and three wrong options."
    if isinstance(item, Multiple) and not (right >= 2 and wrong >= 1 and 4 <= right + wrong <= 6):
        fault = f"There are {right} right and {wrong} wrong options."
        yield "options", "several-right-for-multiple", fault, "Give four to six options, two or more of them right."
    for language in LANGUAGES:
        texts = [_bare(option.text[language]) for option in item.options]
        if len(set(texts)) < len(texts):
            yield "options", "options-differ", f"Two options are the same in {language}.", "Word them differently."
        if any(_ALL_OF_THE_ABOVE.search(text) for text in texts):
            fault = f"An option in {language} speaks of all or none of the others."
            yield "options", "no-all-of-the-above", fault, "Replace it by an option with a content of its own."


def _shares(item: Item) -> Iterator[Fault]:
    rule = "shares-add-up"
    if isinstance(item, Short) and _sum(item.rubric) != 1:
        yield "rubric", rule, f"The shares add up to {_sum(item.rubric)}.", "Make them add up to 1."
    if isinstance(item, Short) and any(point.share == 0 for point in item.rubric):
        yield "rubric", rule, "A point of the rubric earns nothing.", "Give it a share or remove it."
    if isinstance(item, Case):
        numbers = [share.no for share in item.key.clauses]
        full = [share.no for share in item.key.clauses if share.share == 1]
        if len(full) != 1 or len(set(numbers)) < len(numbers):
            yield "key", rule, "Not exactly one clause has the share 1.", "Give it to the clause that is hit."
        if set(item.distractors) & set(numbers):
            yield "distractors", rule, "A distractor is also an accepted clause.", "Remove it from one of the lists."


def _sum(parts: tuple[RubricPoint, ...] | tuple[ClauseShare, ...]) -> Fraction:
    return sum((part.share for part in parts), Fraction(0))


def _law(item: Item) -> Iterator[Fault]:
    if item.topic == "law" and item.law is None:
        yield "topic", "law-items-carry-edition", "The law is not named.", 'Add law: {name: …, edition: "2020"}.'


def _wording(file: str, root: Node) -> Iterator[Finding]:
    rule = "chinese-is-chinese"
    for language, text, line in texts_of(root):
        if language == "zh_CN" and text and not _HAN.search(text):
            yield Finding(file, line, rule, "The text in zh_CN has no Chinese character.", "Write it in Chinese.")
        elif language == "zh_CN" and (found := _HALF_WIDTH.search(text)):
            fault = f"Half-width punctuation in “{found.group()}”."
            yield Finding(file, line, rule, fault, "Use ，。；：？！ in Chinese.")
        elif language == "en" and (found := _HAN.search(text)):
            yield Finding(file, line, rule, f"The English text holds “{found.group()}”.", "Write it in English.")


def _bare(text: str) -> str:
    return re.sub(r"[\s，。；：、,.;:]+", " ", text).strip().casefold()


def text_of(item: Item, language: str) -> str:
    """All that the candidate reads of an item in one language; for comparing items."""
    parts = [item.stem[language]]
    if isinstance(item, Choice):
        parts.extend(option.text[language] for option in item.options)
    if isinstance(item, Case):
        parts.insert(0, item.scene[language])
    if isinstance(item, Judge | Short):
        return parts[0]
    return "\n".join(parts)
