"""The difficulty of items before and after people answered them."""

from __future__ import annotations

import random
import statistics

from hypothesis import given
from hypothesis import strategies as st

from app.exams.assembly.priors import STRENGTH, Observed, priors


def world(
    size: int, answers: int, seed: int = 1, *, easy: float = 0.0, noise: float = 0.1
) -> tuple[list[Observed], list[float]]:
    """Items with a true facility near their rating, cases harder than rated by 0.15, all easier by `easy`."""
    dice = random.Random(seed)
    items, truth = [], []
    for n in range(size):
        kind = ("single", "judge", "case")[n % 3]
        rated = dice.uniform(0.45, 0.8)
        true = rated + easy - (0.15 if kind == "case" else 0) + dice.gauss(0, noise)
        true = min(0.97, max(0.03, true))
        right = sum(dice.random() < true for _ in range(answers))
        items.append(Observed(round(rated * 10_000), (f"kind {kind}", f"group {n % 5}"), answers, right * 10_000))
        truth.append(true)
    return items, truth


def test_without_answers_the_raters_are_all_there_is() -> None:
    items = [Observed(rated, ("kind single",)) for rated in (3000, 5500, 9900)]
    assert priors(items) == ([3000, 5500, 9800], STRENGTH)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=20), st.integers(0, 3))
def test_means_stay_chances(rated: list[int], answers: int) -> None:
    means, strength = priors([Observed(one, ("a", "b"), answers, answers * 10_000) for one in rated])
    assert all(200 <= mean <= 9800 for mean in means) and 4 <= strength <= 60


def test_effects_of_kind_are_found_and_carry_over_to_items_nobody_answered() -> None:
    items, _ = world(300, 60)
    new = [Observed(6000, (f"kind {kind}", "group 1")) for kind in ("single", "case")]
    means, _ = priors([*items, *new])
    single, case = means[-2:]
    assert 0.11 < (single - case) / 10_000 < 0.19


def test_a_few_answers_move_little_and_many_the_level_of_all() -> None:
    few, _ = world(300, 60, easy=0.1)
    only = [few[0], *(Observed(one.rated, one.features) for one in few[1:])]
    moved = [abs(mean - one.rated) for mean, one in zip(priors(only)[0], only, strict=True)]
    assert max(moved) < 1500 and statistics.mean(moved) < 400
    all_moved = [mean - one.rated for mean, one in zip(priors(few)[0], few, strict=True)]
    assert 300 < statistics.mean(all_moved) < 900  # 0.1 easier, a third of them 0.15 harder: 0.05 on the whole


def test_the_strength_follows_what_the_prior_does_not_explain() -> None:
    sharp = priors(world(400, 100, noise=0.04)[0])[1]
    vague = priors(world(400, 100, noise=0.2)[0])[1]
    assert vague < 10 < 25 < sharp


def test_shrunken_facilities_are_nearer_to_the_truth_than_raters_or_answers_alone() -> None:
    """At 10 answers an item, by root mean square over 300 items."""
    items, truth = world(300, 10, seed=5)
    means, s = priors(items)

    def off(found: list[float]) -> float:
        return statistics.mean((one - true) ** 2 for one, true in zip(found, truth, strict=True)) ** 0.5

    shrunken = [(one.earned + s * mean) / (one.answers + s) / 10_000 for one, mean in zip(items, means, strict=True)]
    assert off(shrunken) < off([one.share for one in items]) and off(shrunken) < off([one.rated / 1e4 for one in items])
