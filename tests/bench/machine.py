"""The machine and the versions under which figures were made."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path

from app import clock
from tests.postgres import binaries

PACKAGES = (
    "flask", "jinja2", "sqlalchemy", "flask-sqlalchemy", "flask-wtf", "flask-babel", "gunicorn", "psycopg", "argon2-cffi",
    "cryptography", "reportlab", "pyhanko",
)  # fmt: skip


def describe() -> list[str]:
    """Lines about processor, memory, system and versions."""
    names = re.findall(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
    memory = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="ascii"), re.M)
    server = subprocess.run([str(binaries() / "postgres"), "--version"], capture_output=True, text=True, check=True)
    postgres = re.search(r"\d+\.\d+", server.stdout)
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"Machine: {names[0] if names else platform.processor()}, {os.cpu_count()} cores, "
        f"{int(memory[1]) / 2**20 if memory else 0:.0f} GB; {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (write-ahead log, synchronous=FULL), "
        f"PostgreSQL {postgres[0] if postgres else '?'}",
        packages,
    ]


def today() -> str:
    """The day, in Beijing, as everything here."""
    return clock.now().astimezone(clock.BEIJING).date().isoformat()


def load() -> str:
    """The load of the last minute."""
    return f"{os.getloadavg()[0]:.1f}"
