"""Lint 签发前检查: named rules, each from its source, that claims must pass; nothing unlinted can be drawn or signed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.certificates import numbering
from app.certificates.claims import Claims
from app.certificates.wording import Wording
from app.refusals import N_, Refusal

#: Words that the letter 人社部函[2022]25号 bars from training certificates, and words of registration and certification.
BARRED_ZH = (
    "中华人民共和国", "中华", "中国", "国家", "全国", "职业资格", "人员资格", "岗位合格", "认证证书", "注册审核员", "国家注册",
)  # fmt: skip
BARRED_EN = (
    "china", "chinese", "national", "nationwide", "state council", "vocational qualification", "professional qualification",
    "registered auditor", "certified auditor", "accredited",
)  # fmt: skip
#: Bodies whose name would look like their mark; only the sentence on registration may name one.
MARKS = ("CNAS", "CCAA", "CNIPA")
LONGEST_ADDRESS = 80
_SEAL = object()


@dataclass(frozen=True)
class Problem:
    """One rule that does not hold; `message` is a message id with `parameters`."""

    rule: str
    source: str
    message: str
    parameters: Mapping[str, str] = field(default_factory=dict)


class NotFit(Refusal):
    """The claims break at least one rule, so no certificate is issued."""

    message = N_("The certificate cannot be issued as it stands.")

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Linted:
    """Claims that passed every rule, with their wording. Only `check` makes one."""

    claims: Claims
    wording: Wording
    _seal: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._seal is not _SEAL:
            raise TypeError("claims become Linted by lint.check alone")


@dataclass(frozen=True)
class Case:
    """What the rules look at: the claims, their wording, which characters cannot be printed, and the standard's fate."""

    claims: Claims
    wording: Wording
    missing: Callable[[str], tuple[str, ...]]
    replaced_on: date | None


def check(
    claims: Claims, wording: Wording, missing: Callable[[str], tuple[str, ...]], replaced_on: date | None
) -> Linted:
    """Run every rule. `missing` names the characters that the typeface lacks; `replaced_on` is the edition's last day + 1.

    Raises NotFit with every problem, not only the first.
    """
    case = Case(claims, wording, missing, replaced_on)
    problems = [
        Problem(name, source, message, parameters) for name, source, rule in RULES for message, parameters in rule(case)
    ]
    if problems:
        raise NotFit(problems)
    return Linted(claims, wording, _SEAL)


Found = Iterator[tuple[str, Mapping[str, str]]]


def content_present(case: Case) -> Found:
    """Name, number, issuer, standard with its edition, scope, first and last day."""
    needed = {
        N_("The name of the holder is missing."): case.claims.holder(),
        N_("The certificate number is missing."): case.claims.number,
        N_("The name of the issuing base is missing."): case.claims.issuer_zh,
        N_("The standard is missing."): case.claims.standard,
        N_("The title of the programme is missing."): case.claims.programme_zh and case.claims.programme_en,
        N_("The scope is missing."): case.claims.scope_zh and case.claims.scope_en,
        N_("The signer of the base is missing."): case.claims.signer_zh,
    }
    for message, value in needed.items():
        if not value.strip():
            yield message, {}


def barred_words(case: Case) -> Found:
    """No word of state authority, qualification, registration or certification in titles, texts and scope.

    Names of people are exempt (中华 is a common given name), and so is the issuer's own registered name.
    """
    claims = case.claims
    texts = (*case.wording.sentences(), claims.programme_zh, claims.programme_en, claims.scope_zh, claims.scope_en)
    for text in texts:
        plain = text.casefold()
        for word in BARRED_ZH:
            if word in text and not any(word in longer and longer in text for longer in BARRED_ZH if longer != word):
                yield N_("“%(word)s” may not stand on a training certificate; it is in “%(text)s”."), _at(word, text)
        for word in BARRED_EN:
            if re.search(rf"\b{word}\b", plain):
                yield N_("“%(word)s” may not stand on a training certificate; it is in “%(text)s”."), _at(word, text)


def no_marks_of_others(case: Case) -> Found:
    """No accreditation or registration body is named as if it stood behind the certificate."""
    claims = case.claims
    texts = (*case.wording.sentences(), claims.programme_zh, claims.programme_en, claims.scope_zh, claims.scope_en)
    for text in (*texts, claims.issuer_zh, claims.issuer_en):
        for word in MARKS:
            if word in text:
                yield N_("“%(word)s” may not stand on a training certificate; it is in “%(text)s”."), _at(word, text)


def registration_is_told(case: Case) -> Found:
    """A statement for an auditor trainee says that it is no registration."""
    if case.claims.kind == "auditor-trainee" and not all(
        case.wording.registration.get(part) for part in ("zh_CN", "en")
    ):
        yield N_("The sentence that this is no registration of an auditor is missing."), {}


def dates_in_order(case: Case) -> Found:
    """Examined, then issued, then valid from one day to a later one; a replacement is issued while that runs."""
    claims = case.claims
    examined_first = claims.examined_on <= min(claims.issued_on, claims.valid_from)
    in_time = claims.issued_on <= (claims.valid_from if claims.issue == 1 else claims.valid_until)
    if not (examined_first and in_time and claims.valid_from < claims.valid_until):
        days = (claims.examined_on, claims.issued_on, claims.valid_from, claims.valid_until)
        names = ("examined", "issued", "start", "end")
        yield (
            N_("The dates are out of order: examined %(examined)s, issued %(issued)s, valid %(start)s to %(end)s."),
            {name: day.isoformat() for name, day in zip(names, days, strict=True)},
        )


def passed(case: Case) -> Found:
    """Only a passed examination after a training of at least one class hour."""
    if case.claims.result != "pass" or case.claims.hours < 1:
        yield N_("A certificate needs a passed examination and at least one class hour."), {}


def replaced_edition_is_told(case: Case) -> Found:
    """A certificate on an edition that was replaced says since when."""
    replaced = case.replaced_on is not None and case.replaced_on <= case.claims.issued_on
    if replaced and case.claims.replaced_on != case.replaced_on:
        yield N_("The certificate must say that this edition of the standard was replaced, and when."), {}


def identity_masked(case: Case) -> Found:
    """Of a number of identity at most the first six and the last four characters are shown."""
    shown = re.sub(r"[^0-9A-Za-z]", "", case.claims.holder_id)
    if len(shown) > 10 or re.search(r"[0-9A-Za-z]{9}", case.claims.holder_id):
        yield N_("The number of the identity document must be masked."), {}


def number_well_formed(case: Case) -> Found:
    """The number has its shape and its check character."""
    try:
        fits = numbering.read(case.claims.number) == case.claims.number
    except numbering.NotANumber:
        fits = False
    if not fits and case.claims.number:
        yield N_("The certificate number %(number)s is not well formed."), {"number": case.claims.number}


def address_fits(case: Case) -> Found:
    """The QR code stays coarse enough for any phone."""
    if len(case.claims.address) > LONGEST_ADDRESS:
        yield (
            N_(
                "The address in the QR code has %(length)s characters, at most %(most)s fit: the site’s address is too long."
            ),
            {"length": str(len(case.claims.address)), "most": str(LONGEST_ADDRESS)},
        )


def printable(case: Case) -> Found:
    """Every character of every text can be printed; the one that cannot is named."""
    claims = case.claims
    texts = (
        claims.holder_zh, claims.holder_latin, claims.programme_zh, claims.programme_en, claims.issuer_zh,
        claims.issuer_en, claims.signer_zh, claims.signer_en, claims.scope_zh, claims.scope_en, claims.holder_id,
    )  # fmt: skip
    for text in dict.fromkeys(texts):
        for character in case.missing(text):
            yield (
                N_("The typeface has no “%(character)s” (U+%(code)s), which is in “%(text)s”."),
                {"character": character, "code": f"{ord(character):04X}", "text": text},
            )


def _at(word: str, text: str) -> Mapping[str, str]:
    return {"word": word, "text": text}


RULES: tuple[tuple[str, str, Callable[[Case], Found]], ...] = (
    ("content-present", "ISO/IEC 17024 9.4.8", content_present),
    ("barred-words", "人社部函[2022]25号", barred_words),
    ("no-marks-of-others", "人社部函[2022]25号", no_marks_of_others),
    ("registration-is-told", "认证认可条例 38", registration_is_told),
    ("dates-in-order", "ISO/IEC 17024 9.4.8", dates_in_order),
    ("passed", "ISO/IEC 17024 9.4", passed),
    ("replaced-edition-is-told", "ISO/IEC 17024 9.4.8", replaced_edition_is_told),
    ("identity-masked", "GB 11643, 个人信息保护法 25", identity_masked),
    ("number-well-formed", "ISO/IEC 7064", number_well_formed),
    ("address-fits", "GB/T 18284 QR 5-M", address_fits),
    ("printable", "通用规范汉字表, GB 18030", printable),
)
