"""Screens of accounts 账号: signing in and out, one's own account, the staff of a base, the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, session, url_for
from flask_babel import format_datetime, gettext
from flask_wtf.csrf import generate_csrf

from app.accounts import ledger_words, passwords
from app.accounts.forms import PasswordForm, SignInForm, SignOutForm
from app.accounts.guards import TRIES, WINDOW, actor, cookie_name, find_actor, needs, public
from app.accounts.permissions import LEARNERS, ROLES
from app.accounts.services import people, sessions, throttle
from app.ledger import services as ledger
from app.pages import Page
from app.refusals import NotFound, TooMany
from app.store import settings, writing

bp = Blueprint("accounts", __name__)

PER_ADDRESS = 200  # a training room is one address: the limit per account is the one that bites
PAGE = 50


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """Account and password; after 5 failures an account waits 15 minutes."""
    if request.method == "GET" and find_actor() is not None:
        return redirect(_landing(), 303)
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    if request.method == "POST" and form.validate_on_submit():
        token, trouble = try_sign_in(form.account.data or "", form.password.data or "")
        if token:
            session.clear()
            return with_cookie(redirect(_safe(form.next.data) or url_for("accounts.landing"), 303), token)
        return render_template("accounts/sign_in.html", form=form, trouble=trouble), 422
    return render_template("accounts/sign_in.html", form=form, trouble=None), 422 if form.errors else 200


def try_sign_in(account: str, password: str) -> tuple[str | None, dict[str, int]]:
    """A session token, or how many tries remain (`left`) or minutes to wait (`wait`)."""
    key, address = f"sign-in:account:{sessions.fold(account)}", f"sign-in:address:{request.remote_addr}"
    try:
        with writing():
            left = throttle.count_all({address: PER_ADDRESS, key: TRIES}, WINDOW)[key]
    except TooMany as refusal:
        return None, {"wait": int(str(refusal.parameters["minutes"]))}
    known = sessions.find_account(account)
    stored = known.password_hash if known else None
    sessions_end_read()
    if not passwords.verify_password(stored, password) or known is None:
        return None, {"left": left}
    with writing():
        throttle.succeed(key, address)
        token = sessions.open_session(known.person_id, agent=request.user_agent.string, password=password)
    return token, {}


def sessions_end_read() -> None:
    """Give the database connection back while the password is checked: that takes longer than everything else."""
    current_app.extensions["sqlalchemy"].session.rollback()


@bp.post("/reauth")
@public
def reauth() -> Any:
    """Sign in again in place, from the exam page: {account, password} → {csrf}; 401 when it does not fit."""
    body = request.get_json(silent=True) or {}
    account, password = str(body.get("account", ""))[:100], str(body.get("password", ""))[:128]
    token, trouble = try_sign_in(account, password)
    if token is None:
        return jsonify(code="wrong" if "left" in trouble else "wait", **trouble), 401
    stays = {name: session[name] for name in _STAYS if name in session}
    session.clear()
    session.update(stays)
    return with_cookie(jsonify(csrf=generate_csrf()), token)


_STAYS = ("seb",)
"""What a browser has proved of itself and need not prove again because somebody signs in again in the middle of an exam."""


@bp.get("/start")
@needs("own.read")
def landing() -> Any:
    """Where a person belongs after signing in."""
    return redirect(_landing(), 303)


def _landing() -> str:
    person = actor()
    if any(grant.role in LEARNERS for grant in person.grants):
        return url_for("courses.home")
    for permission, endpoint in (
        ("cohorts.read", "cohorts.list_cohorts"),
        ("marking.mark", "marking.desk"),
        ("sessions.watch", "exams.list_sessions"),
        ("bank.read", "banks.list_banks"),
        ("verify.desk", "verification.desk"),
        ("ledger.read", "accounts.ledger"),
    ):
        if person.may(permission):
            return url_for(endpoint)
    return url_for("accounts.me")


@bp.post("/sign-out")
@public
def sign_out() -> Any:
    """End this session."""
    if SignOutForm().validate_on_submit() and (token := request.cookies.get(cookie_name())):
        with writing():
            sessions.close_session(token)
        session.clear()
    return _without_cookie(redirect(url_for("web.home"), 303))


@bp.post("/sign-out-everywhere")
@needs("own.read")
def sign_out_everywhere() -> Any:
    """End every session of this person."""
    if SignOutForm().validate_on_submit():
        person = actor().person_id
        with writing():
            sessions.close_everywhere(person)
        session.clear()
    return _without_cookie(redirect(url_for("accounts.sign_in"), 303))


@bp.get("/me")
@needs("own.read")
def me() -> Any:
    """One's own account: roles, devices, password."""
    person = actor()
    return render_template(
        "accounts/me.html",
        person=person,
        roles=ROLES,
        devices=sessions.devices(person.person_id),
        form=PasswordForm(),
    )


@bp.post("/me/password")
@needs("own.read")
def change_password() -> Any:
    """Change the password; other devices are signed out."""
    person, form = actor(), PasswordForm()
    form.account = person.account
    if form.validate_on_submit():
        token, _ = try_sign_in(person.account, form.current.data or "")
        if token:
            with writing():
                sessions.change_password(person.person_id, form.new.data or "")
                token = sessions.open_session(person.person_id, agent=request.user_agent.string)
            session.clear()
            return with_cookie(redirect(url_for("accounts.me", changed=1), 303), token)
        form.current.errors = [form.current.gettext("The current password is not right.")]
    page = render_template(
        "accounts/me.html",
        person=person,
        roles=ROLES,
        devices=sessions.devices(person.person_id),
        form=form,
    )
    return page, 422


@bp.get("/staff")
@needs("people.read")
def staff() -> Any:
    """The people of a base and their roles."""
    return render_template("accounts/staff.html", members=people.members(actor().bases("people.read")), roles=ROLES)


@bp.get("/ledger", endpoint="ledger")
@needs("ledger.read")
def ledger_page() -> Any:
    """The journal, newest first."""
    page = request.args.get("page", 1, type=int)
    if page < 1:
        raise NotFound
    bases = actor().bases("ledger.read")
    rows, total = ledger.read(bases, offset=(page - 1) * PAGE, limit=PAGE)
    return render_template(
        "accounts/ledger.html",
        rows=rows,
        page=Page(page, PAGE, total),
        head=ledger.head(),
        names=people.names_of([row.actor_id for row in rows], bases),
        words=ledger_words,
        fact=_fact,
    )


def _fact(key: str, value: Any) -> str:
    """The value of a fact as the journal shows it: yes or no, names of roles, long hashes shortened."""
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, (list, tuple)):
        return ", ".join(_fact(key, part) for part in value) or "—"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_fact(name, part)}" for name, part in value.items()) or "—"
    if key == "role" and value in ROLES:
        return str(gettext(ROLES[value]))
    if key in ledger_words.MOMENTS and isinstance(value, str):
        return str(format_datetime(datetime.fromisoformat(value), "yyyy-MM-dd HH:mm:ss"))
    return "—" if value is None else ledger_words.shortened(str(value))


def _safe(target: str | None) -> str | None:
    """A path on this site, or None: nobody is sent elsewhere after signing in."""
    parts = urlsplit(target or "")
    doubtful = (target or "").startswith(("//", "/\\")) or parts.path.startswith(("//", "/\\"))
    if doubtful or parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    return target


def with_cookie(response: Response | Any, token: str) -> Any:
    """The response that begins the session of this token."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(sessions.LIFETIME.total_seconds()),
        path="/",
        httponly=True,
        secure=settings().tls,
        samesite="Lax",
    )
    return response


def _without_cookie(response: Response | Any) -> Any:
    response.delete_cookie(cookie_name(), path="/", httponly=True, secure=settings().tls, samesite="Lax")
    return response
