"""`flask certificates verify`: the same checks, with an exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from app.certificates import keys
from app.certificates.models import Certificate
from app.certificates.services import status
from app.files import services as files
from app.store import db, settings, writing
from tests.certificates import rows
from tests.certificates.samples import signed
from tests.certificates.test_services_issue import granted
from tests.verification.tampering import ALTERATIONS, forged


@pytest.fixture
def issued(db_app: Flask, tmp_path: Path) -> tuple[Certificate, Path, int]:
    with writing():
        decider = rows.person("decider", "王定")
        made = rows.decision(rows.base(), rows.person("holder"), decider).id
        decider_id = decider.id
    row = granted(made)
    path = tmp_path / "certificate.pdf"
    path.write_bytes(files.get(str(row.file)))
    return row, path, decider_id


def run(app: Flask, *arguments: str | Path) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["certificates", "verify", *map(str, arguments)])
    return result.exit_code, result.output


def test_valid_with_the_register(db_app: Flask, issued: tuple[Certificate, Path, int]) -> None:
    code, told = run(db_app, issued[1])
    assert code == 0
    assert told.startswith("Valid\n1. [yes] The file is a certificate in PDF form\n")
    assert "8. [yes] The content equals the register" in told


def test_withdrawn_is_not_valid_also_when_the_own_root_is_named(
    db_app: Flask, issued: tuple[Certificate, Path, int]
) -> None:
    row, path, decider = issued
    with writing():
        status.change(row.id, "withdraw", reason="misconduct", note="", by=decider)
    root = keys.folder_of(settings().instance_path) / "root.pem"
    for arguments in ((path,), (path, "--trust-root", root)):
        code, told = run(db_app, *arguments)
        assert code == 1 and told.startswith("Withdrawn\n") and "[no] Neither suspended" in told


def test_offline_against_the_root_of_another_installation(db_app: Flask, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    path = tmp_path / "theirs.pdf"
    path.write_bytes(signed(elsewhere))
    root = keys.folder_of(elsewhere) / "root.pem"
    code, told = run(db_app, path, "--trust-root", root)
    assert code == 0
    assert "[unknown] Neither suspended, withdrawn nor replaced" in told and "only the register can tell" in told


def test_altered_files_are_not_valid(db_app: Flask, issued: tuple[Certificate, Path, int], tmp_path: Path) -> None:
    path, genuine = tmp_path / "altered.pdf", issued[1].read_bytes()
    # Each is judged in a process of its own, where the engine has no part: on the second one a few are enough.
    names = list(ALTERATIONS)[:: 1 if db.engine.dialect.name == "sqlite" else 8]
    for name in names:
        path.write_bytes(ALTERATIONS[name](genuine))
        code, told = run(db_app, path)
        assert code == 1 and "[no]" in told and "holder" not in told, name


def test_a_forged_file_is_not_valid(db_app: Flask, issued: tuple[Certificate, Path, int], tmp_path: Path) -> None:
    path = tmp_path / "forged.pdf"
    path.write_bytes(forged(tmp_path))
    assert run(db_app, path)[0] == 1


def test_cannot_tell(db_app: Flask, issued: tuple[Certificate, Path, int], tmp_path: Path) -> None:
    wrong = tmp_path / "root.pem"
    wrong.write_text("no certificate")
    code, told = run(db_app, issued[1], "--trust-root", wrong)
    assert code == 2 and "trust root" in told
    assert run(db_app, tmp_path / "missing.pdf")[0] == 2


def test_json(db_app: Flask, issued: tuple[Certificate, Path, int]) -> None:
    code, told = run(db_app, issued[1], "--json")
    found = json.loads(told)
    assert code == 0 and found["state"] == "valid" and found["sha256"] == issued[0].file
    assert [check["holds"] for check in found["checks"]] == ["yes"] * 8
    assert found["claims"]["number"] == issued[0].number
