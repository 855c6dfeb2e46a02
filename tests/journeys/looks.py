"""How a page is judged: axe's rules, the width of a small phone, what the browser's console says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Violation:
    """A rule of axe that a page breaks, with the first place."""

    rule: str
    place: str
    why: str


def violations(page: Page) -> list[Violation]:
    """What axe-core, which the page has loaded (AXE), finds as it stands (WCAG 2.2 A and AA and best practice)."""
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", TAGS
    )
    return [
        Violation(rule["id"], node["html"][:160], node.get("failureSummary", "")[:300])
        for rule in found["violations"]
        for node in rule["nodes"][:2]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))
