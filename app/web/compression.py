"""Style sheets, scripts and pictures are sent compressed; pages are not, because they hold secrets beside what others type."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Any

from flask import Flask, request

TYPES = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})


@lru_cache(maxsize=256)
def _packed(data: bytes) -> bytes:
    """The gzip form, made once for each content; smallest, and the same on every machine."""
    return gzip.compress(data, 9, mtime=0)


def prepare(app: Flask) -> None:
    """Compress what the static folder serves to browsers that take gzip."""
    app.after_request(_compress)


def _compress(response: Any) -> Any:
    if request.endpoint != "static" or response.status_code != 200 or response.mimetype not in TYPES:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.direct_passthrough = False
        response.set_data(_packed(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("ETag", None)
    return response
