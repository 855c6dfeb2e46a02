"""The blueprint that all screens of the courses hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("courses", __name__)
