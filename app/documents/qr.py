"""QR codes 二维码 as rectangles, so that print and zoom stay sharp."""

from __future__ import annotations

import segno

#: Version 5 at level M holds 84 bytes; a longer address would need a finer print than phones read well.
LONGEST = 84
#: A fixed mask pattern: choosing the best of eight costs five times as much and no reader needs it.
MASK = 2


def rectangles(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """The side of the code in modules (without quiet zone), and its dark runs as (column, row from top, length)."""
    code = segno.make_qr(text, error="m", mask=MASK, boost_error=False)
    runs: list[tuple[int, int, int]] = []
    for row, modules in enumerate(code.matrix):
        start: int | None = None
        for column, dark in enumerate([*modules, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                runs.append((start, row, column - start))
                start = None
    return len(code.matrix), runs
