"""Putting the house together."""

from __future__ import annotations

import importlib
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from app import settings as configuration
from app.accounts import guards
from app.standards.editions import look_in
from app.store import db
from app.store.session import prepare_engine
from app.web import compression, converters, errors, headers, languages, logs, templating
from app.web.lane import FastLane

DOMAINS = (
    "accounts",
    "cohorts",
    "banks",
    "courses",
    "exams",
    "marking",
    "practice",
    "certificates",
    "verification",
    "office",
    "ledger",
    "web",
)
MEGABYTE = 1024 * 1024


def build(**overrides: Any) -> Flask:
    """Make the application from the environment; `overrides` replace fields of `Settings`."""
    options = {name: overrides.pop(name) for name in ("TESTING",) if name in overrides}
    settings = configuration.load(**overrides)
    app = Flask("app", instance_path=str(settings.instance_path), root_path=str(configuration.ROOT / "app"))
    app.config.update(options)
    app.url_map.converters["int"] = converters.IdConverter
    _configure(app, settings)
    logs.prepare(app, settings)
    app.extensions["settings"] = settings
    look_in(settings.instance_path / "standards")
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    Migrate(app, db, directory=str(configuration.ROOT / "app" / "migrations"), render_as_batch=True)
    app.before_request(guards.set_body_limit)  # before anything reads the form
    CSRFProtect(app)
    languages.prepare(app)
    templating.prepare(app)
    headers.prepare(app)
    compression.prepare(app)
    errors.prepare(app)
    app.before_request(guards.load_actor)
    _register(app)
    app.wsgi_app = FastLane(app, settings, guards.cookie_of(settings))  # type: ignore[assignment,method-assign]
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: configuration.Settings) -> None:
    """Flask's own defaults are unsafe for this use; each is set here on purpose."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        SESSION_COOKIE_NAME="__Host-form" if settings.tls else "form",
        SESSION_COOKIE_SECURE=settings.tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        MAX_CONTENT_LENGTH=2 * MEGABYTE,  # a view that takes files says so: guards.takes_files
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        MAX_FORM_PARTS=2000,
        TRUSTED_HOSTS=settings.hosts,
        WTF_CSRF_TIME_LIMIT=None,  # an exam may be longer than an hour; the token lives as long as the session
        WTF_CSRF_SSL_STRICT=settings.tls,
        SEND_FILE_MAX_AGE_DEFAULT=31536000,  # every asset address carries its hash
        BABEL_DEFAULT_LOCALE="zh_CN",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES=str(configuration.ROOT / "translations"),
    )


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 5, "check_same_thread": False}}
    return {
        "pool_size": 8,
        "max_overflow": 4,
        "pool_timeout": 3,
        "connect_args": {
            "options": "-c statement_timeout=15000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=20000"
        },
    }


def _register(app: Flask) -> None:
    root = configuration.ROOT / "app"
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(root / "templates"),
            PrefixLoader({name: FileSystemLoader(root / name / "templates") for name in DOMAINS}),
        ]
    )
    for name in DOMAINS:
        for part, attribute in (("views", "bp"), ("api", "bp"), ("commands", "cli"), ("tasks", "")):
            if not (root / name / f"{part}.py").exists() and not (root / name / part / "__init__.py").exists():
                continue
            module = importlib.import_module(f"app.{name}.{part}")
            if attribute == "bp":
                app.register_blueprint(module.bp)
            elif attribute == "cli":
                for group in getattr(module, "groups", None) or [module.cli]:
                    app.cli.add_command(group)
