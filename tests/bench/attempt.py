"""A whole attempt of an exam: sign-in, start with the whole paper, 25 saves of two answers, hand-in, result."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from functools import partial

from app.accounts import passwords
from tests.bench import bell, world
from tests.bench.figures import Figure, milliseconds, together
from tests.bench.measure import Meter
from tests.bench.steps import Candidate
from tests.bench.world import World

HEAD = ["Step", "Requests", "CPU ms site", "CPU ms database", "CPU ms together", "p50 ms", "p95 ms"]
SAVES, EACH = 25, 2


def measure(meter: Meter, here: World, session: str, people: Sequence[Candidate]) -> list[list[str]]:
    """The rows of one engine; before what is measured, everybody was in the waiting room, where the paper was made."""
    bell.signed_in(here, people)
    meter.prepare([partial(bell.come_in, one, session) for one in people])
    bell.open_at(here, session, 0)
    for one in people:
        one.browser.cookies.clear()
    requests: list[tuple[int, Figure]] = []

    def step(count: int, name: str, work: list[partial[None]]) -> None:
        requests.append((count, meter.step(name, work)))

    step(2, "Sign-in: page and form", [partial(_sign_in, one) for one in people])
    meter.prepare([partial(one.open, f"/sittings/{one.ref}/notice") for one in people])
    step(2, "Start: the clock starts, whole paper", [partial(_start, one) for one in people])
    step(1, "The page takes the pen", [partial(one.take_pen) for one in people])
    right = world.right_answers(here, [one.ref for one in people])
    for one in people:
        one.answers = right[one.ref]
    saves = [meter.step("save", [partial(_save, one, number) for one in people]) for number in range(SAVES)]
    requests.append((SAVES, together(f"{SAVES} saves of {EACH} answers", saves)))
    step(1, "Hand-in", [partial(one.hand_in) for one in people])
    step(1, "Result", [partial(one.open, f"/sittings/{one.ref}/result") for one in people])
    whole = together("Whole attempt", [figure for _count, figure in requests])
    requests.append((sum(count for count, _figure in requests), whole))
    apart = meter.step(
        "(on top: page of the receipt)", [partial(one.open, f"/sittings/{one.ref}/receipt") for one in people]
    )
    requests.append((1, apart))
    return [*(_row(count, figure) for count, figure in requests), _argon(len(people))]


def _sign_in(one: Candidate) -> None:
    one.open("/sign-in")
    one.sign_in()


def _start(one: Candidate) -> None:
    """The button of the waiting room, and where it leads."""
    page = one.browser.post(one.browser.page.form("/begin$"))
    one.browser.get(page.location)


def _save(one: Candidate, number: int) -> None:
    slots = list(itertools.islice(itertools.cycle(sorted(one.answers)), EACH * number, EACH * number + EACH))
    one.save(slots)


def _row(count: int, figure: Figure) -> list[str]:
    step, _times, site, database, p50, p95 = figure.row()
    both = milliseconds((figure.cpu + (figure.database or 0.0)) / figure.count)
    return [step, str(count), site, database, both, p50, p95]


def _argon(times: int) -> list[str]:
    """What the check of a password costs by itself: it is dear on purpose."""
    stored, began = passwords.hash_password("one of many"), time.thread_time()
    for _ in range(times):
        passwords.verify_password(stored, "one of many")
    each = milliseconds((time.thread_time() - began) / times)
    return ["(of sign-in: Argon2id, on purpose)", "–", each, "–", each, "–", "–"]
