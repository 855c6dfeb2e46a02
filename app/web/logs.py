"""Structured logs without personal data: one JSON line an event, with route patterns instead of addresses."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, g, request

from app.settings import Settings

FIELDS = ("incident", "endpoint", "method", "status", "milliseconds", "request", "job", "kind")


class JsonLine(logging.Formatter):
    """Format a record as one line of JSON; only fields that carry no personal data are written."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _places(trace: Any) -> list[str]:
    """Where it happened, without the values: a value may be somebody's name."""
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/app/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-12:]


class DailyFile(logging.Handler):
    """One file a day, appended to by all processes: a line is one write, so lines of two processes never mix."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def emit(self, record: logging.LogRecord) -> None:
        """Append one line to the file of the day (UTC)."""
        day = datetime.fromtimestamp(record.created, UTC).date()
        try:
            with (self.folder / f"app-{day}.log").open("a", encoding="utf-8") as out:
                out.write(self.format(record) + "\n")
        except OSError:
            self.handleError(record)


def sweep(folder: Path, today: date, days: int) -> None:
    """Remove the files of days that need not be kept any longer."""
    for path in folder.glob("app-*.log"):
        if path.stem[4:] < str(today - timedelta(days=days)):
            path.unlink(missing_ok=True)


def prepare(app: Flask, settings: Settings) -> None:
    """Log to a file of the instance that turns over every day and is kept as long as the settings say."""
    root = logging.getLogger("app")
    root.setLevel(logging.INFO)
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    folder = settings.instance_path / "logs"
    folder.mkdir(exist_ok=True)
    handler: logging.Handler
    if app.config.get("TESTING"):
        handler = logging.StreamHandler(sys.stderr)
        handler.setLevel(logging.ERROR)
    else:
        handler = DailyFile(folder)
    handler.setFormatter(JsonLine())
    root.addHandler(handler)
    root.propagate = False
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Any) -> Any:
    if request.endpoint not in {"static", "web.healthz", "web.readyz"}:
        logging.getLogger("app.requests").info(
            "request",
            extra={
                "endpoint": request.endpoint,
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            },
        )
    return response
