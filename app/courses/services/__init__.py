"""What courses do: load the files, show a learner the way, keep progress, measure study time; say what is due for review."""

from __future__ import annotations

from app.courses.services.learn import answer_check, complete_lesson, open_lesson
from app.courses.services.load import BrokenCourse, Loaded, Report, check_folder, load_course, load_courses
from app.courses.services.look import (
    LessonPage,
    Taken,
    find_taken,
    get_course,
    lesson_places,
    my_courses,
    read_lesson,
)
from app.courses.services.notes import (
    BadNote,
    TooManyNotes,
    Written,
    all_notes,
    delete_note,
    deleted_notes,
    find_deleted,
    forget_deleted_notes,
    notes_of,
    restore_note,
    save_note,
)
from app.courses.services.notes import Saved as SavedNote
from app.courses.services.review import due_content
from app.courses.services.search import Answer, search_lessons
from app.courses.services.study import Heard, beat, beat_exercise, beat_practice, study_tally

__all__ = [
    "Answer",
    "BadNote",
    "BrokenCourse",
    "Heard",
    "LessonPage",
    "Loaded",
    "Report",
    "SavedNote",
    "Taken",
    "TooManyNotes",
    "Written",
    "all_notes",
    "answer_check",
    "beat",
    "beat_exercise",
    "beat_practice",
    "check_folder",
    "complete_lesson",
    "delete_note",
    "deleted_notes",
    "due_content",
    "find_deleted",
    "find_taken",
    "forget_deleted_notes",
    "get_course",
    "lesson_places",
    "load_course",
    "load_courses",
    "my_courses",
    "notes_of",
    "open_lesson",
    "read_lesson",
    "restore_note",
    "save_note",
    "search_lessons",
    "study_tally",
]
