"""Serving 启动: prepare the installation, then run web server and worker under one supervisor.

`python -m app.web.serve --port 8000`. The web server is gunicorn with threads, the supervisor is supervisord: it
starts a process again when it dies.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from app import create_app
from app.office.services.demonstration import ACCOUNTS, PASSWORD
from app.refusals import Refusal
from app.settings import ROOT, Settings
from app.web import setup

CONFIGURATION = """\
[supervisord]
nodaemon = true
logfile = {logs}/supervisor.log
logfile_maxbytes = 5MB
pidfile = {instance}/supervisor.pid
loglevel = warn
silent = true

[program:web]
command = {python} -m gunicorn {options} "app:create_app()"
directory = {root}
autorestart = true
startsecs = 1
stopasgroup = true
killasgroup = true
stdout_logfile = {logs}/web.out
stderr_logfile = {logs}/web.err
stdout_logfile_maxbytes = 5MB
stderr_logfile_maxbytes = 5MB

[program:worker]
command = {python} -m app.web.worker
directory = {root}
autorestart = true
startsecs = 1
stopasgroup = true
killasgroup = true
stdout_logfile = {logs}/worker.out
stderr_logfile = {logs}/worker.err
stdout_logfile_maxbytes = 5MB
stderr_logfile_maxbytes = 5MB
"""


def main() -> None:
    """Prepare, start, say where the site is, and stay until told to stop."""
    options = _options()
    _refuse_a_taken_port(options.host, options.port)
    os.environ.setdefault("IPA_ORIGIN", f"http://{options.host}:{options.port}")
    try:
        app = create_app()
        setup.prepare(app, lambda words: print(f"  {words}", flush=True), demo=options.demo)  # noqa: T201 -- a command speaks
    except Refusal as refusal:
        print(f"  {refusal} {refusal.todo}".rstrip(), file=sys.stderr)  # noqa: T201
        sys.exit(1)
    settings: Settings = app.extensions["settings"]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("supervisord")), "-c", str(_write(settings, options))]
    )
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: process.terminate())
    host = settings.origin.split("://", 1)[-1].split("/", 1)[0]
    if _answers(Request(f"http://{options.host}:{options.port}/readyz", headers={"Host": host}), process):
        _welcome(settings, demo=options.demo)
    elif process.poll() is None:
        process.terminate()
        print(f"  The site did not start. See {settings.instance_path}/logs/web.err", file=sys.stderr)  # noqa: T201
    sys.exit(0 if process.wait() in {0, -signal.SIGTERM} else 1)


def _refuse_a_taken_port(host: str, port: int) -> None:
    """End with one sentence when something, perhaps this very site, already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            print(  # noqa: T201
                f"  Port {port} of {host} is in use, perhaps by this site: stop what runs there, or make run PORT=…",
                file=sys.stderr,
            )
            sys.exit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app.web.serve", description="Prepare and serve the site.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="web processes, one for each core")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="make no demonstration training base")
    return parser.parse_args()


def _write(settings: Settings, options: argparse.Namespace) -> Path:
    path = settings.instance_path / "supervisor.conf"
    shared_memory = Path("/dev/shm")  # noqa: S108 -- gunicorn's heartbeat files belong in memory
    temporary = shared_memory if shared_memory.is_dir() else settings.instance_path
    gunicorn = [
        f"--bind {options.host}:{options.port} --workers {options.workers} --worker-class gthread --threads 4",
        f"--keep-alive 30 --graceful-timeout 10 --worker-tmp-dir {temporary} --no-control-socket --preload --config python:app.web.hooks",
    ]
    text = CONFIGURATION.format(
        python=sys.executable,
        root=ROOT,
        instance=settings.instance_path,
        logs=settings.instance_path / "logs",
        options=" ".join(gunicorn),
    )
    path.write_text(text, encoding="utf-8")
    return path


def _answers(question: Request, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(question, timeout=2) as answer:  # noqa: S310 -- our own address
                return bool(answer.status == 200)
        except (URLError, OSError):
            time.sleep(0.1)
    return False


def _welcome(settings: Settings, *, demo: bool) -> None:
    print(f"\n  知审学堂 IP Auditorium: {settings.origin}\n", flush=True)  # noqa: T201
    if demo and not settings.production:
        print(f"  Demonstration accounts (password of all: {PASSWORD})", flush=True)  # noqa: T201
        for account, who in ACCOUNTS:
            print(f"    {account:<16}{who}", flush=True)  # noqa: T201
    print("\n  Stop with Ctrl-C.", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
