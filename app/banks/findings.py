"""A finding 检查发现: which named rule a file of the bank breaks, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RULES: Mapping[str, str] = {
    "file-can-be-read": "A file is UTF-8 text in YAML, of moderate size, and no field stands in it twice.",
    "known-fields-only": "A file has the fields of its kind and no others.",
    "required-fields-present": "A file has every field that its kind needs.",
    "values-from-the-list": "Kind, topic, level, pool, status, grade and answer take one of the listed values.",
    "id-equals-file-name": "The id of an item equals the name of its file and is used once in all banks.",
    "item-lies-in-its-clause-folder": "The folder of an item begins with the item's clause.",
    "both-languages-present": "Every text stands in Chinese and in English.",
    "chinese-is-chinese": "Chinese is written in Chinese characters with full-width punctuation, English is not.",
    "one-right-for-single": "A single-choice item has one right option of four.",
    "several-right-for-multiple": "A multiple-choice item has four to six options, at least two right and one wrong.",
    "wrong-options-are-explained": "Every wrong option says why it is wrong.",
    "right-options-of-multiple-are-explained": "Every right option of a multiple-choice item says why it is right.",
    "options-differ": "No two options of an item say the same.",
    "no-all-of-the-above": "No option says “all of the above” or “none of the above”.",
    "longest-option-is-not-always-right": "Over the bank, the right option is not the longest more often than not.",
    "shares-add-up": "The shares of a rubric add up to 1, and a case has one clause with the full share.",
    "clause-exists-in-edition": "Every clause named is a clause of the bank's edition.",
    "rating-in-range": "Two raters gave each a chance above 0 and below 1; a draft may have one.",
    "enemies-exist-and-are-mutual": "An item and its enemy name each other.",
    "law-items-carry-edition": "An item on a law names a known law with its edition, and ends when that does.",
    "dates-are-dates": "A date is written 2026-11-23, and what begins does not begin after its end.",
    "approved-items-were-read": "An approved item was read by two people at least, its writer among them.",
    "also-fits-every-edition": "An item for several editions is on auditing or a law and names no clause of one.",
    "blanks-match-the-stem": "A fill-in item has as many blanks in each language as it has answers.",
    "documents-can-be-read": "An item has at most three documents, each short enough to be read beside the question.",
    "bank-keeps-its-plan": "The approved exam items keep to the plan of bank.yaml.",
    "right-is-not-longer": "Over the bank, right options are not longer than wrong ones.",
    "near-duplicates": "No two items, of one bank or of two, ask nearly the same in nearly the same words.",
    "half-is-applied": "At least 45 % of the approved items of a pool ask to apply or analyse.",
    "specification-adds-up": "The margins of a specification add up to its number of items, and a kind has the same marks everywhere.",
    "cells-fit-the-margins": "A cell names two dimensions at least and asks for no more than its margins hold.",
    "specification-can-be-filled": "The approved exam items of the bank can fill the specification.",
}


@dataclass(frozen=True, order=True)
class Finding:
    """One broken rule: `file` relative to the bank's folder, `line` from 1, where the fault stands.

    A file that is not there, is no text or breaks a rule as a whole has its fault on line 1.
    """

    file: str
    line: int
    rule: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.fault} {self.remedy}"
