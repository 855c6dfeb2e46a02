"""Typefaces 字体: one Chinese serif in two weights, unpacked once, and the list of the characters that it has."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PACKED = Path(__file__).with_name("fonts")
FACES = ("regular", "bold")


class FontDamaged(RuntimeError):
    """A typeface of this installation is not the one that was published: reinstall it."""


@dataclass(frozen=True)
class FontFile:
    """One weight as the manifest describes it; `covers` are inclusive ranges of code points in order."""

    name: str
    packed: Path
    sha256: str
    ttf_sha256: str
    covers: tuple[tuple[int, int], ...]

    def has(self, code: int) -> bool:
        """Whether the face can draw this code point."""
        place = bisect_right(self.covers, (code, 0x110000)) - 1
        return place >= 0 and code <= self.covers[place][1]


@lru_cache(maxsize=1)
def manifest() -> Mapping[str, FontFile]:
    """Both weights by name, from the manifest beside the files."""
    entries = json.loads((PACKED / "manifest.json").read_text("utf-8"))["faces"]
    return {name: _font_file(name, entry) for name, entry in entries.items()}


def _font_file(name: str, entry: Mapping[str, str]) -> FontFile:
    ends = (part.partition("-") for part in entry["covers"].split())
    ranges = tuple((int(first, 16), int(last or first, 16)) for first, _, last in ends)
    return FontFile(name, PACKED / entry["file"], entry["sha256"], entry["ttf_sha256"], ranges)


def missing(text: str, face: str = "regular") -> tuple[str, ...]:
    """The characters of `text` that the face cannot draw, each once, in their order; empty when all can be printed."""
    font = manifest()[face]
    return tuple(dict.fromkeys(character for character in text if not font.has(ord(character))))


def standard_characters() -> str:
    """The 8105 characters of 通用规范汉字表 in code-point order."""
    return (PACKED / "standard_characters.txt").read_text("utf-8").replace("\n", "")


def plain_font(folder: Path, face: str) -> Path:
    """Path of the TrueType file in `folder`, unpacked on first use; raises `FontDamaged`."""
    font = manifest()[face]
    target = folder / f"{font.packed.stem}-{font.ttf_sha256[:12]}.ttf"
    if not (target.exists() and _digest(target) == font.ttf_sha256):
        if _digest(font.packed) != font.sha256:
            raise FontDamaged(f"{font.packed.name} does not match its checksum")
        _unpack_beside(font, target)
    return target


def _unpack_beside(font: FontFile, target: Path) -> None:
    """Unpack under another name and rename, so that no process ever reads half a font."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, suffix=".part")
    os.close(handle)
    try:
        unpack(font.packed, Path(draft))
        if _digest(Path(draft)) != font.ttf_sha256:
            raise FontDamaged(f"{font.packed.name} does not unpack to the published font")
        Path(draft).chmod(0o644)
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)


def unpack(packed: Path, target: Path) -> None:
    """Write the TrueType file that a WOFF2 file holds; the same bytes every time."""
    from fontTools.ttLib import TTFont

    with TTFont(packed, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
        font.flavor = None
        font.save(target, reorderTables=None)


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
