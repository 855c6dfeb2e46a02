"""From refusal to page: the only table that knows which status a refusal has."""

from __future__ import annotations

import logging
import secrets
from datetime import date, datetime
from typing import Any

from flask import Flask, jsonify, make_response, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app import refusals
from app.refusals import N_
from app.store import db
from app.web.templating import day, when

log = logging.getLogger("app.errors")

STATUS: tuple[tuple[type[refusals.Refusal], int], ...] = (
    (refusals.SignInNeeded, 401),
    (refusals.NotAllowed, 403),
    (refusals.NotFound, 404),
    (refusals.Conflict, 409),
    (refusals.TooMany, 429),
    (refusals.Unavailable, 503),
    (refusals.Refusal, 422),
)
TITLES = {
    400: N_("The request could not be read"),
    401: N_("Please sign in first."),
    403: N_("Not permitted"),
    404: N_("Page not found"),
    405: N_("The request could not be read"),
    409: N_("This has changed in the meantime"),
    410: N_("No longer available"),
    413: N_("Too large"),
    422: N_("This is not possible"),
    429: N_("Too many tries"),
    500: N_("Something went wrong on our side"),
    503: N_("The service cannot be reached at the moment."),
}
WHAT = {
    400: N_(
        "The form could not be accepted: it was open for too long or came from another window. Nothing was changed."
    ),
    404: N_("There is no such page."),
    405: N_("This address does not take such a request. Nothing was changed."),
    413: N_("What was sent is larger than this page accepts. Nothing was changed."),
    500: N_("An error happened on our side. What was saved before is kept."),
    503: N_("The database does not answer at the moment. What was saved before is kept."),
}
NEXT_STEPS = {
    400: N_("Go back, reload the page and send it again; what you typed is still in the form."),
    404: N_("Check the address, or go back to the start page."),
    413: N_("Choose a smaller file."),
    500: N_("Try again. If it happens again, tell the administrator the incident number."),
    503: N_("Try again in a minute."),
}


def status_of(refusal: refusals.Refusal) -> int:
    """The HTTP status of a refusal: its own `status` if it has one, else that of its nearest kind."""
    own = getattr(refusal, "status", None)
    return int(own) if own else next(code for kind, code in STATUS if isinstance(refusal, kind))


def prepare(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(refusals.Refusal, _refused)
    app.register_error_handler(CSRFError, lambda _error: _page(400))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(RecursionError, lambda _error: _page(400))  # JSON nested beyond reason
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(OverflowError, _too_large)
    app.register_error_handler(DataError, _too_large)
    app.register_error_handler(Exception, _crash)


def _refused(refusal: refusals.Refusal) -> Any:
    code = status_of(refusal)
    if code == 401 and not _wants_json():
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target), 303)
    told = {name: _told(value) for name, value in refusal.parameters.items()}
    return _page(
        code,
        what=gettext(refusal.message, **told) if told else gettext(refusal.message),
        kept=gettext(refusal.kept) if refusal.kept else "",
        todo=gettext(refusal.todo) if refusal.todo else "",
        name=type(refusal).__name__,
    )


def _told(value: object) -> object:
    """A parameter as the reader's language shows it."""
    if isinstance(value, datetime):
        return when(value)
    return day(value) if isinstance(value, date) else value


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400 or code not in TITLES:
        return error
    return _page(code)


def _database(error: Exception) -> Any:
    log.error("database unavailable: %s", type(error).__name__)
    response = _page(503)
    response.headers["Retry-After"] = "2"
    return response


def _too_large(error: Exception) -> Any:
    """A number in a query that no column can hold, such as a page number, names nothing that exists."""
    told = str(getattr(error, "orig", error))
    if request.method in {"GET", "HEAD"} and ("SQLite INTEGER" in told or "out of range" in told):
        return _page(404)
    return _crash(error)


def _crash(error: Exception) -> Any:
    incident = f"E-{secrets.token_hex(3).upper()}"
    log.exception("incident", extra={"incident": incident, "endpoint": request.endpoint})
    return _page(500, incident=incident)


def _page(code: int, *, what: str = "", kept: str = "", todo: str = "", incident: str = "", name: str = "") -> Any:
    """A page, or problem details (RFC 9457) for a request that wants JSON."""
    if request_ctx.url_adapter is None:  # the host name is not ours: no page can be addressed
        return make_response(f"{code}\n", code, {"Content-Type": "text/plain; charset=utf-8"})
    db.session.rollback()
    title = gettext(TITLES[code])
    what = what or (gettext(WHAT[code]) if code in WHAT else title)
    todo = todo or (gettext(NEXT_STEPS[code]) if code in NEXT_STEPS else "")
    if _wants_json():
        response = jsonify(title=title, status=code, detail=what, code=name, todo=todo, incident=incident)
        response.mimetype = "application/problem+json"
    else:
        response = make_response(
            render_template(
                "errors/problem.html", status=code, title=title, what=what, kept=kept, todo=todo, incident=incident
            )
        )
    response.status_code = code
    return response


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"
