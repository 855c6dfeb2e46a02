"""Terms: found once, the longest first, never where they would disturb; and the file keeps to its rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.banks.nodes import Node
from app.courses import content
from app.courses.glossary import Glossary, Term, Wording, check, explained

SMALL = Glossary(
    (
        Term("nc", Wording(("不符合",), "没有做到。"), Wording(("nonconformity", "nonconformities"), "Not met.")),
        Term("major", Wording(("严重不符合",), "严重的。"), Wording(("major nonconformity",), "A grave one.")),
        Term("action", Wording(("纠正措施",), "消除原因。"), Wording(("corrective action",), "Removes the cause.")),
    )
)


def html(text: str, language: str = "zh_CN") -> str:
    return content.render(text, (), SMALL, language)


def test_the_longest_term_is_taken_and_each_only_once() -> None:
    page = html("严重不符合和不符合，再说不符合、严重不符合。")
    assert page.count('class="term"') == 2
    assert page.index("term-major-here") < page.index("term-nc-here")
    assert 'href="/learn/glossary#term-major"' in page
    assert "没有做到。</span></span>，再说不符合" in page


def test_english_terms_are_words_of_their_own() -> None:
    assert html("Nonconformities, not nonconformityish.", "en").count('class="term"') == 1
    assert 'class="term"' not in html("a non-conformity, pre-nonconformity, nonconformityish", "en")
    assert ">Corrective action</a>" in html("Corrective action", "en")


@pytest.mark.parametrize(
    "text",
    ["## 不符合", "`不符合`", "[不符合](https://a.example/)", "| 不符合 | 乙 |\n|---|---|\n| 甲 | 丁 |", "[说**不符合**](https://a.example/)"],
)  # fmt: skip
def test_no_term_is_explained_where_it_would_disturb(text: str) -> None:
    assert 'class="term"' not in html(text)
    assert html(f"{text}\n\n不符合").count('class="term"') == 1


def test_terms_are_explained_in_lists_cells_quotations_and_bold_text() -> None:
    for text in ("- 不符合", "| 甲 | 乙 |\n|---|---|\n| 不符合 | 丁 |", "> 不符合", "**不符合**"):
        assert html(text).count('class="term"') == 1


def test_what_a_term_says_cannot_run() -> None:
    term = Term('x"><script>', Wording(("词",), "<script>"), Wording(("w",), "<b>"))
    assert "<script>" not in explained("<b>", term, "zh_CN") and "<b>" not in explained("<b>", term, "en")


@given(st.text("严重不符合纠正措施，x\ue0000", max_size=60))
def test_the_text_stays_as_it_is(text: str) -> None:
    plain = content.render(text, (), Glossary(), "zh_CN")
    page = html(text)
    for term in SMALL.terms:
        for word in term.zh_CN.words:
            page = page.replace(explained(word, term, "zh_CN"), word)
    assert page == plain


def test_a_word_of_two_terms_is_told() -> None:
    twice = (*SMALL.terms, Term("nc", Wording(("别的",), "x"), Wording(("Nonconformity",), "x")))
    lined = [(term, Node({"id": Node(term.id, line)}, line)) for line, term in enumerate(twice, 2)]
    found = [(finding.rule, finding.line) for finding in check(lined, "glossary.yaml")]
    assert found == [("term-is-one", 5), ("term-is-one", 5)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("terms:\n  - id: a\n    zh_CN: {words: [甲], says: x}\n", "required-fields-present"),
        (
            "terms:\n  - id: a\n    zh_CN: {words: [], says: x}\n    en: {words: [a], says: x}\n",
            "required-fields-present",
        ),
        ("words: []\n", "required-fields-present"),
        ("terms: [", "file-can-be-read"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str, rule: str) -> None:
    (tmp_path / "glossary.yaml").write_text(text, encoding="utf-8")
    assert rule in {finding.rule for finding in content.read_glossary(tmp_path)[1]}
    assert rule in {finding.rule for finding in content.check_shelf(tmp_path)}


def test_the_real_terms_keep_to_the_rule_and_say_one_sentence() -> None:
    found, findings = content.read_glossary(content.COURSES)
    assert findings == () and len(found.terms) > 30
    assert content.glossary() == found
    for term in found.terms:
        assert term.zh_CN.says.count("。") == 1 and term.zh_CN.says.endswith("。"), term.id
        assert term.en.says.endswith(".") and ". " not in term.en.says, term.id
