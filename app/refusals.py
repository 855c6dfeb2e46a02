"""Refusals 拒绝: the reasons for which the house says no, each one sentence that a person can act on."""

from __future__ import annotations

from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for "mark, translate later"
    """Mark an English message id for the catalogues without translating it."""
    return message


class Refusal(Exception):
    """A request that cannot be met. `message` is a message id, `parameters` fill its `%(name)s` places.

    `kept` says what was not lost and `todo` what to do next; both are message ids or empty.
    """

    message: ClassVar[str] = N_("This is not possible.")
    kept: ClassVar[str] = ""
    todo: ClassVar[str] = ""

    def __init__(self, **parameters: object) -> None:
        super().__init__(self.message % parameters if parameters else self.message)
        self.parameters = parameters


class NotFound(Refusal):
    """There is nothing here for this person: unknown and foreign ids answer alike."""

    message = N_("There is no such page.")
    todo = N_("Check the address, or go back to the start page.")


class NotAllowed(Refusal):
    """The person is known but holds no role that permits the act."""

    message = N_("Your role does not permit this.")
    todo = N_("Ask the administrator of your training base for the role if you need it.")


class SignInNeeded(Refusal):
    """The act needs a person, and nobody is signed in."""

    message = N_("Please sign in first.")


class Conflict(Refusal):
    """The state of things has moved on since the page was loaded."""

    message = N_("This has changed since you opened the page.")
    todo = N_("Reload the page and look at it again.")


class TooMany(Refusal):
    """A limit on tries within a time was reached; `minutes` until the next try."""

    message = N_("Too many tries. Wait %(minutes)s minutes and try again.")


class Unavailable(Refusal):
    """A part of the system that is needed does not answer at the moment."""

    message = N_("The service cannot be reached at the moment.")
    todo = N_("Try again in a minute.")
