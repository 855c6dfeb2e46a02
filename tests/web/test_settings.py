"""Settings: good without any, and production refuses weak ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import settings
from app.settings import Settings, WeakSetting

STRONG = {
    "IPA_PRODUCTION": "1",
    "IPA_ORIGIN": "https://train.example.org",
    "IPA_TRUSTED_HOSTS": "train.example.org",
    "IPA_PROXIES": "1",
}


def test_without_any_setting_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = settings.load({}, instance_path=tmp_path)
    second = settings.load({}, instance_path=tmp_path)
    assert first == second
    assert len({first.secret_key, first.data_key, first.index_key}) == 3
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0
    assert first.database_url == f"sqlite:///{tmp_path / 'auditorium.sqlite3'}"
    assert not list(tmp_path.glob(".secrets-*"))


def test_strong_production_starts(tmp_path: Path) -> None:
    assert settings.load(STRONG, instance_path=tmp_path).tls


@pytest.mark.parametrize(
    "change",
    [
        {"IPA_ORIGIN": "http://train.example.org"},
        {"IPA_SECRET_KEY": "dev"},
        {"IPA_DATA_KEY": "00" * 16},
        {"IPA_TRUSTED_HOSTS": ""},
        {"IPA_LOG_DAYS": "30"},
        {"IPA_PROXIES": ""},
        {"IPA_PROXIES": "x"},
        {"IPA_PRODUCTION": "maybe"},
        {"IPA_INDEX_KEY": "not hexadecimal " * 4},
    ],
)
def test_weak_production_is_refused(tmp_path: Path, change: dict[str, str]) -> None:
    with pytest.raises(WeakSetting):
        settings.load({**STRONG, **change}, instance_path=tmp_path)


def test_every_setting_is_explained() -> None:
    manual = Settings.__doc__ or ""
    for name in Settings.__dataclass_fields__:
        assert f"    {name} " in manual, name


def test_hosts_are_those_of_the_origin_and_in_production_only_those(tmp_path: Path) -> None:
    trial = settings.load({}, instance_path=tmp_path)
    assert trial.hosts == ["127.0.0.1", "localhost"]
    assert settings.load(STRONG, instance_path=tmp_path).hosts == ["train.example.org"]
