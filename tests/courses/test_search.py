"""Search: Chinese by pairs of characters, English by beginnings of words, titles first, and any input without a crash."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.courses.search import LONGEST_QUERY, Hit, Index, Passage, excerpt, fold, terms_of


def passage(lesson: str, body: str, *, title: str = "", heading: str = "", language: str = "zh_CN") -> Passage:
    return Passage(lesson, language, 1, title, heading, body)


def wide(text: str) -> str:
    """The text in the full-width forms of its characters."""
    return "".join(chr(ord(one) + 0xFEE0) for one in text)


INDEX = Index(
    [
        passage("secret", "保密协议要写清范围。商业秘密有三个条件。", title="7.6 保密", heading="条款要求什么"),
        passage("staff", "入职时签保密协议，离职时再提醒一次商业秘密。", title="6.1.4 入职离职"),
        passage("business", "秘密的商业安排；商业与秘密分开说。", title="别的"),
        passage("secret", "Trade secrets need measures. Auditors ask.", title="7.6 Confidentiality", language="en"),
        passage("audit", "An audit of contracts.", title="9.2 Internal audit", language="en"),
        passage("wide", f"{wide('GB/T')} {wide('29490')} 全角", title="宽"),
    ]
)


def lessons(query: str, language: str = "zh_CN") -> list[str]:
    return [hit.passage.lesson for hit in INDEX.find(query, language)]


@pytest.mark.parametrize(
    ("query", "language", "expected"),
    [
        ("商业秘密", "zh_CN", ["secret", "staff"]),
        ("保密", "zh_CN", ["secret", "staff"]),
        ("7.6", "zh_CN", ["secret"]),
        ("contract", "zh_CN", ["audit"]),
        ("CONTRACTS", "en", ["audit"]),
        ("audit", "en", ["audit", "secret"]),
        ("trade secret", "en", ["secret"]),
        ("gb/t 29490", "zh_CN", ["wide"]),
        ("密", "zh_CN", ["business", "secret", "staff"]),
        ("没有这个词组合", "zh_CN", []),
        ("", "zh_CN", []),
        ("…，。", "zh_CN", []),
    ],
)
def test_what_is_found(query: str, language: str, expected: list[str]) -> None:
    found = lessons(query, language)
    assert (sorted(found) if query == "密" else found) == expected


def test_the_readers_language_comes_first() -> None:
    assert [hit.passage.language for hit in INDEX.find("7.6", "en")] == ["en"]
    assert [hit.passage.language for hit in INDEX.find("7.6", "zh_CN")] == ["zh_CN"]


def marked(hit: Hit) -> list[str]:
    return [text for text, found in hit.excerpt if found]


def test_the_excerpt_marks_whole_words_and_reads_like_the_text() -> None:
    assert marked(INDEX.find("contract", "en")[0]) == ["contracts"]
    assert marked(INDEX.find("29490", "zh_CN")[0]) == [wide("29490")]
    long = "开头。" * 40 + "这里说商业秘密" + "结尾。" * 60
    pieces = excerpt(long, ("商业秘密",))
    assert pieces[0][0] == "…" and pieces[-1][0] == "…"
    assert "".join(text for text, _hit in pieces).strip("…") in long
    assert sum(len(text) for text, _hit in pieces) < 140


def test_a_query_is_cut_and_told_apart() -> None:
    assert terms_of("发明人 署名　IP audits") == ("发明人", "署名", "ip", "audit")
    assert len(terms_of(" ".join(str(number) for number in range(100)))) <= 12
    assert terms_of("甲" * 500) == ("甲" * LONGEST_QUERY,)


TEXTS = st.text(st.characters(), max_size=120) | st.text("商业秘密保a\u017f\u0130\ufb01 .·-s\x00", max_size=40)


@given(TEXTS, TEXTS, st.sampled_from(["zh_CN", "en"]))
@example("\u0130", "\u0130\u0130", "en")
@example("\ufb01", "x\ufb01x", "en")
def test_any_query_is_answered(query: str, body: str, language: str) -> None:
    index = Index([passage("one", body, title=query)])
    for hit in index.find(query, language):
        assert "".join(text for text, _hit in hit.excerpt).strip("…") in body or not body
        assert hit.score > 0


@given(st.text("审核证据计划", min_size=2, max_size=8), st.text("审核证据计划，。", max_size=60))
def test_a_chinese_word_that_stands_there_is_found(word: str, body: str) -> None:
    hits = Index([passage("one", f"{body}{word}{body}")]).find(word, "zh_CN")
    assert hits and any(fold(word) == fold(text) for text in marked(hits[0]))
