"""Safe Exam Browser 安全考试浏览器: its settings, the Config Key that follows from them, and what a request proves.

The rules are those of the developers' page of Safe Exam Browser, "Config Key": the settings become JSON without white
space and without escaping, keys sorted without regard to case, without `originatorVersion` and without empty
dictionaries; the key is the SHA-256 of that text in UTF-8. A request proves the settings by the SHA-256 of its address
and the key, so that the key itself never travels.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import plistlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.parsers.expat import ExpatError

from app.refusals import N_, Refusal

HEADER = "X-SafeExamBrowser-ConfigKeyHash"
MOST_BYTES = 512 * 1024
_MOST_DEPTH = 12
_MOST_MARKS = 8
_START = (b"<?xml", b"<plist", b"<!DOCTYPE")
_PORTS = {"http": ":80", "https": ":443"}
RIGHT, WRONG, NOTHING = "right", "wrong", "nothing"


class NotASebFile(Refusal):
    """The file is no settings file in plain form."""

    message = N_("This is not a settings file of Safe Exam Browser that can be read here.")
    kept = N_("The session keeps the settings it had.")
    todo = N_("Save it in the configuration tool without a password and without encryption, and send it again.")


class SebFileTooLarge(Refusal):
    """The file is longer than settings are."""

    message = N_("The settings file is larger than %(kilobytes)s kB.")
    kept = N_("The session keeps the settings it had.")
    todo = N_("Take embedded files and certificates out of it, and send it again.")


class NoSebKeys(Refusal):
    """The settings do not let the browser prove itself."""

    message = N_("These settings do not switch on the browser and config keys, so that nothing could be checked.")
    kept = N_("The session keeps the settings it had.")
    todo = N_("Switch on “Use Browser & Config Keys” in the configuration tool, and send the file again.")


class StartsElsewhere(Refusal):
    """The settings lead to another site."""

    message = N_("These settings do not start at this site, %(site)s.")
    kept = N_("The session keeps the settings it had.")
    todo = N_("Enter the address of the list of exams, %(start)s, as the start URL in the configuration tool.")


@dataclass(frozen=True)
class Wishes:
    """What an officer chooses of settings made here; an empty `password` lets everybody close the browser."""

    password: str = ""
    spell_check: bool = False
    printing: bool = False
    full_screen: bool = True


@dataclass(frozen=True)
class Shown:
    """What a request shows of its browser: its address, the proof in its header, and the mark of an earlier proof."""

    address: str
    proof: str = ""
    mark: str = ""

    def judge(self, key: str) -> str:
        """RIGHT, WRONG (a proof of other settings), or NOTHING: neither proof nor mark.

        A proof goes before a mark: who has opened other settings meanwhile does not live on the earlier ones.
        """
        if self.proof:
            return RIGHT if proves(self.proof, self.address, key) else WRONG
        return RIGHT if hmac.compare_digest(self.mark.encode(), mark_of(key).encode()) else NOTHING


def read_settings(data: bytes) -> dict[str, Any]:
    """The settings of an uploaded .seb file in plain XML. Raises SebFileTooLarge, NotASebFile, NoSebKeys.

    Entities are refused by plistlib; encrypted and compressed files have another beginning and are refused here.
    """
    if len(data) > MOST_BYTES:
        raise SebFileTooLarge(kilobytes=MOST_BYTES // 1024)
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_START):
        raise NotASebFile
    try:
        settings = plistlib.loads(data, fmt=plistlib.FMT_XML)
    except (plistlib.InvalidFileException, ExpatError, ValueError, TypeError, LookupError, RecursionError):
        raise NotASebFile from None
    except AttributeError:  # plistlib says so of a value that stands in no container
        raise NotASebFile from None
    if not isinstance(settings, dict) or not settings or not _plain(settings):
        raise NotASebFile
    if settings.get("sendBrowserExamKey") is not True and settings.get("browserWindowWebView") != 3:
        raise NoSebKeys
    return settings


def check_start(settings: Mapping[str, Any], start: str) -> None:
    """Whether settings made elsewhere begin on the site of the address `start`. Raises StartsElsewhere."""
    own, given = urlsplit(start), urlsplit(str(settings.get("startURL", "")))
    if (given.scheme, given.netloc) != (own.scheme, own.netloc):
        raise StartsElsewhere(site=own.netloc, start=start)


def own_settings(start: str, quit_address: str, wishes: Wishes) -> dict[str, Any]:
    """Settings for an exam at the address `start`: this site alone, keys in header and script.

    The browser closes itself at `quit_address`; otherwise it asks for the password, of which it has the SHA-256.
    """
    return {
        "allowBrowsingBackForward": False,
        "allowPrint": wishes.printing,
        "allowQuit": True,
        "allowSpellCheck": wishes.spell_check,
        "allowSwitchToApplications": False,
        "browserViewMode": 1 if wishes.full_screen else 0,
        "browserWindowAllowReload": True,
        "browserWindowWebView": 3,
        "examSessionClearCookiesOnEnd": True,
        "hashedQuitPassword": hashlib.sha256(wishes.password.encode()).hexdigest() if wishes.password else "",
        "newBrowserWindowByLinkPolicy": 1,
        "newBrowserWindowByScriptPolicy": 0,
        "quitURL": quit_address,
        "quitURLConfirm": True,
        "sebConfigPurpose": 0,
        "sendBrowserExamKey": True,
        "showReloadButton": True,
        "showTaskBar": True,
        "showTime": True,
        "startURL": start,
        "URLFilterEnable": True,
        "URLFilterEnableContentFilter": False,
        "URLFilterRules": [{"action": 1, "active": True, "expression": f"{urlsplit(start).netloc}/*", "regex": False}],
    }


def settings_file(settings: Mapping[str, Any]) -> bytes:
    """The .seb file of settings: an XML property list in plain form."""
    return plistlib.dumps(dict(settings), fmt=plistlib.FMT_XML, sort_keys=True)


def seb_json(settings: Mapping[str, Any]) -> str:
    """The text over which the Config Key is worked out."""
    return _text({name: value for name, value in settings.items() if name != "originatorVersion"})


def config_key(settings: Mapping[str, Any]) -> str:
    """The Config Key: SHA-256 of the text, in hex."""
    return hashlib.sha256(seb_json(settings).encode()).hexdigest()


def page_address(origin: str, path: str, query: str) -> str:
    """The absolute address of a page as a browser writes it: the port of the scheme is not named."""
    scheme, _, rest = origin.rstrip("/").partition("://")
    site = rest.lower().removesuffix(_PORTS.get(scheme, ":"))
    return f"{scheme}://{site}{path}" + (f"?{query}" if query else "")


def mark_of(key: str) -> str:
    """What a signed cookie may remember of a proof: a hash of the key, never the key."""
    return hashlib.sha256(f"mark {key}".encode()).hexdigest()


def remembered(kept: Mapping[str, str], sitting: str, mark: str) -> dict[str, str]:
    """The marks of a cookie with one more; only the latest few stay."""
    others = [(name, one) for name, one in kept.items() if name != sitting]
    return {**dict(others[-_MOST_MARKS + 1 :]), sitting: mark}


def proof(address: str, key: str) -> str:
    """What a request of this absolute address proves the key by; the fragment does not count."""
    return hashlib.sha256((address.partition("#")[0] + key).encode()).hexdigest()


def proves(shown: str, address: str, key: str) -> bool:
    """Whether what was shown proves the key, compared in constant time."""
    return hmac.compare_digest(shown.strip().lower().encode(), proof(address, key).encode())


def stored(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as JSON can hold them, from which `from_stored` makes them again."""
    return {"plist": settings_file(settings).decode()}


def from_stored(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that were stored."""
    made: dict[str, Any] = plistlib.loads(kept["plist"].encode(), fmt=plistlib.FMT_XML)
    return made


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        kept = [name for name in value if not (isinstance(value[name], Mapping) and not value[name])]
        return "{" + ",".join(f'"{name}":{_text(value[name])}' for name in sorted(kept, key=_order)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(one) for one in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else f'"{_string(value)}"'


def _string(value: Any) -> str:
    """Data as Base64, a date as ISO 8601, a string as it is."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.replace(tzinfo=UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _order(name: str) -> tuple[str, str]:
    """Without regard to case; of two that differ in case alone, the small letter comes first."""
    return name.lower(), name.swapcase()


def _plain(value: Any, depth: int = 0) -> bool:
    """Whether settings hold what settings can hold, and are not nested without end."""
    if depth > _MOST_DEPTH:
        return False
    if isinstance(value, dict):
        return all(isinstance(name, str) and _plain(one, depth + 1) for name, one in value.items())
    if isinstance(value, list):
        return all(_plain(one, depth + 1) for one in value)
    return isinstance(value, bool | int | float | str | bytes | datetime)
