"""CPU time that processes have used, read from /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Stat:
    """A process: its parent, and CPU seconds used by itself and by children that have ended."""

    parent: int
    cpu: float


def read_stat(text: str) -> Stat:
    """The meaning of a line of /proc/PID/stat; the name in brackets may hold anything, so it is cut off first."""
    rest = text.rpartition(")")[2].split()
    return Stat(int(rest[1]), sum(int(value) for value in rest[11:15]) * TICK)


def cpu_of(roots: set[int], stats: dict[int, Stat]) -> float:
    """CPU seconds of these processes with all that they have started."""
    family, before = set(roots), 0
    while len(family) != before:
        before = len(family)
        family |= {pid for pid, stat in stats.items() if stat.parent in family}
    return sum(stat.cpu for pid, stat in stats.items() if pid in family)


def all_stats() -> dict[int, Stat]:
    """Every process that runs now."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            found[int(path.name)] = read_stat((path / "stat").read_text(encoding="utf-8", errors="replace"))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def busy() -> tuple[float, float]:
    """CPU seconds that the whole machine has been at work, and that another machine took away from it."""
    line = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0]
    user, nice, system, _idle, _waiting, irq, soft, stolen = (int(value) * TICK for value in line.split()[1:9])
    return user + nice + system + irq + soft, stolen
