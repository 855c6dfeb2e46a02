"""The typeface: what it covers, that it is the published one, and that it unpacks to the same bytes every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.documents import fonts


def test_every_standard_character_can_be_printed() -> None:
    characters = fonts.standard_characters()
    assert len(characters) == len(set(characters)) == 8105
    assert sum(ord(character) > 0xFFFF for character in characters) == 196
    assert fonts.missing(characters) == ()


@pytest.mark.parametrize(("first", "last"), [(0x3400, 0x4DB5), (0x4E00, 0x9FEF)])
def test_both_blocks_of_han_characters_are_whole(first: int, last: int) -> None:
    assert fonts.missing("".join(map(chr, range(first, last + 1)))) == ()


def test_a_rare_character_is_named_once() -> None:
    assert fonts.missing("张𱅒𱅒伟") == ("𱅒",)
    assert fonts.missing("𫚭䶮㛃堃喆·Ñāǚ") == ()


def test_the_bold_face_has_the_titles_but_not_every_name() -> None:
    assert fonts.missing("培训与考试合格证书培训合格证明 Certificate", "bold") == ()
    assert fonts.missing("欧阳", "bold") != ()


@pytest.mark.parametrize("face", fonts.FACES)
def test_unpacking_gives_the_published_font_once(tmp_path: Path, face: str) -> None:
    first = fonts.plain_font(tmp_path, face)
    stamp = first.stat().st_mtime_ns
    assert first.read_bytes()[:4] == b"\0\1\0\0"
    assert fonts.plain_font(tmp_path, face) == first and first.stat().st_mtime_ns == stamp
    assert [path.name for path in tmp_path.iterdir()] == [first.name], "no draft is left behind"


def test_a_damaged_font_is_unpacked_again(tmp_path: Path) -> None:
    path = fonts.plain_font(tmp_path, "bold")
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    assert fonts.plain_font(tmp_path, "bold").read_bytes() == whole


def test_the_licence_lies_beside_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE" in (fonts.PACKED / "OFL.txt").read_text("utf-8").upper()
