"""A process of its own whose files may not grow beyond a limit, as on a full disk; reads its work from standard input."""

from __future__ import annotations

import json
import random
import resource
import signal
import sys
from collections import Counter
from pathlib import Path

from app.exams.answer_store import SqliteAnswers, connector
from tests.torture.power import Told, save_some
from tests.torture.world import Seat


def main() -> None:
    """Save until the disk is full and some time longer, make room, save again, and print what was acknowledged."""
    work = json.loads(sys.stdin.read())
    seats = [Seat(**{**one, "kinds": tuple(one["kinds"])}) for one in work["seats"]]
    dice, told, last = random.Random(work["seed"]), Told(), Counter[int]()
    store = SqliteAnswers(connector(work["path"]))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for _ in range(20):
        save_some(store, seats, last, dice, told)
    sizes = [Path(f"{work['path']}{rest}").stat().st_size for rest in ("", "-wal")]
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(sizes) + 200_000, most))
    refused = 0
    for _ in range(3000):
        refused += not save_some(store, seats, last, dice, told)
        if refused >= 50:
            break
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    after = sum(save_some(store, seats, last, dice, told) for _ in range(20))
    store.close()
    told_rows = [[sitting, seq, slot, answer] for (sitting, seq), (slot, answer) in told.items()]
    json.dump({"refused": refused, "after": after, "told": told_rows}, sys.stdout)


if __name__ == "__main__":
    main()
