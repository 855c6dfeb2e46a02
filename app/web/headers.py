"""Security headers: the exact policy under which every page runs."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from app.accounts.guards import find_actor
from app.store import settings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)
FIXED = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def prepare(app: Flask) -> None:
    """Send the headers with every answer."""
    app.after_request(_add)


def _add(response: Any) -> Any:
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    if settings().tls:
        response.headers.update(TLS)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store" if find_actor() else "no-cache, private")
        response.vary.update(("Cookie", "Accept-Language"))
    return response
