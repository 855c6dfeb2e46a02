"""A disk that can be cut off: SQLite runs on a file system of ours that knows what was synced and what only written.

After a power cut a file holds everything that was synced, and of the later writes none, some of the first, or any, in
sectors of 512 bytes. The same file system can fail a write or a sync. SQLite is driven by apsw, which allows that; the
answer store gets the connection through its factory and runs the same statements under the same asserted settings.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512
Op = tuple[int, bytes] | int  # a write at a place, or a new length


class Cut(Exception):
    """The power went."""


@dataclass
class Image:
    """One file: what the disk holds for certain, and what was written since."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Op] = field(default_factory=list)

    def sync(self) -> None:
        """Everything written is on the disk."""
        for op in self.pending:
            apply(self.durable, op)
        self.pending.clear()

    def after_cut(self, policy: str, dice: random.Random) -> bytes:
        """What is found when the power is back: `none`, `first` or `any` of what was not synced."""
        found = bytearray(self.durable)
        ops = self.pending
        if policy == "first":
            ops = ops[: dice.randint(0, len(ops))]
        for op in [] if policy == "none" else ops:
            if policy == "first" or isinstance(op, int):
                apply(found, op)
                continue
            place, data = op
            for at in range(0, len(data), SECTOR):
                if dice.random() < 0.5:
                    apply(found, (place + at, data[at : at + SECTOR]))
        return bytes(found)


def apply(data: bytearray, op: Op) -> None:
    """Do a write or a truncation."""
    if isinstance(op, int):
        del data[op:]
        data.extend(bytes(op - len(data)))
        return
    place, written = op
    if len(data) < place:
        data.extend(bytes(place - len(data)))
    data[place : place + len(written)] = written


class Disk(apsw.VFS):
    """A file system over the real one; `files` are the images by path, `calls` counts writes and syncs.

    `before(kind)` is called before each of them and may raise.
    """

    def __init__(self, name: str) -> None:
        self.named, self.files, self.calls = name, dict[str, Image](), 0
        self.before: Callable[[str], None] = lambda _kind: None
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802 -- SQLite's names
        path = name.filename() if hasattr(name, "filename") else str(name)
        return _File(self, path, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.files.pop(filename, None)
        super().xDelete(filename, syncdir)

    def load(self, path: Path) -> None:
        """The file as it is on the real disk counts as synced."""
        self.files[str(path)] = Image(bytearray(path.read_bytes()))

    def touch(self, kind: str) -> None:
        """Count a call, and let it fail if it is to."""
        self.calls += 1
        self.before(kind)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, path: str, name: Any, flags: list[int]) -> None:
        self.disk, self.image = disk, disk.files.setdefault(path, Image())
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.disk.touch("write")
        super().xWrite(data, offset)
        self.image.pending.append((offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self.disk.touch("write")
        super().xTruncate(newsize)
        self.image.pending.append(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.touch("sync")
        super().xSync(flags)
        self.image.sync()


class Link:
    """A connection of apsw with the few methods of sqlite3's that the answer store calls."""

    def __init__(self, path: Path, disk: Disk, pragmas: dict[str, Any]) -> None:
        self._link = apsw.Connection(str(path), vfs=disk.named)
        self._link.setbusytimeout(5000)
        self.execute("PRAGMA locking_mode = exclusive")  # then the log needs no shared memory, which no disk holds
        for name, value in pragmas.items():
            self.execute(f"PRAGMA {name} = {value}")

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._link.in_transaction

    def execute(self, statement: str, values: Any = ()) -> _Rows:
        """Run a statement. Raises sqlite3.OperationalError for whatever SQLite refuses."""
        try:
            cursor = self._link.cursor()
            return _Rows(list(cursor.execute(statement, values)))
        except (apsw.Error, Cut) as error:
            raise sqlite3.OperationalError(str(error)) from error

    def close(self) -> None:
        """Close; after a cut nothing more reaches the disk."""
        self._link.close(True)


class _Rows:
    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def fetchone(self) -> Any:
        return self._rows[0] if self._rows else None

    def fetchall(self) -> list[Any]:
        return self._rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)
