"""The handout 讲义 of a module: its lessons, their self-check questions, and the answers at the end, as one printed book."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.banks.items import Text
from app.courses.lessons import Check, Course, Lesson, Module
from app.documents.blocks import Block, Book, Heading, Items, Paragraph, Part, Run, Words
from app.refusals import N_
from app.standards.clauses import Edition
from app.standards.laws import Law

LETTERS = "ABCDEF"
TAGS = {"zh_CN": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Speech:
    """How the handout speaks: its language, and the sentences and days of that language."""

    language: str
    say: Callable[[str], str]
    day: Callable[[date], str]

    def __call__(self, message: str, **parameters: object) -> str:
        """The sentence of a message id with its places filled; English quotation marks are straight on paper."""
        return self.straight(self.say(message) % parameters)

    def of(self, text: Text) -> str:
        """The text in this language."""
        return self.straight(text[self.language])

    def straight(self, text: str) -> str:
        """English with straight quotation marks: the curly ones of a Chinese typeface are as wide as a character."""
        return text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}) if self.language == "en" else text


@dataclass(frozen=True)
class Source:
    """A lesson with its text in blocks, and the edition and laws that it rests on."""

    lesson: Lesson
    blocks: tuple[Block, ...]
    edition: Edition | None
    laws: tuple[Law, ...]


def compose(course: Course, module: Module, sources: Sequence[Source], loaded: date, speech: Speech) -> Book:
    """The book of a module; `loaded` is the day on which this version of the course was loaded."""
    parts = [_lesson(module, source, speech) for source in sources]
    checks = sum(len(source.lesson.checks) for source in sources)
    if checks:
        parts.append(Part("", speech(ANSWERS), tuple(_answers(module, sources, speech))))
    return Book(
        language=TAGS[speech.language],
        above=speech.of(course.title),
        title=f"{module.code} {speech.of(module.title)}",
        front=(
            speech(N_("%(hours)s class hours"), hours=module.hours),
            speech(N_("%(lessons)s lessons, %(checks)s self-check questions"), lessons=len(sources), checks=checks),
            speech(N_("Text of %(day)s"), day=speech.day(loaded)),
        ),
        notice=_notice([source.edition for source in sources if source.edition], speech),
        contents=speech(N_("Contents")),
        page_words=speech(N_("Page %(page)s of %(pages)s"), page="{page}", pages="{pages}"),
        parts=tuple(parts),
    )


ANSWERS = N_("Answers to the self-check questions")


def _notice(editions: Sequence[Edition], speech: Speech) -> str:
    """Which editions are taught, and which of them was replaced."""
    several = {edition.code: edition for edition in editions}
    said = [_replaced(edition, speech) for edition in several.values() if edition.replaced_on]
    if said:
        said.append(speech(HOLDS))
    return (" " if speech.language == "en" else "").join(said)


HOLDS = N_("What is said here of clauses holds for the edition taught. Certification is now against the new edition.")


def _replaced(edition: Edition, speech: Speech) -> str:
    given = {
        "number": edition.number,
        "successor": edition.replaced_by,
        "day": speech.day(edition.replaced_on or date.max),
    }
    return speech(N_("%(number)s was replaced by %(successor)s on %(day)s."), **given)


def _lesson(module: Module, source: Source, speech: Speech) -> Part:
    lesson = source.lesson
    mark = module.number_of(lesson)
    blocks: list[Block] = [
        Paragraph(_words(_rests_on(source, speech)), "facts"),
        *source.blocks,
        *_said(lesson, speech),
    ]
    blocks.append(_small(speech(N_("Source: %(source)s"), source=speech.of(lesson.source))))
    for law in source.laws:
        if law.ends:
            ends = {"law": law.title(speech.language), "day": speech.day(law.ends)}
            blocks.append(
                _small(speech(N_("%(law)s applies up to and including %(day)s, a later text after that."), **ends))
            )
    if lesson.checks:
        title = speech(N_("Self-check questions"))
        blocks.append(Heading(3, _words(title), title))
    for number, check in enumerate(lesson.checks, 1):
        blocks += _question(number, check, speech)
    return Part("" if mark == module.code else mark, speech.of(lesson.title), tuple(blocks))


def _said(lesson: Lesson, speech: Speech) -> Iterator[Block]:
    """What is said in the video of the lesson, for those who have only paper."""
    if lesson.video is not None:
        title = speech(N_("Transcript of the video: %(title)s"), title=speech.of(lesson.video.title))
        yield Heading(3, _words(title), title)
        gap = " " if speech.language == "en" else ""
        yield Paragraph(_words(speech.straight(gap.join(cue.text for cue in lesson.video.cues(speech.language)))))


def _rests_on(source: Source, speech: Speech) -> str:
    """Edition, laws and minutes in one line."""
    parts = [source.edition.number] if source.edition else []
    parts += [law.title(speech.language) for law in source.laws]
    parts.append(speech(N_("About %(minutes)s minutes"), minutes=source.lesson.minutes))
    return " · ".join(parts)


def _question(number: int, check: Check, speech: Speech) -> Iterator[Block]:
    yield Paragraph((Run(f"{number}. {speech.of(check.stem)}", bold=True),), "strong")
    options = tuple((Paragraph(_words(speech.of(option.text))),) for option in check.options)
    yield Items(options, tuple(f"{letter}." for letter in LETTERS[: len(options)]))


def _answers(module: Module, sources: Sequence[Source], speech: Speech) -> Iterator[Block]:
    for source in sources:
        lesson = source.lesson
        if not lesson.checks:
            continue
        mark = module.number_of(lesson)
        title = f"{'' if mark == module.code else mark} {speech.of(lesson.title)}".strip()
        yield Heading(3, _words(title), title)
        for number, check in enumerate(lesson.checks, 1):
            yield from _answer(number, check, speech)


def _answer(number: int, check: Check, speech: Speech) -> Iterator[Block]:
    right = [LETTERS[place] for place, option in enumerate(check.options) if option.right]
    comma = "、" if speech.language == "zh_CN" else ", "
    key = speech(N_("%(number)s. Right: %(letters)s"), number=number, letters=comma.join(right))
    yield Paragraph((Run(key, bold=True),), "strong")
    reasons = tuple((Paragraph(_words(speech.of(option.because)), "reason"),) for option in check.options)
    yield Items(reasons, tuple(f"{letter}." for letter in LETTERS[: len(reasons)]))


def _small(text: str) -> Paragraph:
    return Paragraph(_words(text), "small")


def _words(text: str) -> Words:
    return (Run(text),)


def in_language(diagrams: Mapping[str, Text], language: str) -> dict[str, str]:
    """The SVG of each diagram in a language."""
    return {name: texts[language] for name, texts in diagrams.items() if language in texts}
