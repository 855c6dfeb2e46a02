"""The stylesheets, icons and copied files keep the rules of the design guide."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from app.settings import ROOT
from scripts import check_contrast, vendor_assets

SHEETS = sorted((ROOT / "app/static/css").glob("*.css"))
SCRIPTS = sorted((ROOT / "app/static/js").glob("*.js"))
TEMPLATES = sorted((ROOT / "app").rglob("templates/**/*.html"))
ICON_NAMES = (r"\bicon\('([a-z0-9-]+)'", r"\bdraw\('([a-z0-9-]+)'", r"\bicon='([a-z0-9-]+)'", r"'icon': '([a-z0-9-]+)'")


def rules_of(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


def test_every_pair_of_colours_has_enough_contrast() -> None:
    assert check_contrast.failures(check_contrast.schemes(check_contrast.TOKENS.read_text("utf-8"))) == []


def test_the_contrast_check_notices_a_pale_colour() -> None:
    css = check_contrast.TOKENS.read_text("utf-8").replace("--ink-600: #53616e", "--ink-600: #8a96a0")
    assert any("text-3" in sentence for sentence in check_contrast.failures(check_contrast.schemes(css)))


def test_contrast_of_black_on_white_is_21() -> None:
    assert check_contrast.ratio("#000000", "#ffffff") == pytest.approx(21)


def test_copied_files_are_those_of_the_manifest() -> None:
    assert vendor_assets.offline_differences() == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_stylesheet_uses_what_old_browsers_know(path: Path) -> None:
    rules = rules_of(path)
    for newer in ("@layer", ":has(", "color-mix(", "dvh", "@import", "@container", "url(", "&"):
        assert newer not in rules
    assert re.findall(r"@media (?!screen )[^{]*width", rules) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_stylesheet_takes_its_colours_from_the_tokens(path: Path) -> None:
    if path.name == "tokens.css":
        return
    on_screen = rules_of(path).split("@media print")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", on_screen) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parents[1].name}/{path.name}")
def test_the_stylesheets_of_a_page_are_light(path: Path) -> None:
    everywhere = [ROOT / "app/static/css" / name for name in ("tokens.css", "site.css")]
    own = [ROOT / "app/static" / name for name in re.findall(r"asset\('(css/[^']+)'\)", path.read_text("utf-8"))]
    whole = b"".join(sheet.read_bytes() for sheet in dict.fromkeys([*everywhere, *own]))
    assert len(gzip.compress(whole, 9)) <= 12 * 1024


def test_the_script_of_every_page_is_light() -> None:
    assert len(gzip.compress((ROOT / "app/static/js/site.js").read_bytes(), 9)) <= 2 * 1024


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_fits_the_content_security_policy(path: Path) -> None:
    words = path.read_text("utf-8")
    for unsafe in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        ".style.",
    ):
        assert unsafe not in words


def test_every_icon_that_a_template_names_is_there() -> None:
    named = {
        (name, path.name)
        for path in TEMPLATES
        for pattern in ICON_NAMES
        for name in re.findall(pattern, path.read_text("utf-8"))
    }
    assert named
    assert sorted((name, page) for name, page in named if not (ROOT / f"app/static/icons/{name}.svg").is_file()) == []
