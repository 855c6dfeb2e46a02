"""Power cuts, failing writes and a full disk under the embedded database."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from app import clock
from app.exams import journal
from app.exams.answer_store import SqliteAnswers
from app.exams.answer_store import sqlite as statements
from app.exams.journal import Entry, Gap, Pen, StoreDown
from app.settings import ROOT
from tests.torture.audit import Count
from tests.torture.disk import Cut, Disk, Link
from tests.torture.kills import Outcome
from tests.torture.world import WRITER, Seat, World, value

POLICIES = ("none", "first", "any")
Told = dict[tuple[int, int], tuple[int, str]]  # (sitting, number) → slot, canonical answer


@contextmanager
def settings(synchronous: int) -> Iterator[dict[str, Any]]:
    """The store's settings, or weaker ones for a negative control: then it asserts those."""
    kept = dict(statements.PRAGMAS)
    statements.PRAGMAS["synchronous"] = synchronous
    try:
        yield dict(statements.PRAGMAS)
    finally:
        statements.PRAGMAS.update(kept)


def save_some(store: SqliteAnswers, seats: list[Seat], last: Counter[int], dice: random.Random, told: Told) -> bool:
    """One save of one to five answers of one sitting; what was acknowledged is noted. False when it was refused."""
    seat = dice.choice(seats)
    first = last[seat.sitting] + 1
    entries = []
    for seq in range(first, first + dice.randint(1, 5)):
        slot = dice.randint(1, len(seat.kinds))
        entries.append(Entry(seq, slot, journal.canonical(value(seat.kinds[slot - 1], f"p {seq}")), 1))
    try:
        saved = store.save(Pen(seat.ref, seat.person, 1, WRITER), entries, clock.now())
    except StoreDown:
        return False
    except (
        Gap
    ) as gap:  # what was refused before was kept all the same, which is allowed; the page numbers on from there
        last[seat.sitting] = int(str(gap.parameters["expected"])) - 1
        return save_some(store, seats, last, dice, told)
    last[seat.sitting] = saved.last
    told.update({(seat.sitting, one.seq): (one.slot, one.response) for one in entries})
    return True


UNMEASURED = ("unscored",)
"""What these runs do not look at: they end with a file, and nobody closes the sittings in it."""


def found_in(path: Path, told: Mapping[tuple[int, int], tuple[int, str]], seats: list[Seat]) -> Count:
    """Compare a database file with what was acknowledged; a file that is not sound counts as broken."""
    link = sqlite3.connect(path)
    try:
        sound = link.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = link.execute(
            "SELECT sitting_id, seq, slot, response, client_ms, chain, epoch FROM answer_entries ORDER BY sitting_id, epoch, seq"
        ).fetchall()
        present = {(row[0], row[1]): row[2] for row in link.execute("SELECT sitting_id, slot, response FROM answers")}
    except sqlite3.DatabaseError:
        return Count(len(told), lost=len(told), broken=1)
    finally:
        link.close()
    kept = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    newest = {(sitting, slot): response for (sitting, _), (slot, response) in kept.items()}
    broken = 0 if sound else 1
    for seat in seats:
        lines = [(1, Entry(r[1], r[2], r[3], r[4]), r[5]) for r in rows if r[0] == seat.sitting]
        broken += journal.broken_at(seat.ref, lines) is not None
    return Count(
        len(told), lost=sum(kept.get(key) != answer for key, answer in told.items()),
        doubled=len(rows) - len({(row[0], row[6], row[1]) for row in rows}),
        stale=sum(present.get(key) != response for key, response in newest.items()), broken=broken,
    )  # fmt: skip


def power_cuts(folder: Path, here: World, *, cuts: int, seed: str, synchronous: int = 2) -> Outcome:
    """Cut the power at a random write or sync; look at the disk after each of three ways it may have gone."""
    dice, total, harmed = random.Random(seed), Count(), 0
    base = _at_rest(here, folder)
    with settings(synchronous) as pragmas:
        for turn in range(cuts):
            disk, told = _until_the_cut(folder, base, here.seats, dice, pragmas, turn)
            worst = Count(len(told))
            for policy in POLICIES:
                found = found_in(_restored(folder, disk, policy, dice), told, here.seats)
                worst = max(worst, found, key=lambda count: count.harm)
            total, harmed = total + worst, harmed + bool(worst.harm)
    name = "FULL" if synchronous == 2 else "NORMAL"
    return Outcome(
        f"power cuts (sqlite, synchronous={name})", total, cuts, notes=f"{harmed} cuts did harm", unmeasured=UNMEASURED
    )


def _at_rest(here: World, folder: Path) -> Path:
    """A copy of the database with nothing left in its log."""
    folder.mkdir(parents=True, exist_ok=True)
    link = sqlite3.connect(here.database)
    link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    link.close()
    return Path(shutil.copy(here.database, folder / "base.sqlite3"))


def _until_the_cut(
    folder: Path, base: Path, seats: list[Seat], dice: random.Random, pragmas: dict[str, Any], turn: int
) -> tuple[Disk, Told]:
    path = folder / "live.sqlite3"
    for rest in ("", "-wal", "-journal", "-shm"):
        Path(f"{path}{rest}").unlink(missing_ok=True)
    shutil.copy(base, path)
    disk, told = Disk(f"power-{turn}"), Told()
    disk.load(path)
    at = dice.randint(2000, 6000) if turn % 10 == 9 else dice.randint(20, 400)  # one in ten past a checkpoint

    def cut(_kind: str) -> None:
        if disk.calls >= at:
            raise Cut

    disk.before = cut
    links: list[Link] = []

    def connect() -> Any:
        links.append(Link(path, disk, pragmas))
        return links[-1]

    store, last = SqliteAnswers(connect), Counter[int]()
    with suppress(sqlite3.OperationalError):
        while save_some(store, seats, last, dice, told):
            pass
    frozen = {name: (bytearray(one.durable), list(one.pending)) for name, one in disk.files.items()}
    with suppress(Exception):
        store.close()
    for name, (durable, pending) in frozen.items():  # closing wrote nothing that counts
        disk.files.setdefault(name, type(disk.files[str(path)])()).durable = durable
        disk.files[name].pending = pending
    return disk, told


def _restored(folder: Path, disk: Disk, policy: str, dice: random.Random) -> Path:
    """The files as they are found when the power is back."""
    target = folder / "found.sqlite3"
    for rest in ("", "-wal", "-journal", "-shm"):
        Path(f"{target}{rest}").unlink(missing_ok=True)
    for name, image in disk.files.items():
        rest = name.rsplit("live.sqlite3", 1)[-1]
        if rest in {"", "-wal", "-journal"}:
            Path(f"{target}{rest}").write_bytes(image.after_cut(policy, dice))
    return target


def io_errors(folder: Path, here: World, *, saves: int, seed: str) -> Outcome:
    """One write or sync in fifty fails. What was acknowledged is there, and saving goes on by itself."""
    dice, told, last = random.Random(seed), Told(), Counter[int]()
    path = folder / "io.sqlite3"
    shutil.copy(_at_rest(here, folder), path)
    disk = Disk("io-errors")
    disk.load(path)
    failed = 0

    def fail(_kind: str) -> None:
        nonlocal failed
        if dice.random() < 0.02:
            failed += 1
            raise Cut

    with settings(2) as pragmas:
        store = SqliteAnswers(lambda: Link(path, disk, pragmas))  # type: ignore[arg-type,return-value]
        save_some(store, here.seats, last, dice, told)
        disk.before, refused = fail, 0
        for _ in range(saves):
            refused += not save_some(store, here.seats, last, dice, told)
        disk.before = lambda _kind: None
        goes_on = save_some(store, here.seats, last, dice, told)
        store.close()
    count = found_in(path, told, here.seats)
    count.broken += not goes_on
    return Outcome(
        "write and sync errors (sqlite)", count, failed, notes=f"{refused} saves refused", unmeasured=UNMEASURED
    )


def full_disk(folder: Path, here: World, *, seed: str) -> Outcome:
    """In a process whose files may not grow any more: saves are refused, and go on when there is room again."""
    path = folder / "full.sqlite3"
    shutil.copy(_at_rest(here, folder), path)
    work = {"path": str(path), "seed": seed, "seats": [vars(seat) for seat in here.seats]}
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.full"], input=json.dumps(work), text=True, capture_output=True,
        check=True, cwd=ROOT,
    )  # fmt: skip
    said = json.loads(done.stdout)
    told = {(sitting, seq): (slot, answer) for sitting, seq, slot, answer in said["told"]}
    count = found_in(path, told, here.seats)
    count.broken += said["refused"] == 0 or said["after"] == 0
    return Outcome(
        "full disk (sqlite)", count, said["refused"], notes=f"{said['after']} saves after there was room again",
        unmeasured=UNMEASURED,
    )  # fmt: skip
