"""Safe Exam Browser: the Config Key is the one that the browser itself works out, and a proof holds for one address."""

from __future__ import annotations

import base64
import hashlib
import json
import plistlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams import seb

PUBLISHED = Path(__file__).parent / "seb_settings" / "mac-2.1.4.json"
# Settings that Safe Exam Browser 2.1.4 for macOS saved, with the Config Key that it showed for them: published as test
# data of Moodle's access rule for Safe Exam Browser (config_key_test, "unencrypted_mac2.1.4").
PUBLISHED_KEY = "4fa9af8ec8759eb7c680752ef4ee5eaf1a860628608fccae2715d519849f9292"


def published() -> dict[str, Any]:
    def real(value: Any) -> Any:
        if isinstance(value, dict):
            if set(value) == {"$data"}:
                return base64.b64decode(value["$data"])
            return {name: real(one) for name, one in value.items()}
        return [real(one) for one in value] if isinstance(value, list) else value

    made: dict[str, Any] = real(json.loads(PUBLISHED.read_text(encoding="utf-8")))
    return made


def test_the_published_settings_give_the_published_key() -> None:
    assert len(published()) == 202
    assert seb.config_key(published()) == PUBLISHED_KEY


def test_a_saved_file_gives_the_same_key() -> None:
    assert seb.config_key(seb.read_settings(seb.settings_file(published()))) == PUBLISHED_KEY


def test_who_saved_the_file_does_not_change_the_key() -> None:
    settings = published()
    settings["originatorVersion"] = "another"
    assert seb.config_key(settings) == PUBLISHED_KEY
    del settings["originatorVersion"]
    assert seb.config_key(settings) == PUBLISHED_KEY


@pytest.mark.parametrize("name", sorted(published()))
def test_each_setting_counts(name: str) -> None:
    settings = published()
    settings[name] = "changed"
    assert (seb.config_key(settings) == PUBLISHED_KEY) is (name == "originatorVersion")


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"date": datetime(1940, 10, 9, 22, 13, 56)}, '{"date":"1940-10-09T22:13:56+00:00"}'),
        ({"data": b"blahblah"}, '{"data":"YmxhaGJsYWg="}'),
        ({"string": "hello wörld"}, '{"string":"hello wörld"}'),
        ({"string": "ws:\\localhost"}, '{"string":"ws:\\localhost"}'),
        ({"string": "ws:\\\\\\localhost"}, '{"string":"ws:\\\\\\localhost"}'),
        ({"bool": True}, '{"bool":true}'),
        ({"array": [False, True]}, '{"array":[false,true]}'),
        ({"bool": True, "array": []}, '{"array":[],"bool":true}'),
        ({"dict": {"dictbool2": True, "dictbool": False}}, '{"dict":{"dictbool":false,"dictbool2":true}}'),
        ({"bool": True, "emptydict": {}}, '{"bool":true}'),
        ({"testKey": "1", "allowWLAN": "2", "allowWlan": "3"}, '{"allowWlan":"3","allowWLAN":"2","testKey":"1"}'),
        ({"url": "http://test.com"}, '{"url":"http://test.com"}'),
        ({"list": [{"banana": False, "apple": True}]}, '{"list":[{"apple":true,"banana":false}]}'),
    ],
)
def test_the_text_is_the_published_one(settings: dict[str, Any], text: str) -> None:
    assert seb.seb_json(settings) == text


PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**31), 2**31) | st.text("abcXYZ 知识/\\", max_size=8) | st.binary(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abAB", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abcABC", min_size=1, max_size=4), PLAIN, min_size=1, max_size=6))
def test_order_and_the_way_through_a_file_change_nothing(settings: dict[str, Any]) -> None:
    settings["sendBrowserExamKey"] = True
    key = seb.config_key(settings)
    assert seb.config_key(dict(reversed(settings.items()))) == key
    assert seb.config_key(seb.read_settings(seb.settings_file(settings))) == key
    assert seb.config_key(seb.from_stored(json.loads(json.dumps(seb.stored(settings))))) == key


def test_a_proof_holds_for_one_address_and_one_key() -> None:
    address, key = "https://train.example/sittings/1", "ab" * 32
    shown = hashlib.sha256((address + key).encode()).hexdigest()
    assert seb.proves(shown, address + "#q7", key)
    assert seb.proves(f" {shown.upper()} ", address, key)
    assert not seb.proves(shown, address + "?x=1", key)
    assert not seb.proves(shown, address, "ac" * 32)
    assert not seb.proves("", address, key)
    assert not seb.proves("知", address, key)


def test_own_settings_ask_for_the_keys_and_keep_to_the_site() -> None:
    site = "https://train.example:8443"
    settings = seb.own_settings(
        site + "/exams", site + "/close", seb.Wishes("raus", spell_check=True, full_screen=False)
    )
    assert settings["sendBrowserExamKey"] is True and settings["browserWindowWebView"] == 3
    assert settings["URLFilterRules"][0]["expression"] == "train.example:8443/*"
    assert settings["hashedQuitPassword"] == hashlib.sha256(b"raus").hexdigest()
    assert b"raus" not in seb.settings_file(settings)
    assert (settings["allowSpellCheck"], settings["allowPrint"], settings["browserViewMode"]) == (True, False, 0)
    assert settings["quitURL"] == site + "/close" and settings["browserWindowWebView"] == 3
    seb.check_start(settings, site + "/exams")
    plain = seb.own_settings("https://a/b", "https://a/c", seb.Wishes(printing=True))
    assert (plain["hashedQuitPassword"], plain["allowPrint"], plain["browserViewMode"]) == ("", True, 1)


@pytest.mark.parametrize(
    "start", ["", "https://other.example/exams", "http://train.example/exams", "//train.example/x"]
)
def test_settings_that_start_elsewhere_are_refused(start: str) -> None:
    with pytest.raises(seb.StartsElsewhere):
        seb.check_start({"startURL": start}, "https://train.example/exams")
    with pytest.raises(seb.StartsElsewhere):
        seb.check_start({}, "https://train.example/exams")


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("https://train.example", "https://train.example/sittings/1"),
        ("https://Train.Example:443/", "https://train.example/sittings/1"),
        ("http://train.example:80", "http://train.example/sittings/1"),
        ("http://train.example:443", "http://train.example:443/sittings/1"),
        ("https://train.example:8443", "https://train.example:8443/sittings/1"),
    ],
)
def test_the_address_is_the_one_that_a_browser_writes(origin: str, address: str) -> None:
    assert seb.page_address(origin, "/sittings/1", "") == address
    assert seb.page_address(origin, "/sittings/1", "lang=en") == f"{address}?lang=en"


def test_a_proof_goes_before_a_mark() -> None:
    key, other, address = "ab" * 32, "cd" * 32, "https://train.example/sittings/1"
    right, wrong = seb.proof(address, key), seb.proof(address, other)
    assert seb.Shown(address, right).judge(key) == seb.RIGHT
    assert seb.Shown(address, wrong).judge(key) == seb.WRONG
    assert seb.Shown(address).judge(key) == seb.NOTHING
    assert seb.Shown(address, "", seb.mark_of(key)).judge(key) == seb.RIGHT
    assert seb.Shown(address, "", seb.mark_of(other)).judge(key) == seb.NOTHING, "new settings ask for a new proof"
    assert seb.Shown(address, wrong, seb.mark_of(key)).judge(key) == seb.WRONG
    assert key not in seb.mark_of(key)


@given(st.lists(st.tuples(st.sampled_from("abcdefghijkl"), st.text("01", max_size=2)), max_size=30))
def test_a_cookie_remembers_the_latest_few(proofs: list[tuple[str, str]]) -> None:
    kept: dict[str, str] = {}
    for sitting, mark in proofs:
        kept = seb.remembered(kept, sitting, mark)
        assert kept[sitting] == mark and len(kept) <= 8
    latest = list(dict.fromkeys(sitting for sitting, _ in reversed(proofs)))[:8]
    assert sorted(kept) == sorted(latest)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<plist version="1.0"><dict><key>k</key><string>&b;</string></dict></plist>"""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"pswd" + b"\0" * 40,
        b"\x1f\x8b\x08" + b"\0" * 40,
        plistlib.dumps({"sendBrowserExamKey": True}, fmt=plistlib.FMT_BINARY),
        b"<?xml version='1.0'?><plist version='1.0'><dict><key>a</key></dict></plist>",
        b"<?xml version='1.0'?><plist version='1.0'><array><string>a</string></array></plist>",
        b"<?xml version='1.0'?><plist version='1.0'><dict/></plist>",
        b"<?xml version='1.0'?><html/>",
        b"<?xml version='1.0'?><plist><dict><key>a</key><integer>x</integer></dict></plist>",
        b"<?xml version='1.0' encoding='nonsense'?><plist/>",
        b"<plist>" + b"<array>" * 50 + b"</array>" * 50 + b"</plist>",
        b"<plist><dict><key>a</key>" + b"<array>" * 5000 + b"</array>" * 5000 + b"</dict></plist>",
        b"<plist></dict></plist>",
        BOMB,
    ],
)
def test_what_is_no_plain_settings_file_is_refused(data: bytes) -> None:
    with pytest.raises(seb.NotASebFile):
        seb.read_settings(data)


def test_a_long_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(seb.SebFileTooLarge):
        seb.read_settings(b"<?xml" + b" " * seb.MOST_BYTES)


def test_settings_without_keys_are_refused() -> None:
    with pytest.raises(seb.NoSebKeys):
        seb.read_settings(seb.settings_file({"startURL": "https://train.example"}))


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for sent in (data, b"<?xml version='1.0'?><plist>" + data):
        with pytest.raises(seb.NotASebFile):
            seb.read_settings(sent)
