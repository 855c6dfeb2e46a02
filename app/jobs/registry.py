"""The register of background work: which function runs a kind of job, and what is done again every few seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Run = Callable[[dict[str, Any]], None]
Tick = Callable[[], None]

TASKS: dict[str, Run] = {}
TICKS: list[tuple[int, Tick]] = []


def task(kind: str) -> Callable[[Run], Run]:
    """Register the function that runs jobs of `kind`; it opens its own transactions and may be run again after a crash."""

    def register(run: Run) -> Run:
        if kind in TASKS and TASKS[kind].__qualname__ != run.__qualname__:
            raise ValueError(f"two functions for jobs of kind {kind}")
        TASKS[kind] = run
        return run

    return register


def every(*, seconds: int) -> Callable[[Tick], Tick]:
    """Register what the worker does every `seconds`; it opens its own transactions."""

    def register(tick: Tick) -> Tick:
        TICKS.append((seconds, tick))
        return tick

    return register
