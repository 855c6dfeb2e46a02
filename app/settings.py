"""Settings 设置: what an operator may choose, read once from the environment, each with a value that works."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.refusals import N_, Refusal

ROOT = Path(__file__).resolve().parent.parent


class WeakSetting(Refusal):
    """A setting that means nothing, or one that is only good for a trial in production."""

    message = N_("The site does not start: the setting %(name)s cannot be used (%(why)s).")


@dataclass(frozen=True)
class Settings:
    """All settings. The environment variable of a field is `IPA_` and its name in capitals.

    instance_path    folder of everything that is not code: database, keys, secrets, stored files
    database_url     `sqlite:///…` (default, in the instance folder) or `postgresql+psycopg://…`
    origin           the address that people see, e.g. https://train.example.org; used in QR codes and mails
    production       refuse to start with weak settings
    trusted_hosts    host names the site answers to, separated by commas (default: the host of `origin`)
    proxies          how many reverse proxies stand in front (their X-Forwarded-* headers are believed)
    log_days         how many days request logs are kept
    secret_key       signs form tokens; generated into the instance folder
    data_key         encrypts keys and identity numbers at rest (32 bytes, hex); generated likewise
    index_key        keyed index of encrypted values (32 bytes, hex); generated likewise
    """

    instance_path: Path
    database_url: str
    origin: str = "http://127.0.0.1:8000"
    production: bool = False
    trusted_hosts: str = ""
    proxies: int = 0
    log_days: int = 180
    secret_key: str = ""
    data_key: str = ""
    index_key: str = ""

    @property
    def tls(self) -> bool:
        """Whether people reach the site by https."""
        return self.origin.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """The host names that the site answers to, without ports."""
        named = [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]
        own = self.origin.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
        return [*dict.fromkeys([*named, own, *([] if self.production else ["127.0.0.1", "localhost"])])]


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings, generate missing secrets, and check them.

    Raises WeakSetting when `production` is on and a setting is only good for a trial.
    """
    env = os.environ if environ is None else environ
    instance = Path(overrides.pop("instance_path", None) or env.get("IPA_INSTANCE_PATH") or ROOT / "instance").resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    values: dict[str, Any] = {
        "instance_path": instance,
        "database_url": env.get("IPA_DATABASE_URL") or f"sqlite:///{instance / 'auditorium.sqlite3'}",
        **_secrets(instance),
    }
    for name in ("origin", "trusted_hosts", "secret_key", "data_key", "index_key"):
        if given := env.get(f"IPA_{name.upper()}"):
            values[name] = given
    for name in ("proxies", "log_days"):
        if given := env.get(f"IPA_{name.upper()}"):
            values[name] = _whole(name, given)
    values["production"] = _yes_or_no(env.get("IPA_PRODUCTION", ""))
    settings = Settings(**{**values, **overrides})
    if settings.production and not env.get("IPA_PROXIES"):
        raise WeakSetting(name="IPA_PROXIES", why=N_("say how many reverse proxies stand in front, 0 for none"))
    check(settings)
    return settings


def _whole(name: str, given: str) -> int:
    """A whole number from 0 up. Raises WeakSetting for anything else."""
    if not given.isdecimal():
        raise WeakSetting(name=f"IPA_{name.upper()}", why=N_("it is no whole number"))
    return int(given)


def _yes_or_no(given: str) -> bool:
    """Raises WeakSetting for a word that is neither, so that nobody believes in a production that is a trial."""
    if given.lower() in {"1", "true", "yes", "on"}:
        return True
    if given.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise WeakSetting(name="IPA_PRODUCTION", why=N_("it is neither yes nor no"))


def check(settings: Settings) -> None:
    """Refuse keys that are none, and production with a setting that an attacker would be glad of."""
    for name in ("data_key", "index_key"):
        if not re.fullmatch(r"[0-9a-fA-F]{64,}", getattr(settings, name)):
            raise WeakSetting(name=f"IPA_{name.upper()}", why=N_("it must be 32 bytes in hexadecimal"))
    if not settings.production:
        return
    if not settings.tls:
        raise WeakSetting(name="IPA_ORIGIN", why=N_("it must begin with https://"))
    if len(settings.secret_key) < 64:
        raise WeakSetting(name="IPA_SECRET_KEY", why=N_("it needs at least 64 characters"))
    if not settings.trusted_hosts:
        raise WeakSetting(name="IPA_TRUSTED_HOSTS", why=N_("it is empty"))
    if settings.log_days < 180:
        raise WeakSetting(name="IPA_LOG_DAYS", why=N_("network logs are kept for at least 180 days"))


def _secrets(instance: Path) -> dict[str, str]:
    """The secrets of this installation, made at the first start and readable by the owner alone."""
    path = instance / "secrets.json"
    if not path.exists():
        made = {name: secrets.token_hex(32) for name in ("secret_key", "data_key", "index_key")}
        draft = instance / f".secrets-{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made), encoding="utf-8")
        try:
            os.link(draft, path)  # fails if another process was first: its secrets are the ones
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    stored = json.loads(path.read_text(encoding="utf-8"))
    return {name: str(stored[name]) for name in ("secret_key", "data_key", "index_key")}
