"""QR codes."""

from __future__ import annotations

from app.documents import qr


def test_an_address_of_eighty_characters_fits_thirty_seven_modules() -> None:
    side, runs = qr.rectangles("https://train.example.org/v/" + "A" * 52)
    assert side == 37
    assert all(column >= 0 and column + length <= side for column, _, length in runs)
    assert (0, 0, 7) in runs, "the upper edge of a finder pattern"
