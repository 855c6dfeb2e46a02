"""A PostgreSQL server that the tests start themselves, from Debian's binaries, as a user who may (never root)."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg


def binaries() -> Path:
    """The folder of initdb and postgres, the newest version installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


@dataclass
class Server:
    """A running server; `url` of a database is for SQLAlchemy with psycopg 3."""

    folder: Path
    port: int
    made: int = field(default=0)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def fresh_database(self) -> str:
        """Make an empty database and return its address."""
        self.made += 1
        name = f"test_{os.getpid()}_{self.made}"
        with psycopg.connect(f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres", autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")
        return self.url(name)


def _as_other_user(command: list[str]) -> list[str]:
    """As root the server must run as somebody else."""
    return (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command] if os.getuid() == 0 else command
    )


@contextmanager
def server(folder: Path, *, durable: bool = True) -> Iterator[Server]:
    """Start a server in `folder` on a free port of the loopback address; stop and remove it afterwards.

    A server that is not `durable` skips the syncs to the disk: for tests that never cut it off.
    """
    home = Path("/tmp") / f"ip-auditorium-pg-{os.getpid()}-{time.monotonic_ns()}"
    data = home / "data"
    home.mkdir(mode=0o755)
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": home}
    subprocess.run(
        _as_other_user(
            [
                str(binaries() / "initdb"),
                "-D",
                str(data),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
                "--locale=C.UTF-8",
            ]
        ),
        **run,
    )
    process = subprocess.Popen(
        _as_other_user(
            [
                str(binaries() / "postgres"),
                "-D",
                str(data),
                "-p",
                str(port),
                "-h",
                "127.0.0.1",
                "-k",
                str(home),
                "-c",
                "max_connections=100",
                "-c",
                "shared_buffers=64MB",
                *([] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]),
            ]
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
    )
    try:
        _wait(port, process)
        yield Server(home, port)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("PostgreSQL did not start")
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("PostgreSQL did not answer within 30 seconds")
