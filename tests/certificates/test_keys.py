"""Key files: one key for one base, and on disk before anything is signed with it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.certificates import keys
from tests.certificates.samples import AT, DATA_KEY, issuer


def test_bases_with_like_codes_have_keys_of_their_own(tmp_path: Path) -> None:
    codes = ["91320594MA1DEMO00X", "91320594ma1demo00x", "91320594MA1.EMO00X", "91320594MA1_EMO00X", "南京", "苏州"]
    made = [issuer(tmp_path, code) for code in codes]
    assert len({one.chain()[0] for one in made}) == len(codes)
    assert [keys.organization(one.certificate) for one in made] == [f"NTRCN-{code}" for code in codes]
    again = issuer(tmp_path, codes[0])
    assert again.chain() == made[0].chain()


def test_a_key_of_another_base_is_refused(tmp_path: Path) -> None:
    folder = keys.folder_of(tmp_path)
    issuer(tmp_path, "南京")
    theirs = {path.suffix: path for path in folder.glob("issuer-*")}
    issuer(tmp_path, "苏州")
    for path in folder.glob("issuer-*"):
        if path not in theirs.values():
            shutil.copy(theirs[path.suffix], path)
    with pytest.raises(keys.KeyOfAnother):
        issuer(tmp_path, "苏州")


def test_keys_are_on_disk_before_they_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is synced under its draft name, then its folder; a new folder is synced in those above it."""
    synced: list[str] = []
    sync = os.fsync

    def noted(number: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{number}").readlink()))
        sync(number)

    monkeypatch.setattr(os, "fsync", noted)
    made = keys.issuer(tmp_path, DATA_KEY, name="x", credit_code="y", at=AT)
    folder = keys.folder_of(tmp_path)
    assert synced[:2] == [str(folder.parent), str(tmp_path)]
    rest = synced[2:]
    assert rest[1::2] == [str(folder)] * 5, "after each of two keys, two certificates and the list"
    drafts = {f".{path.name}.part" for path in folder.iterdir() if path.name != ".lock"}
    assert {Path(path).name for path in rest[::2]} == drafts
    assert made.certificate.public_key() == made.key.public_key()
