"""Turns the Markdown of a lesson into HTML that is safe to print, with its diagrams."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.courses import diagrams

CLASSES = {"ordered_list_open": "pts", "bullet_list_open": "dots", "blockquote_open": "quote", "table_open": "audit"}
# CommonMark closes "**甲。**" before a Chinese character only when a space stands between; a reader must not see it.
_SPACE_AFTER_BOLD = re.compile(r"</strong> (?=[\u4e00-\u9fff])")
# A character that no file holds after `render` took it out; it marks where a diagram goes once the HTML is clean.
_MARK = "\ue000"
TAGS = {
    "p", "h2", "h3", "ol", "ul", "li", "strong", "em", "code", "br", "hr", "blockquote", "footer", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "h2": {"id"}, "ol": {"class", "start"}, "ul": {"class"}, "blockquote": {"class"}, "table": {"class"},
    "th": {"scope"}, "td": {"data-k"}, "a": {"href"},
}  # fmt: skip


@lru_cache(maxsize=512)
def render(markdown: str, pictures: tuple[tuple[str, str], ...] = ()) -> str:
    """Safe HTML of a lesson's Markdown: sections get the ids s1, s2, …; tables carry their heads to each cell.

    `pictures` are the diagrams of the lesson in this language, name and SVG. On a phone a row of a table is a card, and
    `data-k` is the label of each cell. The last paragraph of a quotation that begins with a dash becomes its footer.
    """
    engine = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = engine.parse(markdown.replace(_MARK, ""))
    shown = _mark_diagrams(tokens, dict(pictures))
    _number_sections(tokens)
    _label_cells(tokens)
    _foot_quotations(tokens)
    for token in tokens:
        if token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
    html = engine.renderer.render(tokens, engine.options, {})
    html = _SPACE_AFTER_BOLD.sub("</strong>", html)
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https"}, link_rel="noopener")
    for place, figure in enumerate(shown):
        clean = clean.replace(f"<p>{_MARK}{place}{_MARK}</p>", figure)
    return Markup(clean)  # noqa: S704 -- cleaned by an allow-list just above; diagrams are written anew by theirs


def _mark_diagrams(tokens: list[Token], pictures: dict[str, str]) -> list[str]:
    """Put a mark where a paragraph is nothing but a diagram; returns the figures in the order of their marks."""
    figures: list[str] = []
    for token in tokens:
        children = token.children or []
        if token.type != "inline" or len(children) != 1 or children[0].type != "image":
            continue
        svg = pictures.get(str(children[0].attrGet("src")))
        if svg is None:
            continue
        token.children = [Token("text", "", 0, content=f"{_MARK}{len(figures)}{_MARK}")]
        figures.append(diagrams.figure(svg, children[0].content))
    return figures


def _number_sections(tokens: list[Token]) -> None:
    number = 0
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2":
            number += 1
            token.attrSet("id", f"s{number}")


def _label_cells(tokens: list[Token]) -> None:
    heads: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            heads = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            token.attrSet("scope", "col")
            heads.append(tokens[place + 1].content)
        elif token.type == "td_open":
            token.attrSet("data-k", heads[column] if column < len(heads) else "")
            column += 1


def _foot_quotations(tokens: list[Token]) -> None:
    for place, token in enumerate(tokens):
        if token.type != "blockquote_close" or place < 3 or tokens[place - 1].type != "paragraph_close":
            continue
        inline = tokens[place - 2]
        words = inline.content.lstrip("— ")
        if inline.type == "inline" and words != inline.content and inline.children:
            inline.content, inline.children = words, inline.children[:1]
            inline.children[0].content = words
            tokens[place - 3].tag = tokens[place - 1].tag = "footer"
