"""Certificate numbers."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.certificates import numbering

PAYLOADS = st.text(alphabet=numbering.ALPHABET, min_size=1, max_size=24)
SERIALS = st.integers(1, 999_999)
KINDS = st.sampled_from(sorted(numbering.PROGRAMMES))
CODES = st.from_regex(r"[a-z][a-z0-9-]{1,9}", fullmatch=True)
YEARS = st.integers(2020, 2099)


def made(code: str, kind: str, year: int, serial: int) -> str:
    return numbering.number(numbering.prefix(code, kind, "gbt29490-2013", year), serial)


def test_check_character_of_a_published_number() -> None:
    """The example of the Global Release Identifier standard, which uses the same system: A1-2425G-ABC1234002-M."""
    assert numbering.check_character("A12425GABC1234002") == "M"


@given(PAYLOADS)
def test_check_character_closes_the_sum_of_the_standard(payload: str) -> None:
    """ISO/IEC 7064, hybrid systems: S(n+1) = P(n) + a, P = 2 (S mod 36, or 36) mod 37, and the last S is 1 mod 36."""
    product, total = 36, 0
    for character in payload + numbering.check_character(payload):
        total = product + numbering.ALPHABET.index(character)
        product = 2 * (total % 36 or 36) % 37
    assert total % 36 == 1


@given(PAYLOADS, st.data())
def test_every_single_wrong_character_is_found(payload: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(payload) - 1))
    wrong = data.draw(st.sampled_from(numbering.ALPHABET))
    assume(wrong != payload[place])
    changed = payload[:place] + wrong + payload[place + 1 :]
    assert numbering.check_character(changed) != numbering.check_character(payload)


@given(CODES, KINDS, YEARS, SERIALS)
def test_a_number_reads_back_however_it_is_typed(code: str, kind: str, year: int, serial: int) -> None:
    number = made(code, kind, year, serial)
    assert numbering.read(number) == number
    assert numbering.read(f"  {number.lower().replace('-', ' – ')} ") == number
    assert numbering.read("".join(chr(ord(c) + 0xFEE0) for c in number)) == number, "full-width characters"
    assert numbering.read(number.replace("0", "o").replace("1", "i")) == number, "look-alikes"


def test_nearly_every_exchange_of_neighbours_is_found() -> None:
    check = numbering.check_character
    pairs = [(before, *pair) for before in numbering.ALPHABET for pair in combinations(numbering.ALPHABET, 2)]
    missed = sum(check(before + one + two) == check(before + two + one) for before, one, two in pairs)
    assert missed / len(pairs) < 0.002


@given(CODES, KINDS, YEARS, SERIALS)
def test_only_the_check_character_can_look_like_a_digit(code: str, kind: str, year: int, serial: int) -> None:
    assert not set(made(code, kind, year, serial)[:-1]) & set("OI")


@pytest.mark.parametrize(
    "typed", ["", "-", "JSZJ", "JSZJ-NSY13-2026-000001-", "绝不是编号", "A" * 60, "JSZJ-NSY13-1926-000001-X"]
)
def test_nonsense_is_refused_and_quoted(typed: str) -> None:
    with pytest.raises(numbering.NotANumber) as caught:
        numbering.read(typed)
    assert typed[:40] in str(caught.value)


def test_a_number_typed_without_dashes_is_read() -> None:
    number = made("jszj", "internal-auditor", 2026, 17)
    assert numbering.read(number.replace("-", "")) == number


@pytest.mark.parametrize("serial", [0, -1, 1_000_000])
def test_serials_out_of_range_are_a_defect(serial: int) -> None:
    with pytest.raises(ValueError):
        numbering.number("JSZJ-NSY13-2026", serial)
