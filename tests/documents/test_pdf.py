"""Pages as files: text that can be copied, nothing unembedded, tags, and no syntax that readers dislike."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.documents.file import Facts
from app.documents.objects import text_string
from app.documents.pdf import Sheet
from app.documents.typefaces import to_unicode

AT = datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=8)))
RARE = "欧阳𫚭䶮㛃·堃 Ñandú"


def tool(*command: str) -> str:
    """What a tool of others says; a tool that is missing fails the test."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    sheet = Sheet(folder, (595, 842), Facts("标题（一）", "Title (one)", "基地", "主题", AT, "x/1"))
    with sheet.tagged("H1"):
        sheet.text((60, 700), "培训合格证书", 30, face="bold")
    with sheet.tagged("P"):
        sheet.text((60, 600), RARE, 20)
        sheet.text((60, 560), "".join(map(chr, range(0x4E00, 0x4E00 + 300))), 1)
    (folder / "page.pdf").write_bytes(sheet.finish().data)
    return folder / "page.pdf"


def test_characters_outside_the_basic_plane_can_be_copied(page: Path) -> None:
    assert RARE in tool("pdftotext", str(page), "-")
    assert RARE in tool("mutool", "draw", "-q", "-F", "txt", str(page))


def test_every_font_is_embedded_and_mapped(page: Path) -> None:
    rows = tool("pdffonts", str(page)).splitlines()[2:]
    assert len(rows) == 3, "the bold face, and two subsets of the regular one"
    assert all(re.search(r"NotoSerifSC.*yes yes yes", row) for row in rows)


def test_syntax_is_clean(page: Path) -> None:
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", str(page))
    data = page.read_bytes()
    assert b"Helvetica" not in data
    assert data.count(b"\nendstream") == data.count(b"endstream")


def test_the_page_is_tagged_titled_and_in_a_known_colour_space(page: Path) -> None:
    told = tool("pdfinfo", str(page))
    assert "Tagged:          yes" in told and "标题（一）" in told
    structure = tool("pdfinfo", "-struct-text", str(page))
    assert structure.index("H1") < structure.index("培训合格证书") < structure.index("P (block)")
    assert b"/GTS_PDFA1" in page.read_bytes()


def test_code_tables_use_surrogates_and_short_blocks() -> None:
    table = to_unicode([0, *range(0x4E00, 0x4E00 + 31), 32, *range(0x5000, 0x5000 + 200), 0x2B6AD]).decode()
    assert "<D86DDEAD>" in table
    assert max(map(int, re.findall(r"(\d+) beginbfchar", table))) == 100


def test_texts_are_escaped() -> None:
    assert text_string("a(b)\\") == b"(a\\(b\\)\\\\)"
    assert text_string("证") == b"<FEFF8BC1>"
