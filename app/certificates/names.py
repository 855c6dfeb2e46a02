"""Names 姓名 as strangers may see them: masked, and compared without showing the one that is stored."""

from __future__ import annotations

import hmac
import re
import unicodedata


def masked(name: str) -> str:
    """`李*桐`, `欧**明`, `李*`, `古***·买***`, `L* Y*****`: the parts keep their first character, a short name its last.

    Names written with Han characters keep the last one too when they have three or more.
    """
    if "·" in name:
        return "·".join(part[:1] + "*" * max(len(part) - 1, 1) for part in name.split("·"))
    if name.isascii() or " " in name:
        return " ".join(part[:1] + "*" * (len(part) - 1) for part in name.split())
    if len(name) < 3:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def same(typed: str, *stored: str) -> bool:
    """Whether a typed name is one of the stored ones; width, case, spaces and the kind of the dot do not matter."""
    wanted = _plain(typed).encode()
    return bool(wanted) and sum(hmac.compare_digest(wanted, _plain(name).encode()) for name in stored if name) > 0


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s·•・‧.'’\-\u2010,]+", "", text)
