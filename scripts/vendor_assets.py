"""Copies the icons and the accessibility checker out of their npm packages, or checks that the copies are unchanged.

The copies are committed, so that running the site needs no Node. Run this script after changing ICONS below or a
version in package.json::

    python3 scripts/vendor_assets.py            # npm ci in a temporary folder, then write the files
    python3 scripts/vendor_assets.py --check    # the same, but only compare; exits 1 and names each difference
    python3 scripts/vendor_assets.py --offline  # compare the files with the committed manifest only; needs no npm
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ICON_FOLDER = Path("app/static/icons")
LICENCES = Path("app/static/vendor/licences")
MANIFEST = Path("app/static/vendor/manifest.json")
AXE = Path("tests/vendor/axe.min.js")

# fmt: off
ICONS = [
    "arrow-left", "arrow-right", "award", "ban", "bell", "book-open", "book-open-check", "building-2", "calendar",
    "chart-column", "check", "chevron-down", "chevron-left", "chevron-right", "chevron-up", "circle", "circle-alert",
    "circle-check", "circle-dot", "circle-pause", "circle-question-mark", "circle-x", "clipboard-check",
    "clipboard-list", "clock", "cloud", "cloud-check", "cloud-off", "copy", "download", "external-link", "eye",
    "eye-off", "file-check", "file-search", "file-text", "file-up", "flag", "gavel", "graduation-cap", "history",
    "hourglass", "house", "info", "key-round", "keyboard", "languages", "layout-grid", "library-big", "link", "list",
    "list-checks", "lock", "log-in", "log-out", "mail", "menu", "monitor", "moon", "notebook-pen", "pencil", "plus",
    "printer", "qr-code", "refresh-cw", "rotate-ccw", "save", "scale", "scan-line", "scroll-text", "search", "send",
    "settings", "share-2", "shield-alert", "shield-check", "shield-question-mark", "shield-x", "square-pen", "stamp", "strikethrough",
    "sun", "timer", "trash-2", "triangle-alert", "undo-2", "upload", "user", "user-check", "user-plus", "users",
    "wifi-off", "x",
]
# fmt: on


def sha384(data: bytes) -> str:
    """The digest in the form that browsers use for subresource integrity."""
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


def inline_form(svg: str) -> bytes:
    """One icon as one line for placing inside a page; stroke and size come from the class in site.css."""
    found = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if found is None:
        raise SystemExit("An icon file holds no <svg> element; has lucide-static changed its form?")
    shapes = re.sub(r"\s*/>", "/>", re.sub(r"\s+", " ", found.group(1)).replace("> <", "><").strip())
    attributes = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" aria-hidden="true" focusable="false"'
    return f'<svg class="icon" {attributes}>{shapes}</svg>\n'.encode()


def installed_packages(folder: Path) -> Path:
    """Installs exactly what package-lock.json names into the folder and returns its node_modules."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, folder / name)
    subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=folder, check=True, stdout=sys.stderr)
    return folder / "node_modules"


def wanted_files(modules: Path) -> dict[Path, tuple[str, bytes]]:
    """Each path of the repository with the package it comes from and its bytes."""
    lucide, axe = modules / "lucide-static", modules / "axe-core"
    files: dict[Path, tuple[str, bytes]] = {}
    for name in ICONS:
        drawing = (lucide / "icons" / f"{name}.svg").read_text("utf-8")
        files[ICON_FOLDER / f"{name}.svg"] = ("lucide-static", inline_form(drawing))
    files[AXE] = ("axe-core", (axe / "axe.min.js").read_bytes())
    files[LICENCES / "lucide-static.txt"] = ("lucide-static", (lucide / "LICENSE").read_bytes())
    files[LICENCES / "axe-core.txt"] = ("axe-core", (axe / "LICENSE").read_bytes())
    files[LICENCES / "axe-core-third-party.txt"] = ("axe-core", (axe / "LICENSE-3RD-PARTY.txt").read_bytes())
    return files


def manifest_of(files: dict[Path, tuple[str, bytes]]) -> bytes:
    """The list of copied files: name and version of the package, file, digest, licence."""
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    rows = [
        {
            "name": package,
            "version": lock[f"node_modules/{package}"]["version"],
            "file": path.as_posix(),
            "sha384": sha384(data),
            "licence": lock[f"node_modules/{package}"]["license"],
        }
        for path, (package, data) in sorted(files.items())
    ]
    return (json.dumps(rows, indent=1) + "\n").encode()


def differences(files: dict[Path, bytes]) -> list[str]:
    """One sentence for each file that is missing, changed or not asked for."""
    found = [
        f"{path} is missing." if not (ROOT / path).is_file() else f"{path} differs."
        for path, data in files.items()
        if not (ROOT / path).is_file() or (ROOT / path).read_bytes() != data
    ]
    extra = {path.relative_to(ROOT) for path in (ROOT / ICON_FOLDER).glob("*.svg")} - set(files)
    return found + [f"{path} does not come from a package." for path in sorted(extra)]


def offline_differences() -> list[str]:
    """The same against the digests of the committed manifest."""
    rows = json.loads((ROOT / MANIFEST).read_text("utf-8"))
    found = [
        f"{row['file']} differs from the manifest or is missing."
        for row in rows
        if not (ROOT / row["file"]).is_file() or sha384((ROOT / row["file"]).read_bytes()) != row["sha384"]
    ]
    listed = {row["file"] for row in rows}
    present = {path.relative_to(ROOT).as_posix() for path in (ROOT / ICON_FOLDER).glob("*.svg")}
    return found + [f"{path} is not in the manifest." for path in sorted(present - listed)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Copy or check the files that come from npm packages.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs")
    parser.add_argument("--offline", action="store_true", help="compare with the manifest only, without npm")
    options = parser.parse_args()
    if options.offline:
        wrong = offline_differences()
    else:
        with tempfile.TemporaryDirectory() as folder:
            tagged = wanted_files(installed_packages(Path(folder)))
        files = {path: data for path, (_, data) in tagged.items()} | {MANIFEST: manifest_of(tagged)}
        if not options.check:
            for path, data in files.items():
                (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
                (ROOT / path).write_bytes(data)
        wrong = differences(files)
    for sentence in wrong:
        print(sentence)
    print(f"{len(wrong)} differences." if wrong else "All copied files are as their packages have them.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
