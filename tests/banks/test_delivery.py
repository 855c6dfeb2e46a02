"""What is handed to a candidate of an item that has documents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.banks.content import parse
from app.banks.delivery import for_candidate
from app.banks.items import Document, content_of
from app.banks.lint import check_item
from app.banks.nodes import Reader
from app.banks.reading import read_item
from app.banks.stored import item_of
from tests.banks.samples import item_file, single
from tests.banks.test_lint import KNOWN

SHEET = Document({"zh_CN": "评审表", "en": "Review sheet"}, {"zh_CN": "第一行\n第二行", "en": "One\nTwo"})


def test_documents_are_delivered_in_the_readers_language_and_stored_with_the_item() -> None:
    item = replace(single(), documents=(SHEET,))
    assert for_candidate(item, "en", (0, 1, 2, 3)).documents == (("Review sheet", "One\nTwo"),)
    assert for_candidate(item, "zh_CN", (0, 1, 2, 3)).documents == (("评审表", "第一行\n第二行"),)
    assert item_of(content_of(item)).documents == (SHEET,)
    assert item.hash != single().hash


def test_an_item_without_documents_keeps_its_version() -> None:
    assert "documents" not in content_of(single())
    assert for_candidate(single(), "en", (0, 1, 2, 3)).documents == ()


def test_documents_are_read_from_the_file() -> None:
    text = item_file() + "documents:\n  - title: {zh_CN: 评审表, en: Review sheet}\n    text: {zh_CN: 一, en: One}\n"
    reader = Reader("5.2-01.yaml")
    item = read_item(parse(text.encode()), "gbt29490-2013", reader)
    assert item is not None and reader.findings == []
    assert item.documents == (Document({"zh_CN": "评审表", "en": "Review sheet"}, {"zh_CN": "一", "en": "One"}),)


@pytest.mark.parametrize(
    "documents",
    [
        (SHEET,) * 4,
        (replace(SHEET, title={"zh_CN": "长" * 101, "en": "T"}),),
        (replace(SHEET, text={"zh_CN": "短", "en": "x" * 6001}),),
    ],
)
def test_too_much_to_read_is_a_finding(documents: tuple[Document, ...]) -> None:
    item = replace(single(), documents=documents)
    found = check_item(item, KNOWN, f"{item.clause}-x/{item.id}.yaml")
    assert [one.rule for one in found] == ["documents-can-be-read"]
