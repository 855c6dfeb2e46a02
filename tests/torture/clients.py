"""Candidates' pages that save without end: they send again, send twice, send old things, and note what was acknowledged."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from tests.bench.browser import Browser, Page
from tests.torture.world import WRITER, Seat, value

Key = tuple[int, int]  # (epoch, number)


@dataclass
class Pulse:
    """The moments of acknowledgements of all pages together, to see how long a fault holds them up."""

    times: list[float] = field(default_factory=list)

    def recovery(self, began: float, timeout: float) -> float:
        """Seconds from the beginning of a fault, which has been done by now, to the fifth acknowledgement from now on.

        Acknowledgements that were on their way while the fault was being done do not count, so this is an upper bound;
        infinite if they do not come in time.
        """
        done = time.monotonic()
        while time.monotonic() < done + timeout:
            after = [at for at in self.times[-200:] if at > done]
            if len(after) >= 5:
                return after[4] - began
            time.sleep(0.02)
        return float("inf")


class Writer(threading.Thread):
    """One page. `acked` holds, by (epoch, number), slot and answer of everything that was acknowledged."""

    def __init__(self, port: int, seat: Seat, pulse: Pulse, seed: str, writer: str = WRITER) -> None:
        super().__init__(daemon=True)
        self.seat, self.pulse, self.dice, self.name_of_device = seat, pulse, random.Random(seed), writer
        self.browser = Browser(port, "127.0.0.1", {"auditorium": seat.token})
        self.sent: list[dict[str, Any]] = []  # everything written in the present epoch, in order of numbers
        self.epoch, self.known, self.token = 1, 0, ""
        self.acked: dict[Key, tuple[int, Any]] = {}
        self.said: Counter[str] = Counter()
        self.quiet = threading.Event()
        self.ended = False

    def run(self) -> None:
        """Write and send until told to be quiet; then send what is left."""
        while not self.ended and not (self.quiet.is_set() and self.known == len(self.sent)):
            if not self.quiet.is_set() and len(self.sent) - self.known < 40:
                self._write(self.dice.randint(1, 3))
            try:
                self._turn()
            except (OSError, HTTPException, ValueError, LookupError, RuntimeError) as error:
                self.said[type(error).__name__] += 1
                self.browser.close()
                time.sleep(self.dice.uniform(0.01, 0.1))

    def _write(self, count: int) -> None:
        for _ in range(count):
            number = len(self.sent) + 1
            slot = self.dice.randint(1, len(self.seat.kinds))
            word = f"{self.seat.sitting}.{self.epoch}.{number}.{self.name_of_device[0]}"
            answer = value(self.seat.kinds[slot - 1], word)
            self.sent.append({"seq": number, "slot": slot, "value": answer, "ms": int(time.time() * 1000)})

    def _turn(self) -> None:
        if not self.token:
            self.token = self.browser.get(f"/sittings/{self.seat.ref}").token()
        begin, end = self.known, min(len(self.sent), self.known + 16)
        odd = self.dice.random()
        if odd < 0.05:
            begin = max(0, begin - self.dice.randint(1, 8))  # some of it again
        elif odd < 0.08 and begin > 4:
            begin, end = 0, self.dice.randint(1, min(begin, 16))  # a stale copy of the beginning
        elif odd < 0.11 and end - begin > 1:
            begin += 1  # the second before the first
        self.send(self.sent[begin:end])

    def send(self, entries: Sequence[dict[str, Any]]) -> Page:
        """Send entries and take note of the reply."""
        body = {"epoch": self.epoch, "writer": self.name_of_device, "entries": list(entries)}
        page = self.ask("answers", body)
        if page.status == 200:
            said = json.loads(page.text)
            self._acknowledged(entries, said["acked"], late=said["late"])
        elif page.status == 409:
            self.conflict(json.loads(page.text))
        elif page.status == 410:
            self.ended = True
        elif page.status in {400, 401}:
            self.token = ""
        else:
            time.sleep(self.dice.uniform(0.01, 0.1))
        return page

    def ask(self, end: str, body: Any) -> Page:
        """One request as the page sends it."""
        headers = {
            "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": self.token,
            "Sec-Fetch-Site": "same-origin",
        }  # fmt: skip
        page = self.browser._exchange("POST", f"/sittings/{self.seat.ref}/{end}", json.dumps(body).encode(), headers)
        self.said[str(page.status)] += 1
        return page

    def conflict(self, said: dict[str, Any]) -> None:
        """Numbers that do not fit: a page that lost nothing is never told that something it had sent is missing."""
        if said.get("code") == "Gap" and said["expected"] <= self.known:
            self.said["forgotten by the server"] += 1
            self.known = said["expected"] - 1

    def _acknowledged(self, entries: Sequence[dict[str, Any]], numbers: Sequence[int], *, late: bool) -> None:
        taken = set(numbers)
        for one in entries:
            if one["seq"] in taken and not late:
                self.acked.setdefault((self.epoch, one["seq"]), (one["slot"], one["value"]))
        self.known = max(self.known, max(numbers, default=0))
        self.pulse.times.append(time.monotonic())


class Rival(Writer):
    """A page beside another on the same sitting: when it was taken over, it waits a little and takes over itself."""

    def conflict(self, said: dict[str, Any]) -> None:
        """Take over, and number what is left anew."""
        if said.get("code") != "TakenOver":
            super().conflict(said)
            return
        time.sleep(self.dice.uniform(0.02, 0.2))
        page = self.ask("lease", {"writer": self.name_of_device, "take_over": True})
        if page.status == 200:
            held = json.loads(page.text)
            rest = self.sent[self.known :]
            self.epoch, self.known = held["epoch"], held["last"]
            filler: list[dict[str, Any]] = [{}] * self.known
            self.sent = filler + [one | {"seq": number} for number, one in enumerate(rest, self.known + 1)]


def start(writers: Sequence[Writer]) -> None:
    """Let them write."""
    for writer in writers:
        writer.start()


def finish(writers: Sequence[Writer], timeout: float = 60) -> None:
    """Let them send what is left and end. Raises RuntimeError if one cannot."""
    for writer in writers:
        writer.quiet.set()
    until = time.monotonic() + timeout
    for writer in writers:
        writer.join(max(0.1, until - time.monotonic()))
        if writer.is_alive():
            raise RuntimeError(f"a page could not send everything: {dict(writer.said)}")
