"""The border of the certificate."""

from __future__ import annotations

import re
import zlib

from app.certificates.border import MARGIN, border


def test_the_border_is_small_vector_and_the_same_every_time() -> None:
    made = border(841.89, 595.28)
    parts = [zlib.decompress(data).decode("ascii") for data in (made.drawing, *made.parts.values())]
    assert sum(len(data) for data in (made.drawing, *made.parts.values())) < 5000
    assert all(" c" in part or " cm" in part for part in parts)
    assert not any(word in part for part in parts for word in ("Tj", "BI", "nan", "inf"))
    assert border.__wrapped__(841.89, 595.28) == made


def test_frames_stay_within_the_margin() -> None:
    drawing = zlib.decompress(border(841.89, 595.28).drawing).decode("ascii")
    for x, y, width, height in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re", drawing):
        assert float(x) >= MARGIN and float(y) >= MARGIN
        assert float(x) + float(width) <= 841.89 - MARGIN + 0.01
        assert float(y) + float(height) <= 595.28 - MARGIN + 0.01
