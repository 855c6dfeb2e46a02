"""The handout 讲义 of a module, to print or to read without a connection."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Response, request
from flask_babel import format_date, get_locale, gettext

from app.accounts.guards import actor, needs
from app.courses.handout import Speech
from app.courses.services.handout import module_handout
from app.courses.views.door import bp


@bp.get("/learn/courses/<string:code>/modules/<string:module>/handout.pdf")
@needs("learn")
def handout(code: str, module: str) -> Any:
    """One PDF of the module in the language of the page; the same file until its text changes."""
    language = "zh_CN" if str(get_locale()).startswith("zh") else "en"
    found = module_handout(actor().person_id, code, module, Speech(language, gettext, _day))
    response = Response(found.data, mimetype="application/pdf")
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " .-") else "_" for one in found.name)
    given = f"filename=\"{plain}\"; filename*=UTF-8''{quote(found.name)}"
    response.headers["Content-Disposition"] = f"attachment; {given}"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Accept-Language"
    response.set_etag(found.key)
    return response.make_conditional(request)


def _day(value: date) -> str:
    return str(format_date(value, "yyyy 年 M 月 d 日" if str(get_locale()).startswith("zh") else "d MMMM yyyy"))
