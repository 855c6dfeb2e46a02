"""What a note 笔记 may be: its text, its length and its key."""

from __future__ import annotations

import re

from app.refusals import N_, Refusal

LONGEST = 4000
KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")
"""The name that a page gives to a note."""


class EmptyNote(Refusal):
    """A note without a word."""

    message = N_("A note needs at least one word.")
    kept = N_("What was saved before is kept.")
    todo = N_("Write something, or delete the note.")


class NoteTooLong(Refusal):
    """More text than one note takes."""

    message = N_("A note has at most %(most)s characters; this one has %(count)s.")
    kept = N_("Your text is still on the page, and what was saved before is kept.")
    todo = N_("Shorten it, or divide it between two notes.")


def clean(text: str) -> str:
    """The text as it is kept: one kind of line end, nothing that a database cannot hold. Raises EmptyNote, NoteTooLong."""
    text = text.replace("\r\n", "\n").replace("\x00", "").encode("utf-8", "ignore").decode().rstrip()
    if not text.strip():
        raise EmptyNote
    if len(text) > LONGEST:
        raise NoteTooLong(most=LONGEST, count=len(text))
    return text
