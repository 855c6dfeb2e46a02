"""Turns the Markdown of a lesson into HTML that is safe to print, with its diagrams."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.courses import diagrams
from app.courses.glossary import Glossary, explained

CLASSES = {"ordered_list_open": "pts", "bullet_list_open": "dots", "blockquote_open": "quote", "table_open": "audit"}
# CommonMark closes "**甲。**" before a Chinese character only when a space stands between; a reader must not see it.
_SPACE_AFTER_BOLD = re.compile(r"</strong> (?=[\u4e00-\u9fff])")
# A character that no file holds after `render` took it out; it marks where a piece of our own HTML goes in the end.
_MARK = "\ue000"
_PIECE = re.compile(rf"<p>{_MARK}(\d+){_MARK}</p>|{_MARK}(\d+){_MARK}")
_ENGINE = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS = {
    "p", "h2", "h3", "ol", "ul", "li", "strong", "em", "code", "br", "hr", "blockquote", "footer", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "h2": {"id"}, "ol": {"class", "start"}, "ul": {"class"}, "blockquote": {"class"}, "table": {"class"},
    "th": {"scope"}, "td": {"data-k"}, "a": {"href"},
}  # fmt: skip


def engine() -> MarkdownIt:
    """The reader of Markdown, with the parts of it that lessons use."""
    return _ENGINE


@lru_cache(maxsize=512)
def render(
    markdown: str,
    pictures: tuple[tuple[str, str], ...] = (),
    glossary: Glossary = Glossary(),  # noqa: B008 -- frozen and empty
    language: str = "zh_CN",
    frame: diagrams.Frame | None = None,
) -> str:
    """Safe HTML of a lesson's Markdown: sections get the ids s1, s2, …; tables carry their heads to each cell.

    `pictures` are the diagrams of the lesson in this language, name and SVG, shown in a `frame`; the first time a term of the
    `glossary` stands in the text it is explained. On a phone a row of a table is a card, and
    `data-k` is the label of each cell. The last paragraph of a quotation that begins with a dash becomes its footer.
    """
    tokens = _ENGINE.parse(markdown.replace(_MARK, ""))
    pieces = _mark_diagrams(tokens, dict(pictures), frame)
    _number_sections(tokens)
    _label_cells(tokens)
    _foot_quotations(tokens)
    _mark_terms(tokens, glossary, language, pieces)
    for token in tokens:
        if token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
    html = _ENGINE.renderer.render(tokens, _ENGINE.options, {})
    html = _SPACE_AFTER_BOLD.sub("</strong>", html)
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https"}, link_rel="noopener")
    clean = _PIECE.sub(lambda found: pieces[int(found[1] or found[2])], clean)
    return Markup(clean)  # noqa: S704 -- cleaned by an allow-list just above; the pieces are written by our own code


def drawn(svg: str, alt: str) -> str:
    """One diagram by itself as HTML that is safe to print."""
    return Markup(diagrams.figure(svg, alt))  # noqa: S704 -- written anew from what is allowed


def sections(markdown: str) -> tuple[tuple[str, str], ...]:
    """The plain text of a lesson by sections, each with its title; the first, before any heading, has none."""
    found: list[tuple[str, list[str]]] = [("", [])]
    tokens = _ENGINE.parse(markdown)
    for place, token in enumerate(tokens):
        if token.type != "inline":
            continue
        words = "".join(" " if child.type == "softbreak" else child.content for child in token.children or [])
        if tokens[place - 1].type == "heading_open" and tokens[place - 1].tag == "h2":
            found.append((words, []))
        else:
            found[-1][1].append(words)
    return tuple((title, " ".join(texts)) for title, texts in found)


def _mark_diagrams(tokens: list[Token], pictures: dict[str, str], frame: diagrams.Frame | None) -> list[str]:
    """Put a mark where a paragraph is nothing but a diagram; returns the figures in the order of their marks."""
    figures: list[str] = []
    for token in tokens:
        children = token.children or []
        if token.type != "inline" or len(children) != 1 or children[0].type != "image":
            continue
        name = str(children[0].attrGet("src"))
        svg = pictures.get(name)
        if svg is None:
            continue
        token.children = [Token("text", "", 0, content=f"{_MARK}{len(figures)}{_MARK}")]
        figures.append(diagrams.figure(svg, children[0].content, name, frame))
    return figures


def _mark_terms(tokens: list[Token], glossary: Glossary, language: str, pieces: list[str]) -> None:
    """Put a mark where a term stands for the first time: in no heading, head of a table, link or code."""
    seen: set[str] = set()
    closed = ""
    for token in tokens:
        if token.type in {"heading_open", "thead_open"}:
            closed = token.type.replace("open", "close")
        elif token.type == closed:
            closed = ""
        elif token.type == "inline" and not closed:
            depth = 0
            for child in token.children or []:
                depth += child.nesting if child.type.startswith("link") else 0
                if child.type == "text" and not depth and _MARK not in child.content:
                    child.content = _with_marks(child.content, glossary, language, pieces, seen)


def _with_marks(text: str, glossary: Glossary, language: str, pieces: list[str], seen: set[str]) -> str:
    parts, last = [], 0
    for begin, end, term in glossary.find(text, language):
        if term.id not in seen:
            seen.add(term.id)
            parts += [text[last:begin], f"{_MARK}{len(pieces)}{_MARK}"]
            pieces.append(explained(text[begin:end], term, language))
            last = end
    return "".join([*parts, text[last:]])


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
