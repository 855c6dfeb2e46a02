"""From evidence to a verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificates.claims import to_json
from app.verification.checks import WORDS, State, Verdict, verify
from app.verification.evidence import Evidence, FileSeen, RegisterSeen, Seen
from tests.certificates.samples import claims

MADE = claims()
CLAIMS = to_json(MADE)
TODAY = MADE.issued_on
YES, NO, UNKNOWN = Seen(True), Seen(False, "no"), Seen(None, "unknown")
FILE = FileSeen("aa", YES, YES, YES, YES, claims=CLAIMS)
REGISTER = RegisterSeen("granted", CLAIMS, "aa", file_kept=YES)


def judged(
    file: FileSeen | None = FILE, register: RegisterSeen | None = REGISTER, asked: bool | None = True, at: date = TODAY
) -> Verdict:
    return verify(Evidence(file, register, asked), at)


def held(verdict: Verdict) -> dict[str, bool | None]:
    return {check.name: check.holds for check in verdict.checks}


def test_a_genuine_certificate_is_valid_with_every_check_made() -> None:
    verdict = judged()
    assert verdict.state is State.VALID
    assert list(held(verdict)) == [
        "form",
        "one-revision",
        "signature",
        "chain",
        "in-register",
        "status",
        "in-force",
        "claims-equal",
    ]
    assert all(check.holds for check in verdict.checks)


@pytest.mark.parametrize("part", ["form", "one_revision", "signature", "chain"])
def test_a_failed_file_shows_nothing_else(part: str) -> None:
    verdict = judged(replace(FILE, **{part: NO}))
    assert verdict.state is State.ALTERED and verdict.claims is None
    assert list(held(verdict)) == ["form", "one-revision", "signature", "chain"]


@pytest.mark.parametrize("part", ["form", "one_revision", "signature", "chain"])
def test_what_could_not_be_looked_at_is_unknown(part: str) -> None:
    assert judged(replace(FILE, **{part: UNKNOWN})).state is State.UNKNOWN


@pytest.mark.parametrize("state", ["suspended", "withdrawn", "replaced"])
def test_states_of_the_register(state: str) -> None:
    verdict = judged(register=replace(REGISTER, state=state, since=TODAY, reason="lost"))
    assert verdict.state == state and verdict.since == TODAY and verdict.reason == "lost"
    assert held(verdict)["status"] is False and verdict.claims is not None


def test_withdrawn_counts_more_than_expired() -> None:
    late = MADE.valid_until.replace(year=MADE.valid_until.year + 1)
    assert judged(at=late).state is State.EXPIRED
    assert judged(register=replace(REGISTER, state="withdrawn"), at=late).state is State.WITHDRAWN


def test_first_and_last_day_are_in_force() -> None:
    assert judged(at=MADE.valid_from).state is judged(at=MADE.valid_until).state is State.VALID


def test_signed_but_not_in_the_register_is_not_found_and_shows_nothing() -> None:
    verdict = judged(register=None)
    assert verdict.state is State.NOT_FOUND and verdict.claims is None


def test_other_content_than_the_register_is_refused() -> None:
    verdict = judged(replace(FILE, sha256="bb", claims={**CLAIMS, "holder_zh": "别人"}))
    assert verdict.state is State.ALTERED and verdict.claims is None


def test_another_file_with_the_same_content_is_genuine() -> None:
    """A worker that died after signing signs again: same number, same content, other bytes."""
    assert judged(replace(FILE, sha256="bb")).state is State.VALID


def test_a_register_that_does_not_answer_is_never_invalid() -> None:
    assert judged(register=None, asked=None).state is State.UNKNOWN
    assert judged(file=None, register=None, asked=None).state is State.UNKNOWN


def test_offline_the_file_is_judged_and_the_rest_said_to_be_unknown() -> None:
    verdict = judged(register=None, asked=False)
    assert verdict.state is State.VALID
    assert {name for name, holds in held(verdict).items() if holds is None} == {"in-register", "status", "claims-equal"}


def test_by_number_a_damaged_archive_is_not_valid() -> None:
    assert judged(file=None).state is State.VALID
    assert judged(file=None, register=replace(REGISTER, file_kept=NO)).state is State.UNKNOWN
    assert judged(file=None, register=None).state is State.NOT_FOUND


SEEN = st.sampled_from([YES, NO, UNKNOWN])


STATES = st.sampled_from(["granted", "suspended", "withdrawn", "replaced", "none"])


@given(SEEN, SEEN, SEEN, SEEN, STATES, st.sampled_from([True, False, None]))
def test_valid_only_when_nothing_was_refused_or_failed(
    form: Seen, one: Seen, signature: Seen, chain: Seen, state: str, asked: Any
) -> None:
    file = FileSeen("aa", form, one, signature, chain, claims=CLAIMS)
    register = None if state == "none" or not asked else replace(REGISTER, state=state)
    verdict = judged(file, register, asked)
    if verdict.state is State.VALID:
        assert form.holds and one.holds and signature.holds and chain.holds
        assert not any(check.holds is False for check in verdict.checks)
        assert asked is not None
    if False in (form.holds, one.holds, signature.holds, chain.holds):
        assert verdict.claims is None


def test_every_state_has_its_word() -> None:
    assert set(WORDS) == set(State)
