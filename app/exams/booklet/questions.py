"""The booklet 试卷册: a cover with the rules, then the questions of a sitting as its screen would show them."""

from __future__ import annotations

from collections.abc import Iterator

from app.banks.delivery import Delivered, for_candidate
from app.documents.blocks import Block, Heading, Items, Paragraph, Run
from app.documents.leaflets import Leaflet
from app.documents.opening import Fact
from app.exams.assembly import FormItem
from app.exams.booklet.paper import BLANK, RULES, Paper, foot, near, paragraphs, part_title, who
from app.exams.booklet.speech import Speech
from app.refusals import N_

HOUSE_RULES = (
    N_("Check the name, the admission number and the form code on this booklet and on the answer sheet first."),
    N_("Do not open the booklet before the invigilator declares the start."),
    N_("Write every answer on the answer sheet; what stands in this booklet is not marked."),
    N_("Use a black or blue pen. Fill the box of the letter that you choose; cross a filled box out to take it back."),
    N_("Nobody helps and nothing is copied, photographed or taken along: booklet and sheet are collected."),
)
SAVED = N_(
    "%(answered)s answers were saved on screen before the paper was printed and stay valid. They are printed on the "
    "answer sheet; write there only what is new or different."
)


def booklet(paper: Paper, speech: Speech) -> Leaflet:
    """The booklet of a sitting; nothing of the key is in it."""
    title = speech(N_("Question booklet"))
    return Leaflet(
        language=speech.tag, above=speech.of(paper.title), title=title, facts=_facts(paper, speech),
        opening=tuple(_cover(paper, speech)), groups=tuple(_groups(paper, speech)), foot=foot(paper, speech),
        blank=speech(BLANK), code=f"IPA {paper.code} {paper.number}"[:80],
        code_says=speech(N_("QR code with form code and admission number")), scale=paper.scale, cover=True,
    )  # fmt: skip


def _facts(paper: Paper, speech: Speech) -> tuple[Fact, ...]:
    found = [
        *who(paper, speech),
        Fact(speech(N_("Held by")), speech.of(paper.base)),
        Fact(speech(N_("Time allowed")), speech(N_("%(minutes)s minutes"), minutes=paper.minutes)),
        Fact(
            speech(N_("Questions and marks")),
            speech(N_("%(questions)s questions, %(marks)s marks"), questions=len(paper.form), marks=paper.full),
        ),
        Fact(speech(N_("Form code")), paper.code),
    ]
    if paper.ends_at is not None:
        found.insert(4, Fact(speech(N_("Ends at")), speech.moment(paper.ends_at)))
    return tuple(found)


def _cover(paper: Paper, speech: Speech) -> Iterator[Block]:
    if paper.saved:
        yield from paragraphs(speech.each(SAVED, answered=len(paper.saved)), "strong")
    yield _heading(3, speech(N_("Rules")))
    rules = [*HOUSE_RULES, *([RULES[paper.multiple]] if paper.multiple in RULES else [])]
    yield Items(tuple(near(speech.each(one)) for one in rules), ("•",) * len(rules))


def _groups(paper: Paper, speech: Speech) -> Iterator[tuple[Block, ...]]:
    for part in paper.parts():
        head: list[Block] = [_heading(3, " ".join(part_title(part, speech)))]
        for row in part[3]:
            yield (*head, *_question(row, paper, speech))
            head = []


def _question(row: FormItem, paper: Paper, speech: Speech) -> Iterator[Block]:
    shown = [for_candidate(paper.items[row.version], one, row.options) for one in speech.languages]
    asked = speech.texts({one: each.stem for one, each in zip(speech.languages, shown, strict=True)})
    yield from _documents(shown, speech)
    if shown[0].scene is not None:
        scenes = speech.texts({one: each.scene or "" for one, each in zip(speech.languages, shown, strict=True)})
        first, *more = paragraphs(scenes)
        yield Paragraph((Run(f"{row.slot}. ", bold=True), *first.words))
        yield from more
        yield from (Paragraph((Run(text, bold=True),)) for text in asked)
        return
    first, *more = near(asked)
    yield Paragraph((Run(f"{row.slot}. ", bold=True), *first.words), first.look)
    yield from more
    if shown[0].options:
        yield _options(shown, speech)


def _documents(shown: list[Delivered], speech: Speech) -> Iterator[Block]:
    """What is read beside the question stands before it on paper."""
    for place in range(len(shown[0].documents)):
        titles, texts = (
            {one: each.documents[place][part] for one, each in zip(speech.languages, shown, strict=True)}
            for part in (0, 1)
        )
        yield from (Paragraph((Run(title, bold=True),)) for title in speech.texts(titles))
        yield from paragraphs(speech.texts(texts))


def _options(shown: list[Delivered], speech: Speech) -> Items:
    """The options in the order of the sitting, each in every language of the paper."""
    letters = [letter for letter, _ in shown[0].options]
    texts = [
        speech.texts({one: dict(each.options)[letter] for one, each in zip(speech.languages, shown, strict=True)})
        for letter in letters
    ]
    return Items(tuple(near(one) for one in texts), tuple(f"{letter}." for letter in letters))


def _heading(level: int, text: str) -> Heading:
    return Heading(level, (Run(text),))
