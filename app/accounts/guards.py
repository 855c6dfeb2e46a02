"""Guards 门卫 of the routes: each view names the permission it needs or is declared public."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, request

from app.accounts import passwords
from app.accounts.permissions import PERMISSIONS, Actor
from app.accounts.services import sessions, throttle
from app.refusals import N_, NotAllowed, Refusal, SignInNeeded
from app.settings import Settings
from app.store import scope_to, settings, writing

TRIES, WINDOW = 5, 15 * 60
"""So many wrong passwords of one account within so many seconds, then it waits."""

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(megabytes: int) -> Callable[[View], View]:
    """Declare that a view takes bodies of up to so many megabytes; all others are held to the general limit."""

    def declare(view: View) -> View:
        view.__dict__["body_limit"] = megabytes * 1024 * 1024
        return view

    return declare


def compressed(view: View) -> View:
    """Declare that a page may be sent compressed: it shows nothing of the request and nothing that others typed."""
    view.__dict__["compressed"] = True
    return view


def set_body_limit() -> None:
    """Before each request: allow what its view declared."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit = view.__dict__.get("body_limit") if view else None
    if limit:
        request.max_content_length = limit


def cookie_name() -> str:
    """The name of the session cookie; `__Host-` binds it to this host behind TLS."""
    return cookie_of(settings())


def cookie_of(settings: Settings) -> str:
    """The same for an application that is not running yet."""
    return "__Host-auditorium" if settings.tls else "auditorium"


def load_actor() -> None:
    """Find out who acts, before each request; until a guard widens it, the session sees no base's rows."""
    g.actor = None
    scope_to(())
    token = request.cookies.get(cookie_name())
    if not token or request.endpoint == "static":
        return
    found = sessions.find_actor(token)
    if found is None:
        return
    g.actor, stale = found
    if stale:
        with writing():
            sessions.mark_seen(token)


def find_actor() -> Actor | None:
    """The person who acts, or None."""
    return cast("Actor | None", g.get("actor"))


def actor() -> Actor:
    """The person who acts. Raises SignInNeeded."""
    found = find_actor()
    if found is None:
        raise SignInNeeded
    return found


def enter(token: str) -> None:
    """Let the holder of a session that was opened within this request act in the rest of it."""
    found = sessions.find_actor(token)
    g.actor = found[0] if found else None


def find_holder(permission: str) -> Actor | None:
    """Who acts, if the person holds the permission, for a request that was refused before its guard was asked."""
    load_actor()
    found = find_actor()
    if found is None or not found.may(permission):
        return None
    scope_to(found.bases(permission))
    return found


def needs(permission: str) -> Callable[[View], View]:
    """Let only those in who hold the permission, and limit the session to the bases for which they hold it."""
    assert permission in PERMISSIONS, permission

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            person = actor()
            if not person.may(permission):
                raise NotAllowed
            scope_to(person.bases(permission))
            return view(*args, **kwargs)

        guarded.__dict__["permission"] = permission
        return cast("View", guarded)

    return guard


class WrongPassword(Refusal):
    """What was typed is not the password of the person who acts."""

    message = N_("This is not your password. %(left)s tries are left.")
    kept = N_("Nothing was changed.")
    todo = N_("Type the password with which you signed in.")


def prove(password: str) -> None:
    """The person who acts types the own password again, as a signature. Raises WrongPassword, TooMany.

    The tries are those of signing in, so that nothing is gained by guessing here. Not inside a transaction.
    """
    person = actor()
    key = f"sign-in:account:{sessions.fold(person.account)}"
    with writing():
        left = throttle.count(key, TRIES, WINDOW)
    known = sessions.find_account(person.account)
    current_app.extensions["sqlalchemy"].session.rollback()  # the check is slow and needs no connection
    if known is None or not passwords.verify_password(known.password_hash, password):
        raise WrongPassword(left=left)
    with writing():
        throttle.clear(key)


def public(view: View) -> View:
    """Declare that anybody may come here."""
    view.__dict__["permission"] = "public"
    return view
