"""The real site for the journeys: prepared once, copied for each run, served as `make run` serves it."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from app import create_app
from app.exams import services as exams
from app.office.services.demonstration import ACCOUNTS, PASSWORD
from app.office.services.demonstration.cast import RULED, trainees
from app.store import db, writing

ROOT = Path(__file__).resolve().parents[2]
LOGS = ("web.err", "worker.err", "supervisor.log")


def free_port() -> int:
    """A port of the loopback address that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepared_instance(shared: Path) -> Path:
    """The instance folder with the demonstration in it, made once for all test processes."""
    made = shared / "prepared"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "ready").exists():
            env = {**os.environ, "IPA_INSTANCE_PATH": str(made), "IPA_ORIGIN": "http://127.0.0.1:8000"}
            command = [sys.executable, "-m", "flask", "--app", "app", "site", "setup", "--demo"]
            subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
            _try_specifications(made)
            (made / "ready").touch()
    return made


def _try_specifications(made: Path) -> None:
    """Make the dry draws that the worker of every copy would make for itself, once for all."""
    app = create_app(instance_path=made, origin="http://127.0.0.1:8000")
    with app.app_context():
        for trial in exams.untried():
            tried = exams.try_draws(trial.specification.code)
            with writing():
                exams.keep_trial(tried)
        db.session.remove()
        db.engine.dispose()


@dataclass
class Site:
    """A served copy of the demonstration. `stop` and `start` keep the port, as a failing and returning server does."""

    instance: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def account(self, role: str) -> tuple[str, str]:
        """Account and password of a demonstration person; `role` is the account name, as make run prints it."""
        assert role in {*dict(ACCOUNTS), *(one.account for one in (*trainees(), *RULED))}, role
        return role, PASSWORD

    def start(self) -> None:
        env = {**os.environ, "IPA_INSTANCE_PATH": str(self.instance), "IPA_ORIGIN": self.url}
        command = [sys.executable, "-m", "app.web.serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + 150
        while time.monotonic() < until:
            try:
                with urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"the site did not start:\n{self.trouble()}")

    def trouble(self) -> str:
        """The last lines of the logs."""
        texts = [(self.instance / "logs" / name) for name in LOGS]
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in texts if path.exists())

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Stop the whole site; with SIGKILL as a power cut of the machine would."""
        if self.process is None:
            return
        if how == signal.SIGKILL:
            for pid in self._family():
                os.kill(pid, signal.SIGKILL)
        else:
            self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def _family(self) -> list[int]:
        found = subprocess.run(
            ["pgrep", "-f", str(self.instance)], capture_output=True, text=True, check=False
        ).stdout.split()
        by_session = subprocess.run(
            ["ps", "-eo", "pid=,sess="], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        assert self.process is not None
        mine = {int(line.split()[0]) for line in by_session if int(line.split()[1]) == self.process.pid}
        return sorted(mine | {int(pid) for pid in found if int(pid) != os.getpid()} - {os.getpid()}, reverse=True)


def copy_of(prepared: Path, folder: Path) -> Site:
    """A site of its own on a copy of the prepared instance."""
    shutil.copytree(prepared, folder / "instance", ignore=shutil.ignore_patterns("logs", "queue.sqlite3*", "*.pid"))
    (folder / "instance" / "logs").mkdir()
    return Site(folder / "instance")
