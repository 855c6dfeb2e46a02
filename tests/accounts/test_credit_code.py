"""The unified social credit code: published examples hold, any slip is seen."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.accounts.credit_code import ALPHABET, check_character, credit_code_holds


@pytest.mark.parametrize("code", ["91110000600037341L", "91310115591693856A"])
def test_known_codes_hold(code: str) -> None:
    assert credit_code_holds(code)


@pytest.mark.parametrize(
    "code", ["", "9111000060003734", "91110000600037341I", "91110000600037342L", "91110000600037341l"]
)
def test_wrong_codes_do_not(code: str) -> None:
    assert not credit_code_holds(code)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_any_single_slip_is_seen(first: str, place: int, other: str) -> None:
    assume(first[place] != other)
    code = first + check_character(first)
    assert credit_code_holds(code)
    assert not credit_code_holds(code[:place] + other + code[place + 1 :])
