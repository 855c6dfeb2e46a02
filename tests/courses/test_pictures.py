"""Diagrams as line drawings: every shape of the allowed SVG, with the colours of its classes."""

from __future__ import annotations

import math
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.courses import content
from app.courses.diagrams import CLASSES
from app.courses.paths import ellipse, polygon, rectangle, steps_of
from app.courses.pictures import PAINT, picture
from app.documents.pictures import Label, Shape


def svg(inside: str, height: int = 200) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}">{inside}</svg>'


def test_every_shape_becomes_a_path_and_every_text_a_label() -> None:
    found = picture(
        svg(
            '<g transform="translate(10, 20)"><rect class="box dash" x="1" y="2" width="30" height="40" rx="4"/></g>'
            '<circle class="accent" cx="5" cy="5" r="3"/><ellipse class="soft" cx="5" cy="5" rx="3" ry="2"/>'
            '<line class="line" x1="0" y1="0" x2="9" y2="9"/><polyline class="line" points="0,0 5,5 9,0"/>'
            '<polygon class="good" points="0,0 5,5 9,0"/><path class="ink" d="M0 0 L5 5"/>'
            '<text class="muted" x="7" y="8" font-size="14" text-anchor="middle">一<tspan x="9" dy="18">二</tspan></text>'
        )
    )
    shapes = [part for part in found.parts if isinstance(part, Shape)]
    labels = [part for part in found.parts if isinstance(part, Label)]
    assert (found.width, found.height, len(shapes)) == (640, 200, 7)
    assert shapes[0].dashed and shapes[0].matrix[4:] == (10, 20) and shapes[0].fill == (1, 1, 1)
    assert shapes[3].fill is None and shapes[2].stroke is None
    assert [(one.text, one.at, one.size, one.align) for one in labels] == [
        ("一", (7, 8), 14, "centre"), ("二", (9, 26), 14, "centre"),
    ]  # fmt: skip


def test_every_class_has_its_paint() -> None:
    assert PAINT.keys() | {"dash"} == CLASSES


def test_paths_follow_every_command() -> None:
    assert steps_of("M1 2 3 4") == (("m", (1, 2)), ("l", (3, 4)))
    assert steps_of("m1 2 3 4h5v-6z") == (("m", (1, 2)), ("l", (4, 6)), ("l", (9, 6)), ("l", (9, 0)), ("h", ()))
    assert steps_of("M0,0 C1 1 2 2 3 3 S5 5 6 6")[2] == ("c", (4, 4, 5, 5, 6, 6))
    assert steps_of("M0 0 Q3 0 3 3 T6 6")[2] == ("c", (3, 5, 4, 6, 6, 6))
    assert steps_of("M0 0 L5 x") == (("m", (0, 0)),)
    assert polygon("1,2 3,4 5", closed=True) == (("m", (1, 2)), ("l", (3, 4)), ("h", ()))
    assert len(rectangle((0, 0, 9, 9), 0, 0)) == 5 and len(rectangle((0, 0, 9, 9), 2, 2)) == 10
    assert len(ellipse(0, 0, 1, 2)) == 6


@given(st.floats(1, 50), st.floats(0.1, 6.2), st.booleans(), st.booleans())
def test_an_arc_stays_on_its_circle_and_ends_where_it_is_told(r: float, turn: float, large: bool, sweep: bool) -> None:
    end = r * math.cos(turn), r * math.sin(turn)
    steps = steps_of(f"M{r:.6f} 0 A{r:.6f} {r:.6f} 0 {int(large)} {int(sweep)} {end[0]:.6f} {end[1]:.6f}")
    assert steps[-1][1][-2:] == pytest.approx(end, abs=1e-4)
    own = sweep == (turn < math.pi) if not large else sweep == (turn > math.pi)
    for _operator, points in steps[1:] if own else ():
        assert math.hypot(*points[-2:]) == pytest.approx(r, rel=1e-2)


def test_every_diagram_of_the_courses_can_be_printed() -> None:
    for path in sorted((content.COURSES / "diagrams").glob("*.svg")):
        text = path.read_text(encoding="utf-8")
        found = picture(text)
        words = "".join(part.text for part in found.parts if isinstance(part, Label))
        assert len(words) and re.sub(r"\s", "", words) == re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", text))), (
            path.name
        )
