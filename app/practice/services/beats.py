"""Study time 学习时间 of practice and mock exams: counted by the courses, as that of lessons is."""

from __future__ import annotations

from app.courses import services as courses
from app.courses.studytime import Signs
from app.practice.services.learner import Learner
from app.practice.services.mock import get_mock


def beat(learner: Learner, signs: Signs) -> int:
    """Weigh a heartbeat of a page of practice. Returns whole minutes counted on practice. Raises BadBeat."""
    return courses.beat_practice(learner.person_id, learner.enrolment_id, "practice", signs).minutes


def beat_mock(learner: Learner, ref: str, signs: Signs) -> int:
    """The same of a page of one's own mock exam. Raises NotFound, BadBeat."""
    get_mock(learner, ref)
    return courses.beat_practice(learner.person_id, learner.enrolment_id, "mock", signs).minutes
