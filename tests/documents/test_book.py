"""Books as files: tagged, with bookmarks and links, tables that go on, and text in order; judged by tools of others."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.documents.blocks import Book, Figure, Heading, Items, Paragraph, Part, Quotation, Run, Table
from app.documents.file import Facts
from app.documents.objects import text_string
from app.documents.pictures import Label, Picture, Shape
from app.documents.printing import print_book
from tests.documents.test_pdf import tool

AT = datetime(2026, 11, 27, 9, 30, tzinfo=timezone(timedelta(hours=8)))
HERE = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
TAGS = ("H1", "H2", "H3", "TOC", "TOCI", "Table", "THead", "TH", "TD", "LI", "Lbl", "LBody", "BlockQuote", "Link")
SENTENCE = "内审员翻开立项材料，想知道当初是谁检索的、用了什么词、查了哪些国家。"


def words(text: str, **more: object) -> tuple[Run, ...]:
    return (Run(text, **more),)  # type: ignore[arg-type]


def rows(count: int, cell: str = "看什么证据，怎么抽样") -> tuple[tuple[tuple[Run, ...], ...], ...]:
    return tuple((words(f"第{place}行"), words(cell)) for place in range(count))


def picture() -> Picture:
    steps = (("m", (10.0, 10.0)), ("l", (300.0, 10.0)), ("c", (320.0, 10.0, 320.0, 90.0, 300.0, 90.0)), ("h", ()))
    label = Label("比较", (150.0, 50.0), 18.0, "centre", HERE, (0.0, 0.0, 0.0))
    return Picture(640.0, 120.0, (Shape(steps, HERE, (1.0, 1.0, 1.0), (0.1, 0.3, 0.5), 1.25, True), label))


def book(language: str = "zh-CN", cell: str = "看什么证据，怎么抽样") -> Book:
    first = (
        Paragraph((Run(SENTENCE * 3), Run("重点", bold=True), Run("网站", address="https://example.org/a"))),
        Heading(3, words("怎么审"), "怎么审"),
        Table((words("问什么"), words("看什么")), rows(60, cell)),
        Figure(picture(), "两样东西相比"),
        Quotation((Paragraph(words("要问改变了哪个决定。")),), words("讲师提示")),
    )
    second = (Items(((Paragraph(words("第一项")),), (Paragraph(words("第二项")),)), ("1.", "2.")),)
    parts = (Part("8.1", "立项", first), Part("8.2", "研究开发", second), Part("", "答案", second * 40))
    return Book(
        language, "课程名", "A6 实施运行", ("3 学时",), "本版已被代替。", "目录", "第 {page} 页，共 {pages} 页", parts
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    facts = Facts("A6 实施运行", "A6 Operation", "知审学堂", "课程名", AT, "x/1")
    data = print_book(book(), folder, facts)
    assert print_book(book(), folder, facts) == data, "the same book gives the same bytes"
    (folder / "book.pdf").write_bytes(data)
    return folder / "book.pdf"


def test_others_can_read_the_file(made: Path) -> None:
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", str(made))
    assert "warning" not in tool("mutool", "draw", "-q", "-F", "txt", str(made)).lower()
    told = tool("pdfinfo", str(made))
    assert "Tagged:          yes" in told and "A4" in told and "A6 实施运行" in told
    assert all(re.search(r"NotoSerifSC.*yes yes yes", row) for row in tool("pdffonts", str(made)).splitlines()[2:])


def test_text_is_in_order_and_complete(made: Path) -> None:
    text = re.sub(r"\s", "", tool("pdftotext", str(made), "-"))
    assert SENTENCE * 3 + "重点网站" in text
    places = [text.index(one) for one in ("目录", SENTENCE, "第0行", "第59行", "要问改变了哪个决定", "第一项")]
    assert places == sorted(places)


def test_the_tree_has_headings_lists_tables_and_pictures_with_words(made: Path) -> None:
    tree = tool("pdfinfo", "-struct-text", str(made))
    for role in TAGS:
        assert re.search(rf"^\s*{role}\b", tree, re.M), role
    assert len(re.findall(r"^\s*TH\b", tree, re.M)) == 2, "heads that stand again are not read again"
    assert b"/S /Figure" in made.read_bytes() and b"/Alt " + text_string("两样东西相比") in made.read_bytes()
    flat = re.sub(r"\s", "", tree)
    assert flat.index("第0行") < flat.index("第59行") < flat.index("要问改变了哪个决定")


def test_a_table_that_goes_on_shows_its_head_on_each_page(made: Path) -> None:
    pages = tool("pdftotext", "-layout", str(made), "-").split("\f")
    held = [page for page in pages if re.search(r"第\d+行", page)]
    assert len(held) >= 3 and all("问什么" in page for page in held)


def test_bookmarks_and_contents_lead_to_the_pages(made: Path) -> None:
    outline = tool("mutool", "show", str(made), "outline")
    targets = {title: int(page) for title, page in re.findall(r'"([^"]+)"\s+#page=(\d+)', outline)}
    assert {"目录", "8.1　立项", "怎么审", "8.2　研究开发", "答案"} <= targets.keys()
    contents = re.sub(r"[ .]{2,}", " ", tool("pdftotext", "-layout", "-f", "2", "-l", "2", str(made), "-"))
    assert f"8.1 立项 {targets['8.1　立项']}" in contents
    pages = tool("pdftotext", str(made), "-").split("\f")
    assert f"第 3 页，共 {len(pages) - 1} 页" in pages[2]
    assert "研究开发" in pages[targets["8.2　研究开发"] - 1]


def test_a_row_higher_than_a_page_goes_on(tmp_path: Path) -> None:
    facts = Facts("t", "t", "a", "s", AT, "y", "en")
    long = "evidence and sampling, " * 900
    part = Part("1", "Long", (Table((words("Ask"), words("Look")), rows(2, long)),))
    (tmp_path / "long.pdf").write_bytes(
        print_book(Book("en", "c", "t", (), "", "Contents", "{page}", (part,)), tmp_path, facts)
    )
    text = tool("pdftotext", str(tmp_path / "long.pdf"), "-")
    assert "No syntax" in tool("qpdf", "--check", str(tmp_path / "long.pdf"))
    assert len(re.findall(r"sampling", text)) == 1800
