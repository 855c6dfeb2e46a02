"""The glossary is the source of domain words: catalogue and content use its words, and none of those it rules out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.verification.checks import WORDS

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
CATALOGUE = ROOT / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
CONTENT = sorted(
    path
    for folder in ("courses", "question_banks")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".md", ".yaml"}
)

STATES = ("有效", "已过期", "已暂停", "已撤销", "已换发", "查无此证", "文件与签名不符", "暂时无法查验")
#: Wrong spellings and empty questions: nowhere.
NEVER = ("登陆", "其它", "帐号", "确定要")
#: A certificate is 撤销; a company's document may be 作废 and a licence 吊销, so content is asked line by line.
NEVER_OF_CERTIFICATES = ("吊销", "作废")


def rows() -> list[tuple[str, str, str]]:
    """The rows of every table with the head Chinese, English, Meaning."""
    found, inside = [], False
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            inside = False
        elif cells == ["Chinese", "English", "Meaning"]:
            inside = True
        elif inside and not set(line) <= set("|-"):
            assert len(cells) == 3, line
            found.append((cells[0], cells[1], cells[2]))
    return found


def catalogue() -> dict[str, str]:
    """English sentence → Chinese sentence."""
    with CATALOGUE.open("rb") as source:
        messages = [message for message in read_po(source, locale="zh_Hans_CN") if message.id]
    found: dict[str, str] = {}
    for message in messages:
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        found[ids[0]] = "\n".join(text or "" for text in texts)
    return found


def test_every_row_has_both_words_and_one_sentence() -> None:
    assert len(rows()) > 100
    for chinese, english, meaning in rows():
        assert re.search(r"[\u4e00-\u9fff]", chinese), chinese
        assert re.fullmatch(r"[A-Za-z][A-Za-z ,()'-]*", english), english
        assert meaning.endswith(".") and ". " not in meaning, f"{chinese}: one sentence, with a full stop"


@pytest.mark.parametrize("column", [0, 1], ids=["Chinese", "English"])
def test_one_word_has_one_meaning(column: int) -> None:
    twice = [word for word, times in Counter(row[column].casefold() for row in rows()).items() if times > 1]
    assert twice == []


def test_the_states_of_a_certificate_are_in_the_glossary_and_nothing_else_is_called_a_state() -> None:
    text = GLOSSARY.read_text(encoding="utf-8")
    section = text.split("### States of a certificate", 1)[1].split("\n## ", 1)[0]
    words = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    assert [row[0] for row in words[2:]] == list(STATES)
    assert [row[1] for row in words[2:]] == list(WORDS.values()), "verification calls a state by another word"


@pytest.mark.parametrize("state", STATES)
def test_the_catalogue_says_each_state_with_the_word_of_the_glossary(state: str) -> None:
    english = next(row[1] for row in rows() if row[0] == state)
    assert catalogue().get(english) == state


@pytest.mark.parametrize("word", [*NEVER, *NEVER_OF_CERTIFICATES])
def test_the_catalogue_avoids_the_words_that_are_ruled_out(word: str) -> None:
    assert [sentence for sentence in catalogue().values() if word in sentence] == []


@pytest.mark.parametrize("word", NEVER)
def test_content_avoids_the_words_that_are_ruled_out(word: str) -> None:
    assert CONTENT
    assert [str(path.relative_to(ROOT)) for path in CONTENT if word in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("word", NEVER_OF_CERTIFICATES)
def test_content_says_that_certificates_are_withdrawn(word: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in CONTENT
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if word in line and "证书" in line
    ]
    assert wrong == []
