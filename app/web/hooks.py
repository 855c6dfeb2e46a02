"""Hooks of the web server: templates are ready before the first request, and every process leaves a sign of life.

The sign of life goes into the database every two seconds, whatever the process does.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from typing import Any

from flask import Flask

from app.exams import services as exams
from app.exams.downtime import BEAT_EVERY
from app.store import db, writing
from app.web import templating

log = logging.getLogger("app.beats")


def when_ready(server: Any) -> None:
    """Called by gunicorn once, before it makes processes: they share what is made here, and nothing looks through it."""
    templating.warm(server.app.callable)
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Called by gunicorn in each new process, when it is ready to serve."""
    threading.Thread(target=beats, args=(worker.app.callable,), daemon=True, name="beats").start()


def beats(app: Flask) -> None:
    """Beat until the process ends. A database that is away is no reason to stop: the gap is what is measured."""
    while True:
        try:
            with app.app_context():
                try:
                    with writing():
                        exams.beat()
                finally:
                    db.session.remove()
        except Exception as error:  # whatever it is, the next beat may work
            log.warning("no sign of life: %s", type(error).__name__)
        time.sleep(BEAT_EVERY)
