"""Public pages and the answers that machines ask for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, render_template, url_for

from app.accounts.guards import public
from app.refusals import NotFound
from app.store import settings
from app.web import readiness

bp = Blueprint("web", __name__)


@bp.get("/")
@public
def home() -> Any:
    """The start page."""
    return render_template("pages/home.html")


@bp.get("/help")
@public
def help() -> Any:
    """How to study, sit, verify."""
    return render_template("pages/help.html")


@bp.get("/accessibility")
@public
def accessibility() -> Any:
    """The accessibility statement."""
    return render_template("pages/accessibility.html")


@bp.get("/privacy")
@public
def privacy() -> Any:
    """The privacy notice."""
    return render_template("pages/privacy.html")


@bp.get("/patterns")
@public
def patterns() -> Any:
    """All components on one page, for the people who build the site; not shown in production."""
    if settings().production:
        raise NotFound
    return render_template("pages/patterns.html")


@bp.get("/healthz")
@public
def healthz() -> Any:
    """The process lives."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> Any:
    """The site can serve: database reachable and migrated, keys readable. 503 with the names of what is missing."""
    missing = readiness.missing()
    return jsonify(status="ready" if not missing else "not ready", missing=missing), 503 if missing else 200


@bp.get("/favicon.ico")
@public
def favicon() -> Any:
    """The seal."""
    return redirect(url_for("static", filename="seal.svg"), 301)


@bp.get("/robots.txt")
@public
def robots() -> Any:
    """Crawlers may read the start page; certificates are never listed."""
    lines = "User-agent: *\nDisallow: /v/\nDisallow: /verify\n"
    return make_response(lines, 200, {"Content-Type": "text/plain; charset=utf-8"})
