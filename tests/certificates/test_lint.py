"""The rules that claims must pass, each with what breaks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.certificates import lint
from app.certificates.content import wordings
from app.certificates.lint import Linted, NotFit
from app.documents import fonts
from tests.certificates.samples import REPLACED, claims, linted


def broken(**changes: Any) -> set[str]:
    """The rules that do not hold with these changes."""
    with pytest.raises(NotFit) as caught:
        linted(claims(**changes))
    assert all(problem.message % problem.parameters for problem in caught.value.problems)
    return {problem.rule for problem in caught.value.problems}


@pytest.mark.parametrize("kind", sorted(wordings()))
def test_both_wordings_pass(kind: str) -> None:
    assert linted(claims(kind)).wording.kind == kind


def test_every_rule_has_a_source_and_a_name_of_its_own() -> None:
    assert len({name for name, _, _ in lint.RULES}) == len(lint.RULES)
    assert all(source for _, source, _ in lint.RULES)


@pytest.mark.parametrize(
    "field", ["holder_zh", "number", "issuer_zh", "standard", "programme_en", "scope_zh", "signer_zh"]
)
def test_content_of_17024_must_be_present(field: str) -> None:
    changes = {field: ""} | ({"holder_latin": ""} if field == "holder_zh" else {})
    assert "content-present" in broken(**changes)


@pytest.mark.parametrize("word", lint.BARRED_ZH)
def test_barred_words_in_chinese(word: str) -> None:
    assert broken(programme_zh=f"GB/T 29490 {word}培训") == {"barred-words"}


@pytest.mark.parametrize(
    "text", ["China auditor training", "National training", "Registered Auditor course", "NATIONWIDE course"]
)
def test_barred_words_in_english(text: str) -> None:
    assert broken(programme_en=text) == {"barred-words"}


def test_longest_word_is_named() -> None:
    with pytest.raises(NotFit) as caught:
        linted(claims(scope_zh="中华人民共和国通用"))
    assert [problem.parameters["word"] for problem in caught.value.problems] == ["中华人民共和国"]


def test_people_and_the_issuers_own_name_are_exempt() -> None:
    made = claims(holder_zh="李中华", signer_zh="王国家", issuer_zh="国家级知识产权培训基地（示例）")
    assert linted(made).claims is made


@pytest.mark.parametrize("mark", lint.MARKS)
def test_no_marks_of_others(mark: str) -> None:
    assert broken(programme_zh=f"{mark} 内部审核员培训") == {"no-marks-of-others"}
    assert broken(issuer_en=f"{mark} base") == {"no-marks-of-others"}


def test_statement_for_a_trainee_says_that_it_is_no_registration() -> None:
    silent = replace(wordings()["auditor-trainee"], registration={})
    with pytest.raises(NotFit) as caught:
        lint.check(claims("auditor-trainee"), silent, fonts.missing, REPLACED)
    assert [problem.rule for problem in caught.value.problems] == ["registration-is-told"]


def test_dates_in_order() -> None:
    today = claims().issued_on
    assert broken(examined_on=today + timedelta(days=1)) == {"dates-in-order"}
    assert broken(valid_until=today) == {"dates-in-order"}
    assert broken(issued_on=today + timedelta(days=1)) == {"dates-in-order"}
    assert linted(claims(issue=2, issued_on=today + timedelta(days=1))), "a replacement is issued while it is in force"


def test_only_passed_examinations() -> None:
    assert broken(result="fail") == {"passed"}
    assert broken(hours=0) == {"passed"}


def test_a_replaced_edition_is_told() -> None:
    assert broken(replaced_on=None) == {"replaced-edition-is-told"}
    old = claims(
        replaced_on=None, examined_on=date(2022, 5, 1), issued_on=date(2022, 5, 3), valid_from=date(2022, 5, 3),
        valid_until=date(2025, 5, 2),
    )  # fmt: skip
    assert linted(old), "before 2024 there was nothing to tell"


@pytest.mark.parametrize("number", ["11010519491231002X", "110105194912******", "E12345678"])
def test_identity_must_be_masked(number: str) -> None:
    assert broken(holder_id=number) == {"identity-masked"}


def test_number_must_be_well_formed() -> None:
    assert broken(number="JSZJ-NSY13-2026-000017-0") == {"number-well-formed"}


def test_address_must_fit_the_code() -> None:
    assert broken(address="https://example.org/" + "v" * 61) == {"address-fits"}


def test_a_character_that_cannot_be_printed_is_named() -> None:
    with pytest.raises(NotFit) as caught:
        linted(claims(holder_zh="张𱅒"))
    problem = caught.value.problems[0]
    assert problem.rule == "printable"
    assert problem.message % problem.parameters == "The typeface has no “𱅒” (U+31152), which is in “张𱅒”."


def test_nothing_but_the_lint_makes_linted() -> None:
    with pytest.raises(TypeError):
        Linted(claims(), wordings()["internal-auditor"], object())
