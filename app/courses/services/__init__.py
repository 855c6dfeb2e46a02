"""What courses do: load the files, show a learner the way, keep progress, measure study time; say what is due for review."""

from __future__ import annotations

from app.courses.services.learn import answer_check, complete_lesson, open_lesson
from app.courses.services.load import BrokenCourse, Loaded, Report, check_folder, load_course, load_courses
from app.courses.services.look import LessonPage, Taken, find_taken, get_course, my_courses, read_lesson
from app.courses.services.review import due_content
from app.courses.services.search import Answer, search_lessons
from app.courses.services.study import BadBeat, Heard, beat, study_hours, study_tally

__all__ = [
    "Answer", "BadBeat", "BrokenCourse", "Heard", "LessonPage", "Loaded", "Report", "Taken", "answer_check", "beat",
    "check_folder", "complete_lesson", "due_content", "find_taken", "get_course", "load_course", "load_courses",
    "my_courses", "open_lesson", "read_lesson", "search_lessons", "study_hours", "study_tally",
]  # fmt: skip
