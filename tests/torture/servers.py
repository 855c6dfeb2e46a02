"""The servers that are killed: gunicorn as `make run` starts it, and a PostgreSQL cluster with an optional standby."""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from flask import Flask

from app.settings import ROOT, Settings
from tests.bench.processes import all_stats
from tests.bench.site import command
from tests.journeys.site import free_port
from tests.postgres import _as_other_user, binaries


class Site:
    """The web server of an installation."""

    def __init__(self, app: Flask, port: int, workers: int = 2) -> None:
        self.settings: Settings = app.extensions["settings"]
        self.port, self.workers = port, workers
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it as the supervisor does, and wait until it is ready."""
        env = {
            **os.environ,
            "IPA_INSTANCE_PATH": str(self.settings.instance_path),
            "IPA_DATABASE_URL": self.settings.database_url,
            "IPA_ORIGIN": self.settings.origin,
        }
        self.process = subprocess.Popen(
            command(self.settings, self.port, self.workers), cwd=ROOT, env=env, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                return
            time.sleep(0.05)
        raise RuntimeError("the site did not start")

    def kill_worker(self, dice: random.Random) -> None:
        """kill -9 of one web process; gunicorn starts another."""
        assert self.process is not None
        family = [pid for pid, stat in all_stats().items() if stat.parent == self.process.pid]
        if family:
            _kill(dice.choice(family))

    def kill(self) -> None:
        """kill -9 of everything at once."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def crash(self, _dice: random.Random) -> None:
        """Kill all and start again, as a supervisor would."""
        self.kill()
        self.start()


class Cluster:
    """A PostgreSQL server that can be killed and started again; `standby` makes a second one that follows it."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.home, self.port, self.data = home, port or free_port(), home / "data"
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    def make(cls) -> Cluster:
        """A new, running cluster in a folder of its own."""
        made = cls(_folder())
        _run("initdb", "-D", str(made.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-k", "--no-sync",
             "--locale=C.UTF-8", cwd=made.home)  # fmt: skip
        made.start()
        return made

    def start(self, timeout: float = 60) -> None:
        """Start, again if need be: after kill -9 the old lock file may stand in the way for a moment."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            self.process = subprocess.Popen(
                _as_other_user([
                    str(binaries() / "postgres"), "-D", str(self.data), "-p", str(self.port), "-h", "127.0.0.1",
                    "-k", str(self.home), "-c", "max_connections=100", "-c", "shared_buffers=64MB",
                    "-c", "hot_standby=on", "-c", "max_wal_senders=4",
                ]),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.home,
            )  # fmt: skip
            while self.process.poll() is None and time.monotonic() < until:
                with contextlib.suppress(psycopg.OperationalError), self.link():
                    return
                time.sleep(0.05)
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start")

    def link(self, database: str = "postgres") -> psycopg.Connection:
        """A connection of the test's own."""
        return psycopg.connect(
            f"host=127.0.0.1 port={self.port} user=postgres dbname={database} connect_timeout=2", autocommit=True
        )

    def fresh(self, name: str = "torture") -> None:
        """Make an empty database."""
        with self.link() as link:
            link.execute(f"CREATE DATABASE {name}")

    def kill_backend(self, dice: random.Random) -> None:
        """kill -9 of one process that serves the site; PostgreSQL ends all others and recovers."""
        with contextlib.suppress(psycopg.Error), self.link() as link:
            rows = link.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchall()
            if rows:
                _kill(dice.choice(rows)[0])

    def kill(self) -> None:
        """kill -9 of the postmaster; what it leaves behind ends by itself."""
        assert self.process is not None
        children = [pid for pid, stat in all_stats().items() if stat.parent == self.process.pid]
        _kill(self.process.pid)
        self.process.wait()
        for pid in children:
            _kill(pid)

    def crash(self, _dice: random.Random) -> None:
        """Kill the postmaster and start again."""
        self.kill()
        self.start()

    def standby(self, *, synchronous: bool) -> Cluster:
        """A running server that follows this one; with `synchronous` a commit waits for it."""
        other = Cluster(_folder())
        _run("pg_basebackup", "-D", str(other.data), "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-R",
             "-X", "stream", "-c", "fast", cwd=other.home)  # fmt: skip
        other.start()
        with self.link() as link:
            if synchronous:
                link.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
                link.execute("SELECT pg_reload_conf()")
            until = time.monotonic() + 30
            wanted = ("sync",) if synchronous else ("async",)
            while link.execute("SELECT sync_state FROM pg_stat_replication").fetchone() != wanted:
                if time.monotonic() > until:
                    raise RuntimeError("the standby does not follow")
                time.sleep(0.1)
        return other

    def promote(self) -> None:
        """Make the standby the primary."""
        with self.link() as link:
            link.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
            link.execute("SELECT pg_promote(true, 30)")
            link.execute("SELECT pg_reload_conf()")

    def remove(self) -> None:
        """Stop for good."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.home, ignore_errors=True)


def url_of(*clusters: Cluster, database: str = "torture") -> str:
    """The address of a database on one server, or on whichever of several takes writes."""
    if len(clusters) == 1:
        return f"postgresql+psycopg://postgres@127.0.0.1:{clusters[0].port}/{database}"
    hosts = "&".join(f"host=127.0.0.1:{one.port}" for one in clusters)
    return f"postgresql+psycopg://postgres@/{database}?{hosts}&target_session_attrs=read-write&connect_timeout=2"


def _folder() -> Path:
    home = Path(tempfile.mkdtemp(prefix="ip-auditorium-torture-", dir="/tmp"))
    home.chmod(0o755)
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)
    return home


def _run(tool: str, *words: str, cwd: Path) -> None:
    subprocess.run(
        _as_other_user([str(binaries() / tool), *words]), check=True, cwd=cwd,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
