"""What every template can use: icons, assets, dates in Beijing time, the text of the reader's language."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, render_template, request, url_for
from flask_babel import format_date, format_datetime, gettext
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from markupsafe import Markup

from app.accounts.guards import find_actor
from app.accounts.permissions import ROLES
from app.settings import ROOT
from app.web import languages

STATIC = ROOT / "app" / "static"
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.S)


@lru_cache
def _icon_body(name: str) -> str:
    found = _BODY.search((STATIC / "icons" / f"{name}.svg").read_text(encoding="utf-8"))
    assert found, name
    return " ".join(found[1].split())


@lru_cache(maxsize=1024)
def icon(name: str, css: str = "", label: str | None = None) -> Markup:
    """One Lucide icon inline; decorative unless it has a label."""
    aria = (
        Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true" focusable="false"')
    )
    body = Markup(_icon_body(name))  # noqa: S704 -- a file of this repository
    return Markup('<svg class="icon {}" viewBox="0 0 24 24" {}>{}</svg>').format(css, aria, body)


@lru_cache
def _digest(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file, with its hash, so that browsers may keep it for a year."""
    path = STATIC / name
    return url_for("static", filename=name, v=_digest(path, path.stat().st_mtime))


@lru_cache(maxsize=64)
def _fixed(name: str, _language: str, **values: Any) -> Markup:
    return Markup(render_template(name, **values))  # noqa: S704 -- rendered with autoescape


def fixed(name: str, **values: Any) -> Markup:
    """A part of a page that says the same to everybody who reads it in one language; rendered once in a process.

    It may depend on the (hashable) `values` and on nothing else.
    """
    return _fixed(name, languages.current(), **values)


def when(moment: datetime | None, form: str = "") -> str:
    """A moment in Beijing time, as a table shows it."""
    return "" if moment is None else str(format_datetime(moment, form or "yyyy-MM-dd HH:mm"))


def day(value: date | None) -> str:
    """A date in words of the language."""
    if value is None:
        return ""
    return str(format_date(value, "yyyy 年 M 月 d 日" if languages.current() == "zh_CN" else "d MMMM yyyy"))


def in_language(texts: Mapping[str, str] | None) -> str:
    """The text of the reader's language from {"zh_CN": …, "en": …}; the other one where it is missing."""
    if not texts:
        return ""
    return texts.get(languages.current()) or texts.get("zh_CN") or next(iter(texts.values()))


def roles_in_words(roles: Iterable[str]) -> str:
    """The names of roles in the reader's language."""
    return ("、" if languages.current() == "zh_CN" else ", ").join(gettext(ROLES[role]) for role in roles)


class _Kept(FileSystemBytecodeCache):
    """Translated templates in a folder; a full disk must not keep a page from being shown."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def prepare(app: Flask) -> None:
    """Give the templates their globals, and keep what they are translated to, for the next process."""
    kept = Path(app.instance_path) / "cache" / "templates"
    kept.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = _Kept(str(kept))
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(
        icon=icon, asset=asset, fixed=fixed, when=when, day=day, L=in_language, roles_in_words=roles_in_words
    )
    app.context_processor(_context)


def warm(app: Flask) -> int:
    """Translate every template now instead of when somebody waits for it; returns how many there are."""
    names = app.jinja_env.list_templates(extensions=("html",))
    for name in names:
        app.jinja_env.get_template(name)
    return len(names)


def _context() -> dict[str, Any]:
    person = find_actor() if request else None
    theme = request.cookies.get("theme") if request else None
    return {
        "me": person,
        "may": person.may if person else (lambda _permission: False),
        "lang": languages.current() if request else "zh_CN",
        "html_lang": languages.HTML[languages.current() if request else "zh_CN"],
        "languages": languages.LANGUAGES,
        "theme": theme if theme in {"light", "dark"} else None,
    }
