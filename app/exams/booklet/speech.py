"""How a printed paper speaks: in Chinese, in English, or in both, Chinese first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

TAGS = {"zh_CN": "zh-CN", "en": "en"}
_STRAIGHT = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}


@dataclass(frozen=True)
class Speech:
    """`languages` are those of the paper, the first one leads; `say` translates a message id into a language."""

    languages: tuple[str, ...]
    say: Callable[[str, str], str]
    moment: Callable[[datetime], str]

    @property
    def tag(self) -> str:
        """The language of the file."""
        return TAGS[self.languages[0]]

    def __call__(self, message: str, **parameters: object) -> str:
        """A label or a short sentence, in both languages beside each other."""
        return " ".join(dict.fromkeys(self.each(message, **parameters)))

    def each(self, message: str, **parameters: object) -> tuple[str, ...]:
        """The sentence once in each language."""
        return tuple(
            self._straight(self.say(message, one) % parameters if parameters else self.say(message, one), one)
            for one in self.languages
        )

    def of(self, text: Mapping[str, str]) -> str:
        """A short text of the content, in both languages beside each other."""
        return " ".join(dict.fromkeys(self.texts(text)))

    def texts(self, text: Mapping[str, str]) -> tuple[str, ...]:
        """A text of the content once in each language."""
        return tuple(self._straight(text[one], one) for one in self.languages)

    @staticmethod
    def _straight(text: str, language: str) -> str:
        """English with straight quotation marks: the curly ones of a Chinese typeface are as wide as a character."""
        return text.translate(_STRAIGHT) if language == "en" else text
