"""Diagrams: what may stand in one, that its text fits, and that nothing else ever reaches a page."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.courses import diagrams


def svg(inside: str, box: str = "0 0 640 200") -> str:
    return f'<svg viewBox="{box}">{inside}</svg>'


GOOD = svg(
    '<title>t</title><g transform="translate(10, 20) scale(2)"><rect class="box" x="1" y="1" width="90" height="40" rx="4"/>'
    '<path class="line dash" d="M0 0 L10,10 Z"/><text class="ink" x="50" y="25" font-size="14" text-anchor="middle">计划'
    '<tspan x="50" dy="18">plan</tspan></text></g>'
)
BAD = [
    ("<script>alert(1)</script>", "diagram-is-plain"),
    ('<rect style="fill:red"/>', "diagram-is-plain"),
    ('<rect onclick="x()"/>', "diagram-is-plain"),
    ('<use href="#a"/>', "diagram-is-plain"),
    ('<image href="https://elsewhere.example/x.png"/>', "diagram-is-plain"),
    ('<rect class="red"/>', "diagram-is-plain"),
    ('<rect class=""/>', "diagram-is-plain"),
    ('<rect x="1e9"/>', "diagram-is-plain"),
    ('<g transform="matrix(1 0 0 1 0 0)"/>', "diagram-is-plain"),
    ('<g transform="scale(-)"/>', "diagram-is-plain"),
    ('<svg viewBox="0 0 640 20"/><g viewBox="0 0 640 20"/>', "diagram-is-plain"),
    ("words", "diagram-is-plain"),
    ('<text x="600" y="50">一二三四五</text>', "diagram-text-fits"),
    ('<text x="20" y="50" text-anchor="middle">一二三四五</text>', "diagram-text-fits"),
    ('<text x="20" y="50" text-anchor="end">eleven signs</text>', "diagram-text-fits"),
    ('<text x="20" y="205">below</text>', "diagram-text-fits"),
    ('<text x="20" y="50" font-size="9">small</text>', "diagram-text-fits"),
    ('<g transform="translate(600 0)"><text x="20" y="50">words</text></g>', "diagram-text-fits"),
    ('<g transform="rotate(90 0 0)"><text x="20" y="50">words</text></g>', "diagram-text-fits"),
    ('<text x="20" y="50">one<tspan x="620" dy="20">two words</tspan></text>', "diagram-text-fits"),
]


def test_a_plain_diagram_breaks_no_rule() -> None:
    assert list(diagrams.faults(GOOD)) == []


@pytest.mark.parametrize(("inside", "rule"), BAD)
def test_what_has_no_place_is_told_with_its_line(inside: str, rule: str) -> None:
    found = list(diagrams.faults(svg("\n" + inside)))
    assert {one[0] for one in found} == {rule}
    assert all(one[1] in {1, 2} and one[2] and one[3] for one in found)


@pytest.mark.parametrize(
    "whole",
    ["", "<svg", "<p/>", "<svg/>", svg("", "0 0 100 100"), '<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 640 9">&a;</svg>',
     '<?xml-stylesheet href="x"?><svg viewBox="0 0 640 90"/>'],
)  # fmt: skip
def test_what_is_no_diagram_is_told(whole: str) -> None:
    assert {rule for rule, *_rest in diagrams.faults(whole)} == {"diagram-is-plain"}


def test_the_figure_has_its_name_and_keeps_what_is_allowed() -> None:
    html = diagrams.figure(GOOD, 'Plan & "more"')
    assert 'role="img" aria-label="Plan &amp; &quot;more&quot;"' in html
    assert '<rect class="box" x="1" y="1" width="90" height="40" rx="4">' in html
    assert diagrams.figure("<svg", "Plan") == "<figure><p>Plan</p></figure>"


def test_names_stand_in_paragraphs_of_their_own() -> None:
    body = "![a](one)\n\ntext ![b](two)\n\n![c](three)\n![d](https://x.example/y)\n\n![e](one)"
    assert diagrams.names_in(body) == ("one", "three")


NAMES = st.sampled_from(
    [*sorted(diagrams.ELEMENTS), "script", "style", "foreignObject", "use", "a", "image", "animate", "iframe"]
)
KEYS = st.sampled_from([*sorted(diagrams.PATTERNS), "class", "style", "href", "onload", "id", "xmlns", "fill"])
VALUES = st.sampled_from(
    ["ink", "1", "0 0 640 100", "javascript:alert(1)", "url(#a)", "M0 0", "translate(1 2)", '"><script>']
)


@pytest.mark.parametrize(("size", "small"), [("13", True), ("15.9", True), ("16", False), ("20", False)])
def test_a_diagram_of_small_type_is_not_shrunk_to_a_phone(size: str, small: bool) -> None:
    svg = f'<svg viewBox="0 0 640 80"><text x="9" y="40" font-size="{size}">words</text></svg>'
    assert ("diagram--small" in diagrams.figure(svg, "alt")) is small
    assert "diagram--small" not in diagrams.figure('<svg viewBox="0 0 640 80"/>', "alt"), "nothing to read"


def test_a_frame_links_to_the_large_diagram_and_says_that_it_scrolls() -> None:
    frame = diagrams.Frame("/d/{name}?x=1&y=2", "Open <large>", "Scroll & see")
    html = diagrams.figure(GOOD, "Plan", "plan", frame)
    assert '<a href="/d/plan?x=1&amp;y=2">Open &lt;large&gt;</a>' in html and "Scroll &amp; see" in html
    assert "figcaption" not in diagrams.figure(GOOD, "Plan", "plan")


def test_alternatives_are_read_by_name() -> None:
    assert diagrams.alternatives("甲\n\n![一图](one)\n\n![二](two.x) 乙\n") == {"one": "一图"}


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> ElementTree.Element:
    """An element of any kind with any attributes."""
    made = ElementTree.Element(draw(NAMES), draw(st.dictionaries(KEYS, VALUES, max_size=4)))
    made.text = draw(st.sampled_from(["", "words", "<script>x</script>"]))
    if depth:
        made.extend(draw(st.lists(trees(depth - 1), max_size=3)))
    return made


@given(trees())
def test_only_what_is_allowed_is_ever_written(tree: ElementTree.Element) -> None:
    root = ElementTree.Element("svg", {"viewBox": "0 0 640 100"})
    root.append(tree)
    html = diagrams.figure(ElementTree.tostring(root, encoding="unicode"), "alt")
    written = ElementTree.fromstring(html)
    assert {one.tag for one in written.iter()} <= diagrams.ELEMENTS | {"figure", "div"}
    given_names = {name for one in written.iter() for name in one.attrib}
    assert given_names <= {*diagrams.PATTERNS, "class", "role", "aria-label", "focusable", "tabindex"}
    assert not any("javascript" in value for one in written.iter() for value in one.attrib.values())


@given(st.text(max_size=200))
def test_any_text_is_judged_without_a_crash(text: str) -> None:
    assert list(diagrams.faults(text))
    assert diagrams.figure(text, text).startswith("<figure")
