"""The site as it is served: gunicorn with the options of `make run`, and no worker beside it."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from argparse import Namespace
from collections.abc import Iterator
from configparser import RawConfigParser
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask

from app.settings import ROOT, Settings
from app.web import serve


@contextmanager
def served(app: Flask, port: int, workers: int) -> Iterator[int]:
    """Serve the installation of `app` on the port; gives the process id of gunicorn."""
    settings: Settings = app.extensions["settings"]
    env = {
        **os.environ,
        "IPA_INSTANCE_PATH": str(settings.instance_path),
        "IPA_DATABASE_URL": settings.database_url,
        "IPA_ORIGIN": settings.origin,
    }
    log = settings.instance_path / "logs" / "bench.err"
    with log.open("wb") as out:
        process = subprocess.Popen(command(settings, port, workers), cwd=ROOT, env=env, stdout=out, stderr=out)
        try:
            _wait(port, process, log)
            yield process.pid
        finally:
            process.terminate()
            process.wait(30)


def command(settings: Settings, port: int, workers: int) -> list[str]:
    """The command of the web server, read from the supervisor's configuration as `make run` writes it."""
    written = RawConfigParser()
    written.read(serve._write(settings, Namespace(host="127.0.0.1", port=port, workers=workers)), encoding="utf-8")
    return shlex.split(written["program:web"]["command"])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the site did not start:\n" + log.read_text(errors="replace")[-3000:])
