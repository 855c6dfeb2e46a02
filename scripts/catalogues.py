"""The catalogues of the interface: `update` finds new sentences, `check` refuses gaps, `compile` makes the .mo files.

English sentences are the message ids; translations/zh_Hans_CN holds the Chinese. `update FRAGMENT.po …` also takes
translations from fragments.
"""

from __future__ import annotations

import datetime
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"


def extract() -> Catalog:
    """The sentences that the code and the templates hold now."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "messages.pot"
        options = ["-F", "babel.cfg", "-k", "_l", "-k", "N_", "--no-location", "-o", str(out), "."]
        command = [str(Path(sys.executable).with_name("pybabel")), "-q", "extract", *options]
        subprocess.run(command, check=True, cwd=ROOT)
        with out.open("rb") as source:
            return read_po(source)


def stored(path: Path = CATALOGUE) -> Catalog:
    """The translations of a file."""
    with path.open("rb") as source:
        return read_po(source, locale="zh_Hans_CN")


def key(message: Message) -> str:
    """What identifies a sentence: its singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def translated(message: Message) -> bool:
    """Whether every form has a text."""
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def update(fragments: list[str]) -> None:
    """Write the catalogue anew from the sentences in use and the translations known."""
    known: dict[str, Message] = {}
    for path in [CATALOGUE, *map(Path, fragments)]:
        if path.exists():
            known.update({key(m): m for m in stored(path) if m.id and translated(m)})
    now = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
    new = Catalog(
        locale="zh_Hans_CN",
        project="ip-auditorium",
        version="1",
        fuzzy=False,
        creation_date=now,
        revision_date=now,
        last_translator="IP Auditorium",
        language_team="zh_CN",
        copyright_holder="IP Auditorium",
    )
    for message in extract():
        if message.id:
            before = known.get(key(message))
            text = before.string if before else ""
            if not isinstance(message.id, str) and isinstance(text, str):
                text = (text,)
            new.add(message.id, text if isinstance(message.id, (tuple, list)) or isinstance(text, str) else text[0])
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as out:
        write_po(out, new, sort_output=True, width=0)
    compile_()


def compile_() -> None:
    """Make the .mo file unless it is newer than the catalogue."""
    target = CATALOGUE.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < CATALOGUE.stat().st_mtime:
        with target.open("wb") as out:
            write_mo(out, stored())


def check() -> int:
    """Name every sentence without Chinese, every one out of use and every fuzzy one; 1 if there is any."""
    used = {key(message) for message in extract() if message.id}
    have = {key(message): message for message in stored() if message.id}
    problems = [f"no Chinese for: {name}" for name in sorted(used) if name not in have or not translated(have[name])]
    problems += [f"no longer used: {name}" for name in sorted(set(have) - used)]
    problems += [f"fuzzy: {name}" for name, message in sorted(have.items()) if message.fuzzy]
    for name, message in sorted(have.items()):
        if isinstance(message.string, str) and message.python_format and message.id and translated(message):
            problems += [f"{error}: {name}" for error in message.check(stored())]
    print("\n".join(problems) or f"{len(used)} sentences, all translated")
    return 1 if problems else 0


if __name__ == "__main__":
    wish = sys.argv[1] if len(sys.argv) > 1 else "check"
    if wish == "update":
        update(sys.argv[2:])
    elif wish == "compile":
        compile_()
    sys.exit(check() if wish in {"check", "update"} else 0)
