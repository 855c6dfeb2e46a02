"""Taking an answer sheet in 收卡: the agreed answers go into the journal, then the sitting is closed and scored as any other."""

from __future__ import annotations

from app import clock
from app.exams import services as exams
from app.exams.timing import PAPER, Closed
from app.marking.models import Result
from app.marking.services.hand_in import hand_in
from app.store import writing


def take_in_sheet(ref: str) -> Result | None:
    """Write the agreed sheet down and hand the sitting in; None if somebody else has just done it.

    It opens its transactions itself, because the answer store commits by itself: not inside a transaction. Stopped at
    any point and begun again it comes to the same end. Raises NotFound, exams.NotOnPaper while nothing is agreed.
    """
    try:
        exams.write_down(ref)
    except Closed:
        return None
    with writing():
        return hand_in(ref, PAPER, clock.now())
