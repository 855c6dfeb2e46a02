"""Certificate numbers 证书编号: issuer, programme, year, serial and a check character that catches slips of the pen."""

from __future__ import annotations

import re
import unicodedata

from app.refusals import N_, Refusal

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Characters that people confuse, read as the digit; so no part of a number before its check character has I or O.
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1"})
DASHES = re.compile(r"[\s\u00ad\u2010-\u2015\u2212_.·/]+")
SHAPE = re.compile(r"[0-9A-Z]{2,8}-[0-9A-Z]{2,8}-20[0-9]{2}-[0-9]{6}-[0-9A-Z]")
#: The programme part by kind of programme, before the two digits of the standard's year.
PROGRAMMES = {"internal-auditor": "NSY", "auditor-trainee": "SHY"}


class NotANumber(Refusal):
    """What was typed cannot be a certificate number: its shape is wrong or its check character does not fit."""

    message = N_("“%(typed)s” is not a certificate number of this site: a character is missing, wrong or exchanged.")
    todo = N_("Compare it with the certificate, character by character; 0 and O, 1 and I count as the same.")


def check_character(payload: str) -> str:
    """The check character of `payload` (letters and digits; others are left out), by ISO/IEC 7064, MOD 37,36.

    It finds every single wrong character, and all but two in a thousand exchanges of neighbours.
    """
    product = 36
    for character in payload:
        if character in ALPHABET:
            total = (product + ALPHABET.index(character)) % 36 or 36
            product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]


def prefix(issuer_code: str, kind: str, edition: str, year: int) -> str:
    """`JSZJ-NSY13-2026`, the part that a series of serial numbers shares.

    `issuer_code` is the code of the training base, `edition` the code of a standard's edition that ends in its year.
    """
    issuer = re.sub(r"[^0-9A-Z]", "", issuer_code.upper())[:8].translate(LOOK_ALIKES).ljust(2, "0")
    programme = PROGRAMMES[kind] + edition[-2:]
    return f"{issuer}-{programme}-{year:04d}"


def number(series: str, serial: int) -> str:
    """The whole number; `serial` counts from 1 within the series. Raises ValueError beyond 999,999."""
    if not 0 < serial < 1_000_000:
        raise ValueError(f"serial {serial} is out of range")
    payload = f"{series}-{serial:06d}"
    return f"{payload}-{check_character(payload)}"


def read(typed: str) -> str:
    """The number in its written form from what a person typed: case, spaces, kinds of dashes and look-alikes do not matter.

    A check character that looks like another is read as either, whichever fits; that costs a little of its power and
    spares people the question. Raises NotANumber when the shape or the check character is wrong.
    """
    text = unicodedata.normalize("NFKC", typed).upper().strip()
    parts = [part for part in DASHES.sub("-", text).replace("--", "-").strip("-").split("-") if part]
    if len(parts) == 1:
        parts = _split(parts[0])
    found = "-".join([*parts[:-1], ""]).translate(LOOK_ALIKES) + (parts[-1] if parts else "")
    for candidate in (found, *_other_readings(found)):
        if SHAPE.fullmatch(candidate) and check_character(candidate[:-1]) == candidate[-1]:
            return candidate
    raise NotANumber(typed=typed.strip()[:40])


def _split(run: str) -> list[str]:
    """The parts of a number that was typed without dashes; the programme part begins with one of the known words."""
    words = "|".join(PROGRAMMES.values())
    found = re.fullmatch(rf"([0-9A-Z]{{2,8}}?)((?:{words})[0-9O]{{2}})(.{{4}})(.{{6}})(.)", run)
    return list(found.groups()) if found else [run]


def _other_readings(text: str) -> list[str]:
    """The same number with the other look-alike in the place of the check character, where letters do occur."""
    other = {"0": "O", "O": "0", "1": "I", "I": "1"}.get(text[-1:], "")
    return [text[:-1] + other] if other else []
