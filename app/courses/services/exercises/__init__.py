"""What is done with the practical audit 实训: load it, work on it, compare, and read it as a teacher."""

from __future__ import annotations

from app.courses.services.exercises.compare import again, drop_copy, tick, use_copy
from app.courses.services.exercises.load import BrokenExercise, LoadedExercise, check_folder, load_exercises
from app.courses.services.exercises.look import (
    ExercisePage,
    TaskPage,
    TaskState,
    read_exercise,
    read_task,
)
from app.courses.services.exercises.teach import AnswerPage, AnswerRow, comment, list_answers, read_answer
from app.courses.services.exercises.write import (
    HandedIn,
    NothingWritten,
    NotYet,
    Saved,
    TooManyCopies,
    hand_in,
    save_draft,
)

__all__ = [
    "AnswerPage", "AnswerRow", "BrokenExercise", "ExercisePage", "HandedIn", "LoadedExercise", "NotYet",
    "NothingWritten", "Saved", "TaskPage", "TaskState", "TooManyCopies", "again", "check_folder", "comment",
    "drop_copy", "hand_in", "list_answers", "load_exercises", "read_answer", "read_exercise", "read_task", "save_draft",
    "tick", "use_copy",
]  # fmt: skip
