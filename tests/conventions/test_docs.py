"""The documents are true: settings and commands are all described, and every file, module and link named exists."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from app.accounts.permissions import PERMISSIONS
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
IDS = [str(page.relative_to(ROOT)) for page in PAGES]
ROOMS = {path.name for path in (ROOT / "app").iterdir() if path.is_dir()} | {"app", "clock", "refusals", "settings"}
FOLDERS = ("app", "courses", "docs", "question_banks", "scripts", "tests", "translations")


def test_every_setting_is_described_with_its_variable() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    described = {row[0]: row for row in rows[2:]}
    assert set(described) == {field.name for field in fields(Settings)}
    for name, row in described.items():
        assert row[1] == f"`IPA_{name.upper()}`" and len(row) == 5 and row[3].endswith("."), name


def test_the_page_of_commands_is_the_help_of_the_commands() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "command_docs.py"), "--check"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


def test_the_page_of_the_content_is_what_the_files_add_up_to() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "content_docs.py"), "--check"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [one for one in targets if "://" not in one and not (page.parent / one).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_files_that_are_named_exist(page: Path) -> None:
    named = [token for token in code_words(page) if re.fullmatch(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*", token)]
    assert [token for token in named if not (ROOT / token).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_modules_and_functions_that_are_named_exist(page: Path) -> None:
    named = [token.removeprefix("app.").removesuffix("()") for token in code_words(page)]
    dotted = [token for token in named if re.fullmatch(r"[a-z_]+(?:\.[A-Za-z_]+)+", token)]
    ours = [token for token in dotted if token.split(".")[0] in ROOMS and token not in PERMISSIONS]
    assert [token for token in ours if not resolves(token)] == []


def test_the_check_of_names_finds_what_is_not_there() -> None:
    assert resolves("ledger.merkle.root") and resolves("exams.assembly.assemble") and resolves("store.writing")
    assert not resolves("ledger.merkle.branch") and not resolves("ledger.forest") and not resolves("clock.tomorrow")


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_pages_are_not_tied_to_one_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(?:home|root|work|Users)/", text)


def code_words(page: Path) -> list[str]:
    """What stands between backticks, outside blocks of code."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    return re.findall(r"`([^`\n]+)`", text)


def resolves(dotted: str) -> bool:
    """Whether `room.module.name` is a module of app/ or a name that one defines or imports."""
    path, parts = ROOT / "app", dotted.split(".")
    while parts:
        if (path / parts[0]).is_dir():
            path /= parts.pop(0)
        elif (path / f"{parts[0]}.py").exists():
            return len(parts) == 1 or parts[1] in names_in(path / f"{parts[0]}.py")
        else:
            return parts[0] in names_in(path / "__init__.py")
    return True


def names_in(module: Path) -> set[str]:
    """The names that a module has at its top level."""
    if not module.exists():
        return set()
    found: set[str] = set()
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found
