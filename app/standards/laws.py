"""Laws and regulations 法律法规 that lessons and items rest on, each with the editions of its text and their dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Law:
    """One edition of a law; `edition` is the year of the text, or the day on which the text in force was read.

    `ends` is the last day on which this text applies; a date that is not established is None.
    """

    name: str
    name_en: str
    edition: str
    adopted: date | None = None
    effective: date | None = None
    ends: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Name and edition."""
        return self.name, self.edition

    def title(self, language: str) -> str:
        """The name with its edition: "专利法（2020）", "Patent Law (2020)"."""
        return f"{self.name}（{self.edition}）" if language == "zh_CN" else f"{self.name_en} ({self.edition})"

    def in_force(self, day: date) -> bool:
        """Whether the text applies on a day, as far as its dates are established."""
        return (self.effective or day) <= day <= (self.ends or day)


def split(words: str) -> tuple[str, str]:
    """Name and edition of "专利法 2020"; the edition is empty where none is given."""
    name, _, edition = words.strip().partition(" ")
    return name, edition.strip()


Laws = Mapping[tuple[str, str], Law]
