"""Checks the colour pairs of the design tokens against WCAG 2.2: 4.5 to 1 for text, 3 to 1 for signs and borders.

    python3 scripts/check_contrast.py    # prints each pair, light and dark; exits 1 when one falls short

The ratio is that of WCAG 2.2, "contrast ratio" and "relative luminance".
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TOKENS = Path(__file__).resolve().parent.parent / "app/static/css/tokens.css"

TEXT, SIGN = 4.5, 3.0
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "surface", TEXT),
    ("text", "bg", TEXT),
    ("text-2", "surface", TEXT),
    ("text-2", "surface-sunken", TEXT),
    ("text-2", "bg", TEXT),
    ("text-3", "surface", TEXT),
    ("text-3", "bg", TEXT),
    ("text-3", "surface-sunken", TEXT),
    ("text-3", "accent-soft", TEXT),
    ("text-3", "accent-soft-2", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "bg", TEXT),
    ("accent", "accent-soft", TEXT),
    ("accent", "accent-soft-2", TEXT),
    ("accent", "surface-sunken", TEXT),
    ("accent-hover", "accent-soft-2", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("ok", "surface", TEXT),
    ("ok", "ok-soft", TEXT),
    ("danger", "surface", TEXT),
    ("danger", "bg", TEXT),
    ("danger", "danger-soft", TEXT),
    ("warn", "surface", TEXT),
    ("warn", "warn-soft", TEXT),
    ("text", "accent-soft-2", TEXT),
    ("text-2", "warn-soft", TEXT),
    ("text-2", "ok-soft", TEXT),
    ("text-2", "danger-soft", TEXT),
    ("on-seal", "seal", TEXT),
    ("control-border", "surface", SIGN),
    ("control-border", "bg", SIGN),
    ("accent-graphic", "surface", SIGN),
    ("accent-graphic", "surface-sunken", SIGN),
    ("ok-graphic", "surface", SIGN),
    ("warn-graphic", "surface", SIGN),
    ("warn-graphic", "surface-sunken", SIGN),
    ("flag-on-accent", "accent", SIGN),
    ("focus", "surface", SIGN),
    ("focus", "bg", SIGN),
)

BLOCK = re.compile(r"(:root[^{]*)\{([^}]*)\}")
TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")


def luminance(colour: str) -> float:
    """Relative luminance, 0 for black to 1 for white, of a colour written #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def schemes(css: str) -> dict[str, dict[str, str]]:
    """The tokens of the light scheme and of both places of the dark one, references followed."""
    found: dict[str, dict[str, str]] = {}
    for selector, body in BLOCK.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        name = {":root": "light", ':root:not([data-theme="light"])': "device", ':root[data-theme="dark"]': "chosen"}
        key = name.get(selector.strip())
        if key and key not in found:
            found[key] = dict(TOKEN.findall(body))
    light = found["light"]
    return {key: {token: _value(token, light | own) for token in light | own} for key, own in found.items()}


def _value(token: str, tokens: dict[str, str]) -> str:
    value = tokens[token]
    reference = re.fullmatch(r"var\(--([\w-]+)\)", value)
    return _value(reference.group(1), tokens) if reference else value


def failures(found: dict[str, dict[str, str]]) -> list[str]:
    """One sentence for each pair that falls short, and one if the two dark schemes differ."""
    wrong = [
        f"{scheme}: {front} on {back} is {ratio(tokens[front], tokens[back]):.2f}, needs {needed}."
        for scheme, tokens in found.items()
        for front, back, needed in PAIRS
        if ratio(tokens[front], tokens[back]) < needed
    ]
    if found["device"] != found["chosen"]:
        wrong.append("The dark colours of the device and those of the reader's choice differ.")
    return wrong


def main() -> int:
    found = schemes(TOKENS.read_text("utf-8"))
    for front, back, needed in PAIRS:
        figures = "  ".join(f"{ratio(found[s][front], found[s][back]):6.2f}" for s in ("light", "chosen"))
        print(f"{front:16} {back:16} {figures}   at least {needed}")
    wrong = failures(found)
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
