"""The handout 讲义 of a module as a file: made once for each text and language, and kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from app.cohorts.services import get_rules
from app.courses.content.printed import blocks
from app.courses.handout import Source, Speech, compose, in_language
from app.courses.lessons import Lesson
from app.courses.services.place import get_place, place_of
from app.courses.services.standing import standing_at
from app.courses.studytime import BEIJING, day_of
from app.documents.file import Facts
from app.documents.printing import LAYOUT, print_book
from app.files.services import made_once
from app.refusals import N_, NotFound, Refusal
from app.standards.editions import edition, find_law
from app.store import settings


class HandoutClosed(Refusal):
    """The order of the class keeps a lesson of the module closed, so its text is not handed out yet."""

    message = N_("The handout of this module is still closed: the rules of your class set the order of the lessons.")
    kept = N_("Nothing was changed.")
    todo = N_("You can download it as soon as the last lesson of the module is open. The outline shows what opens it.")
    status = 403


@dataclass(frozen=True)
class Handout:
    """The file: its bytes, the name under which it is saved, and what names its content."""

    data: bytes
    name: str
    key: str


def handout_open(enrolment_id: int, module_code: str) -> bool:
    """Whether the order of the class has opened every lesson of a module. Raises NotFound."""
    place = place_of(enrolment_id)
    if get_rules(place.cohort.id).rules.order == "free":
        return True
    return not standing_at(place).closed.keys() & set(place.get_module(module_code).lessons)


def module_handout(person_id: int, course: str, module_code: str, speech: Speech) -> Handout:
    """The handout of a module of a course that the person takes. Raises NotFound, HandoutClosed."""
    place = get_place(person_id, course)
    module = place.get_module(module_code)
    contents = place.contents
    lessons = [lesson for one in module.lessons if contents and (lesson := contents.find_lesson(one))]
    if contents is None or not lessons:
        raise NotFound
    if standing_at(place).closed.keys() & set(module.lessons):
        raise HandoutClosed
    sources = [_source(lesson, speech.language) for lesson in lessons]
    book = compose(contents.course, module, sources, day_of(contents.loaded_at), speech)
    key = hashlib.sha256(f"{LAYOUT}\0{book!r}".encode()).hexdigest()
    facts = Facts(
        title_zh=f"{module.code} {module.title['zh_CN']}", title_en=f"{module.code} {module.title['en']}",
        author="IP Auditorium 知审学堂", subject=book.above, at=contents.loaded_at.astimezone(BEIJING), identity=key,
        language=book.language,
    )  # fmt: skip
    data = made_once("handouts", f"{key}.pdf", lambda: print_book(book, settings().instance_path / "fonts", facts))
    return Handout(data, f"{module.code} {module.title[speech.language]}.pdf", key)


def _source(lesson: Lesson, language: str) -> Source:
    text = blocks(lesson.body[language], in_language(lesson.diagrams, language), language)
    of = edition(lesson.edition) if lesson.edition else None
    return Source(lesson, text, of, tuple(law for law in map(find_law, lesson.laws) if law))
