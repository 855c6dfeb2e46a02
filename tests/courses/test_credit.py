"""Which study time goes to the class hours: lessons in full, the rest up to what the course plans for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.courses.credit import KINDS, Share, Subject, credited, shares
from app.courses.lessons import Module

TITLE = {"en": "Practice"}
MODULES = (
    Module("A1", "A1", "a1", 4, {"en": "Why"}, ("one", "two")),
    Module("A11", "A11", "a11", 6, TITLE, (), practice_minutes=180, exercise="robots"),
    Module("B3", "B3", "b3", 4, {"en": "Exam"}, ("three",), practice_minutes=60),
)
HOUR = 3600


def test_lessons_count_in_full() -> None:
    assert credited(shares({Subject("lesson", "one"): 100 * HOUR, Subject("lesson"): HOUR}, MODULES)) == 101 * HOUR


def test_an_exercise_counts_up_to_twice_the_practice_of_its_module() -> None:
    _lessons, audit, _practice = shares({Subject("exercise", "robots"): 7 * HOUR}, MODULES)
    assert audit == Share("exercise", 7 * HOUR, 6 * HOUR, TITLE)
    assert audit.credited == 6 * HOUR


def test_practice_and_mock_exams_share_the_practice_of_all_modules() -> None:
    spent = {Subject("mock"): 3 * HOUR, Subject("practice"): 2 * HOUR}
    assert shares(spent, MODULES)[-1] == Share("practice", 5 * HOUR, 4 * HOUR)
    assert credited(shares(spent, MODULES)) == 4 * HOUR


def test_an_exercise_that_the_course_no_longer_has_counts_as_practice() -> None:
    assert credited(shares({Subject("exercise", "gone"): 5 * HOUR}, MODULES)) == 4 * HOUR


def test_a_course_without_practice_credits_none() -> None:
    assert credited(shares({Subject("mock"): HOUR, Subject("lesson", "one"): 60}, MODULES[:1])) == 60
    assert credited(shares({Subject("mock"): HOUR}, ())) == 0


SUBJECTS = st.builds(Subject, st.sampled_from(KINDS), st.sampled_from(("", "one", "robots", "gone")))
SPENT = st.dictionaries(SUBJECTS, st.integers(0, 20 * HOUR))


@given(SPENT)
def test_every_second_stands_in_one_part_and_none_is_made_up(spent: dict[Subject, int]) -> None:
    found = shares(spent, MODULES)
    assert sum(part.counted for part in found) == sum(spent.values())
    assert 0 <= credited(found) <= sum(spent.values())


@given(SPENT, SUBJECTS, st.integers(1, HOUR))
def test_more_study_never_takes_hours_away(spent: dict[Subject, int], subject: Subject, more: int) -> None:
    before = credited(shares(spent, MODULES))
    after = credited(shares({**spent, subject: spent.get(subject, 0) + more}, MODULES))
    assert before <= after <= before + more
