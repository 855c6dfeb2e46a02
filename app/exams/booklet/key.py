"""The key 答案 of one form for those who mark it: letters as this sitting shows them, accepted blanks, rubrics, models."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from app.banks.items import LETTERS, Blank, Case, Choice, Item, Judge, Short
from app.documents.blocks import Block, Heading, Items, Paragraph, Run, Table, Words
from app.documents.leaflets import Leaflet
from app.documents.opening import Fact
from app.exams.assembly import FormItem
from app.exams.booklet.paper import BLANK, Paper, foot, paragraphs, part_title
from app.exams.booklet.sheet import GRADE_WORDS
from app.exams.booklet.speech import Speech
from app.exams.keying import JUDGED
from app.refusals import N_

SECRET = N_("For markers only. Keep it locked away, and destroy it after marking.")


def key(paper: Paper, speech: Speech) -> Leaflet:
    """The key of a form; it names the form and nobody's name."""
    return Leaflet(
        language=speech.tag, above=speech.of(paper.title), title=speech(N_("Key")),
        facts=(
            Fact(speech(N_("Form code")), paper.code, strong=True),
            Fact(speech(N_("Full marks")), str(paper.full)),
        ),
        opening=paragraphs(speech.each(SECRET), "strong"), groups=tuple(_groups(paper, speech)),
        foot=foot(paper, speech, named=False), blank=speech(BLANK),
    )  # fmt: skip


def right_letters(row: FormItem, item: Item) -> str:
    """The right boxes of a question as the sheet of this form has them, such as "AC" or "T"; "" for words."""
    if isinstance(item, Judge):
        return JUDGED[item.answer]
    if isinstance(item, Choice):
        return "".join(LETTERS[place] for place, option in enumerate(row.options) if option in item.right)
    return ""


def _groups(paper: Paper, speech: Speech) -> Iterator[tuple[Block, ...]]:
    head = tuple(map(_words, (speech(N_("No.")), speech(N_("Key")), speech(N_("Full marks")), speech(N_("Item")))))
    for part in paper.parts():
        title = Heading(3, _words(" ".join(part_title(part, speech))))
        if part[1] in {"single", "multiple", "judge"}:
            yield (title, Table(head, tuple(_line(row, paper) for row in part[3])))
            continue
        above: tuple[Block, ...] = (title,)
        for row in part[3]:
            yield (*above, *_in_words(row, paper.items[row.version], speech))
            above = ()


def _line(row: FormItem, paper: Paper) -> tuple[Words, ...]:
    cells = (str(row.slot), right_letters(row, paper.items[row.version]), str(row.marks), row.id)
    return tuple(map(_words, cells))


def _in_words(row: FormItem, item: Item, speech: Speech) -> Iterator[Block]:
    yield Paragraph((Run(f"{row.slot}. {row.id} · {row.marks}", bold=True),), "strong")
    if isinstance(item, Blank):
        accepted = [
            " / ".join(dict.fromkeys(word for each in gap.accept.values() for word in each)) for gap in item.gaps
        ]
        yield _list([(text,) for text in accepted], tuple(f"({n})" for n in range(1, len(accepted) + 1)))
    elif isinstance(item, Short):
        yield from paragraphs(speech.texts(item.model), "reason")
        yield _list([speech.texts(point.text) for point in item.rubric], _shares([p.share for p in item.rubric], row))
    elif isinstance(item, Case):
        yield from _case(item, speech)


def _case(item: Case, speech: Speech) -> Iterator[Block]:
    clauses = ", ".join(f"{one.no} ({_number(one.share)})" for one in item.key.clauses)
    yield from paragraphs([speech(N_("Clauses with their share: %(clauses)s"), clauses=clauses)], "reason")
    yield from paragraphs([speech(N_("Grade: %(grade)s"), grade=speech(GRADE_WORDS[item.key.grade]))], "reason")
    for label, text in (
        (N_("Facts that do not conform"), item.key.facts),
        (N_("What the clause requires, in your own words"), item.key.requirement),
        (N_("Reason for the grade"), item.key.reason),
    ):
        yield Paragraph((Run(speech(label), bold=True),), "reason")
        yield from paragraphs(speech.texts(text), "reason")


def _shares(shares: list[Fraction], row: FormItem) -> tuple[str, ...]:
    """The marks of each point of a rubric."""
    return tuple(_number(share * row.marks) for share in shares)


def _number(value: Fraction) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def _list(texts: list[tuple[str, ...]], marks: tuple[str, ...]) -> Items:
    return Items(tuple(paragraphs(one, "reason") for one in texts), marks)


def _words(text: str) -> Words:
    return (Run(text),)
