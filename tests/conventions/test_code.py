"""The house rules that no linter knows, read from the files themselves."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted((ROOT / "app").rglob("*.py"))
TEMPLATES = sorted((ROOT / "app").rglob("*.html"))
# The macros of components/ui.html put tags together from pieces, which the pattern below cannot tell from text.
WORDED = [path for path in TEMPLATES if path.name != "ui.html"]
NAMES = [str(path.relative_to(ROOT)) for path in CODE]


@pytest.mark.parametrize("name", NAMES)
def test_a_module_opens_with_a_sentence(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    if not tree.body or "migrations/versions" in name:
        return
    first = (ast.get_docstring(tree) or "").split("\n", 1)[0]
    assert len(first) > 10 and first.endswith((".", ":", ")", ";")), f"{name} does not open with a sentence"


@pytest.mark.parametrize("name", NAMES)
def test_only_the_clock_knows_the_time_and_only_settings_the_environment(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    if name != "app/clock.py":
        assert not re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(", text), f"{name} asks another clock"
    if name not in {
        "app/settings.py",
        "app/web/serve.py",
        "app/verification/sandbox.py",
    }:  # the last hands PATH to its child
        assert "os.environ" not in text and "getenv" not in text, f"{name} reads the environment"


@pytest.mark.parametrize("name", NAMES)
def test_services_leave_committing_to_the_door(name: str) -> None:
    if name not in {"app/store/session.py", "app/migrations/env.py"} and "answer_store" not in name:
        assert not re.search(r"\.commit\(\)", (ROOT / name).read_text(encoding="utf-8")), f"{name} commits"


@pytest.mark.parametrize("name", NAMES)
def test_public_functions_explain_themselves(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    for node in tree.body:
        if (
            isinstance(node, (ast.FunctionDef, ast.ClassDef))
            and not node.name.startswith("_")
            and "migrations" not in name
        ):
            assert ast.get_docstring(node), f"{name}: {node.name} has no docstring"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_keep_to_the_content_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "an inline style"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "an inline handler"
    assert not re.search(r"<style|javascript:|\|\s*safe\b|data:image", text), "what the policy forbids"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag, "an inline script"


@pytest.mark.parametrize("path", WORDED, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_no_text_of_their_own(path: Path) -> None:
    """Visible Chinese or English outside `_()` would never be translated."""
    source = path.read_text(encoding="utf-8")
    source = re.sub(r"\{%-? block (page_class|body_class) -?%\}.*?\{%-? endblock", "", source, flags=re.S)
    text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|<!--.*?-->", "", source, flags=re.S)
    visible = re.sub(r"<[^>]*>", " ", text)
    words = [word for word in re.findall(r"[\u4e00-\u9fff]+|[A-Za-z]{3,}", visible) if word not in ALLOWED]
    assert not words, words


ALLOWED = {"内审", "知审学堂", "English", "中文", "PDF", "Ctrl", "Esc", "Enter", "Alt", "Shift"}
