"""The rules for one item, looked at by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.banks.findings import Finding
from app.banks.items import (
    GAP,
    LANGUAGES,
    Blank,
    Case,
    Choice,
    ClauseShare,
    Item,
    Multiple,
    RubricPoint,
    Short,
    Single,
)
from app.banks.nodes import Node, line_at, texts_of
from app.banks.responses import MOST_GAPS
from app.standards.clauses import Edition
from app.standards.laws import Laws

_HAN = re.compile(r"[\u3400-\u9fff]")
_HALF_WIDTH = re.compile(r"[\u3400-\u9fff”’》）][,;:?!]|[,;:?!][\u3400-\u9fff“‘《（]")
_ALL_OF_THE_ABOVE = re.compile(
    r"以上(各项|选项|答案)?(都|全|均|皆)|以上(各项|选项|答案)?(都|均)?(不|没有|无)|上述(各项)?(都|均|皆)(是|对|正确|不)"
    r"|\b(all|none|both|neither|any) of (the|these)?\s*(above|options|answers)",
    re.IGNORECASE,
)

_NUMBERED = re.compile(r"29490|GB/T 29490|(?<![\d.])[4-9]\.\d(\.\d)?(?![\d.]|\s*%)")
_LEAST_READERS = 2
_MOST_DOCUMENTS = 3
_LONGEST_TITLE = 100
_LONGEST_DOCUMENT = 6000


@dataclass(frozen=True)
class Known:
    """What items are held to: the editions of standards by code, and the laws by name and edition."""

    editions: Mapping[str, Edition]
    laws: Laws

    def has(self, edition: str, no: str) -> bool:
        """Whether the edition has a clause of this number."""
        return edition in self.editions and self.editions[edition].find_clause(no) is not None


Place = str | int | tuple[str | int, ...]
"""Where a fault stands: a field, a path of fields and places, or a line."""

Fault = tuple[Place, str, str, str]  # place, rule, fault, remedy


def check_item(item: Item, known: Known, file: str, root: Node | None = None) -> list[Finding]:
    """All findings on one item; `root` gives the lines of its fields."""
    rules = (
        _place(item, file), _clauses(item, known), _also(item, known, root), _use(item), _options(item),
        _unexplained(item), _gaps(item),
        _shares(item), _law(item, known.laws), _documents(item),
    )  # fmt: skip
    found = [
        Finding(file, _line(root, place), rule, fault, remedy)
        for faults in rules
        for place, rule, fault, remedy in faults
    ]
    if root is not None:
        found.extend(_wording(file, root))
    return found


def _line(root: Node | None, place: Place) -> int:
    if isinstance(place, int):
        return place
    return line_at(root, *((place,) if isinstance(place, str) else place))


def _place(item: Item, file: str) -> Iterator[Fault]:
    folder, _, name = file.rpartition("/")
    if name != f"{item.id}.yaml":
        yield "id", "id-equals-file-name", f"The id is “{item.id}”, the file “{name}”.", "Make them the same."
    if not folder.split("/")[-1].startswith(f"{item.clause}-"):
        rule = "item-lies-in-its-clause-folder"
        fault = f"The clause is {item.clause}, the folder “{folder}”."
        yield "clause", rule, fault, "Move the file or correct the clause."


def _clauses(item: Item, known: Known) -> Iterator[Fault]:
    rule = "clause-exists-in-edition"
    if not known.has(item.edition, item.clause):
        yield "clause", rule, f"There is no clause {item.clause} in {item.edition}.", "Correct the number."
    if not isinstance(item, Case):
        return
    for place, no in enumerate(share.no for share in item.key.clauses):
        if not known.has(item.edition, no):
            yield (
                ("key", "clauses", place, "no"),
                rule,
                f"The key names {no}, no clause of {item.edition}.",
                "Correct the number.",
            )
    for place, no in enumerate(item.distractors):
        if not known.has(item.edition, no):
            yield (
                ("distractors", place),
                rule,
                f"A distractor is {no}, no clause of {item.edition}.",
                "Correct the number.",
            )


def _also(item: Item, known: Known, root: Node | None) -> Iterator[Fault]:
    rule = "also-fits-every-edition"
    for edition, no in (item.also or {}).items():
        if not known.has(edition, no):
            yield (
                ("also", edition),
                "clause-exists-in-edition",
                f"There is no clause {no} in {edition}.",
                "Correct the number.",
            )
    if item.also is None:
        return
    if item.edition in item.also:
        yield ("also", item.edition), rule, "The edition of the bank stands here too.", "Name further editions only."
    if item.topic == "standard" or isinstance(item, Case):
        fault = "Only items on auditing and on laws, and no cases, can be valid for several editions."
        yield "also", rule, fault, "Remove “also”, or write the item for each edition."
    for language in LANGUAGES:
        if found := _NUMBERED.search(_everything(item, language)):
            fault = f"The text in {language} names “{found.group()}”, which holds for one edition only."
            texts = texts_of(root) if root is not None else iter(())
            place = next((line for one, text, line in texts if one == language and found.group() in text), "stem")
            yield place, rule, fault, "Word it without number and year of the standard, or remove “also”."


def _use(item: Item) -> Iterator[Fault]:
    raters = {2} if item.status == "approved" else {1, 2}
    if len(item.rating) not in raters or not all(0 < chance < 1 for chance in item.rating):
        fault = "The rating is not two chances between 0 and 1."
        yield "rating", "rating-in-range", fault, 'Write it like ["0.65", "0.70"]; a draft may have one.'
    if item.status == "approved" and len({reading.by for reading in item.readings}) < _LEAST_READERS:
        fault = "It was not read by two people."
        yield "readings", "approved-items-were-read", fault, "Add who wrote it, who read it and when."
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
        for place, text in enumerate(texts):
            if text in texts[:place]:
                fault = f"Two options are the same in {language}."
                yield ("options", place), "options-differ", fault, "Word them differently."
            if _ALL_OF_THE_ABOVE.search(text):
                fault = f"An option in {language} speaks of all or none of the others."
                remedy = "Replace it by an option with a content of its own."
                yield ("options", place), "no-all-of-the-above", fault, remedy


def _unexplained(item: Item) -> Iterator[Fault]:
    """Right options of a multiple-choice item that do not say why: whoever left one out wants to know what it rests on."""
    if not isinstance(item, Multiple):
        return
    for place, option in enumerate(item.options):
        if option.right and option.because is None:
            fault, remedy = "A right option has no “because”.", "Say in one sentence what it rests on."
            yield ("options", place), "right-options-of-multiple-are-explained", fault, remedy


def _gaps(item: Item) -> Iterator[Fault]:
    if not isinstance(item, Blank):
        return
    for language in LANGUAGES:
        found = item.stem[language].count(GAP)
        if found != len(item.gaps) or not 1 <= found <= MOST_GAPS:
            fault = f"The stem in {language} has {found} blanks, “blanks” lists {len(item.gaps)}."
            yield (
                ("stem", language),
                "blanks-match-the-stem",
                fault,
                f"Mark each blank with “{GAP}”, one to {MOST_GAPS} of them.",
            )


def _shares(item: Item) -> Iterator[Fault]:
    rule = "shares-add-up"
    if isinstance(item, Short) and _sum(item.rubric) != 1:
        yield "rubric", rule, f"The shares add up to {_sum(item.rubric)}.", "Make them add up to 1."
    for place, point in enumerate(item.rubric if isinstance(item, Short) else ()):
        if point.share == 0:
            yield ("rubric", place), rule, "A point of the rubric earns nothing.", "Give it a share or remove it."
    if isinstance(item, Case):
        numbers = [share.no for share in item.key.clauses]
        full = [share.no for share in item.key.clauses if share.share == 1]
        if len(full) != 1 or len(set(numbers)) < len(numbers):
            yield (
                ("key", "clauses"),
                rule,
                "Not exactly one clause has the share 1.",
                "Give it to the clause that is hit.",
            )
        for place, no in enumerate(item.distractors):
            if no in numbers:
                remedy = "Remove it from one of the lists."
                yield ("distractors", place), rule, "A distractor is also an accepted clause.", remedy


def _sum(parts: tuple[RubricPoint, ...] | tuple[ClauseShare, ...]) -> Fraction:
    return sum((part.share for part in parts), Fraction(0))


def _law(item: Item, laws: Laws) -> Iterator[Fault]:
    rule = "law-items-carry-edition"
    if item.law is None:
        if item.topic == "law":
            yield "topic", rule, "The law is not named.", 'Add law: {name: …, edition: "2020"}.'
        return
    law = laws.get((item.law.name, item.law.edition))
    if law is None:
        fault = f"{item.law.name} {item.law.edition} is no law that is known here."
        yield "law", rule, fault, "Correct name and edition, or add the law to the list of laws."
    elif law.ends and not (item.valid_to and item.valid_to <= law.ends.isoformat()):
        fault = f"{law.name} {law.edition} applies until {law.ends}, the item for longer."
        yield "valid_to" if item.valid_to else "law", rule, fault, f'Add valid_to: "{law.ends}".'


def _documents(item: Item) -> Iterator[Fault]:
    rule, found = "documents-can-be-read", item.documents or ()
    if len(found) > _MOST_DOCUMENTS:
        fault = f"There are {len(found)} documents."
        yield "documents", rule, fault, f"Keep to {_MOST_DOCUMENTS}; nobody can read more beside one question."
    for number, one in enumerate(found):
        for language in LANGUAGES:
            if len(one.title[language]) > _LONGEST_TITLE or len(one.text[language]) > _LONGEST_DOCUMENT:
                fault = f"“{one.title[language][:20]}” is too long in {language}."
                remedy = f"Keep to {_LONGEST_TITLE} characters for the title and {_LONGEST_DOCUMENT} for the text."
                yield ("documents", number), rule, fault, remedy


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


def _everything(item: Item, language: str) -> str:
    """Whatever an item says in a language, its key and explanations included."""
    found = [text_of(item, language), (item.why or {}).get(language, "")]
    if isinstance(item, Choice):
        found.extend((option.because or {}).get(language, "") for option in item.options)
    if isinstance(item, Short):
        found.extend([item.model[language], *(point.text[language] for point in item.rubric)])
    return "\n".join(found)


def text_of(item: Item, language: str) -> str:
    """All that the candidate reads of an item in one language; for comparing items."""
    parts = [item.stem[language]]
    if isinstance(item, Choice):
        parts.extend(option.text[language] for option in item.options)
    if isinstance(item, Case):
        parts.insert(0, item.scene[language])
    parts.extend(text for one in item.documents or () for text in (one.title[language], one.text[language]))
    return "\n".join(parts)
