"""Makes the sample video of lesson 2013-8.1 from drawn slides: `python -m scripts.make_sample_video`.

The slides are pages of our own PDF library, turned into pictures by pdftoppm (poppler-utils) and into WebM and MP4 by
ffmpeg, both Debian packages. Nobody speaks: all that would be said stands in the captions beside it. A low chord and a
soft bell at each date are the sound, so that a listener knows that it plays. Running it again makes the same pictures;
the compressed files may differ with the version of ffmpeg, so they are committed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.documents.book import Bound, Leaf
from app.documents.drawing import Colour
from app.documents.file import Facts

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "courses" / "modules" / "a6-operation-and-improvement" / "2013-8.1"
SIZE = (1280.0, 720.0)
RATE = 4
"""Slides are drawn so many times a second, so that the line grows while one looks."""
PAPER, INK, SOFT = (0.98, 0.985, 0.99), (0.09, 0.13, 0.17), (0.36, 0.42, 0.47)
AZURITE, PALE, GREEN, RED = (0.094, 0.353, 0.553), (0.80, 0.84, 0.87), (0.07, 0.40, 0.29), (0.69, 0.165, 0.125)
STEPS = (
    ("检索分析报告", "Search report", "3 月 1 日", "1 March"),
    ("风险评价", "Risk assessment", "3 月 8 日", "8 March"),
    ("立项批准", "Approval", "3 月 15 日", "15 March"),
    ("预算下达", "Budget", "3 月 18 日", "18 March"),
)
WRONG = (
    ("立项批准", "Approval", "3 月 1 日", "1 March"),
    ("检索分析报告", "Search report", "3 月 22 日", "22 March"),
)
Scene = Callable[[Leaf, float], None]


def text(leaf: Leaf, at: tuple[float, float], zh: str, en: str, size: float, ink: Colour = INK) -> None:
    """A Chinese line with its English one below, centred."""
    leaf.text(at, zh, size, ink=ink, align="centre", heavy=size > 40)
    leaf.text((at[0], at[1] - size * 0.95), en, size * 0.62, ink=SOFT if ink == INK else ink, align="centre")


def opening(leaf: Leaf, _share: float) -> None:
    """The title."""
    leaf.box((0, 706, 1280, 720), ink=AZURITE)
    text(leaf, (640, 400), "四个日期，一条线", "Four dates on one line", 72, AZURITE)
    leaf.text((640, 200), "GB/T 29490-2013　8.1", 26, ink=SOFT, align="centre")


def in_order(leaf: Leaf, share: float) -> None:
    """The dates of a project that was decided knowingly, one after the other."""
    line(leaf, STEPS, share, GREEN)


def out_of_order(leaf: Leaf, share: float) -> None:
    """A report that came after the decision."""
    line(leaf, WRONG, share, RED)
    if share > 0.7:
        text(
            leaf,
            (640, 240),
            "先上车，后补票：不符合 8.1",
            "Ticket bought after the ride: nonconformity with 8.1",
            40,
            RED,
        )


def closing(leaf: Leaf, _share: float) -> None:
    """The question to ask."""
    leaf.box((0, 706, 1280, 720), ink=AZURITE)
    text(leaf, (640, 400), "检索改变了哪个决定？", "Which decision did the search change?", 64, AZURITE)


def line(leaf: Leaf, steps: Sequence[tuple[str, str, str, str]], share: float, ink: Colour) -> None:
    """A line from left to right on which the dates appear as it grows."""
    left, right, y = 170.0, 1110.0, 460.0
    leaf.line((left - 60, y), (right + 60, y), 4, PALE)
    reached = left - 60 + min(1.0, share * 1.3) * (right - left + 120)
    leaf.line((left - 60, y), (reached, y), 6, ink)
    for place, (zh, en, day_zh, day_en) in enumerate(steps):
        x = left + (right - left) * place / max(1, len(steps) - 1)
        if x <= reached:
            leaf.box((x - 11, y - 11, x + 11, y + 11), ink=ink)
            text(leaf, (x, y + 88), zh, en, 44)
            text(leaf, (x, y - 76), day_zh, day_en, 40, ink)


SCENES: Sequence[tuple[float, Scene]] = ((4, opening), (14, in_order), (8, out_of_order), (4, closing))
SECONDS = sum(seconds for seconds, _scene in SCENES)


def draw(folder: Path) -> Path:
    """All slides as pages of one PDF."""
    facts = Facts("样片", "Sample", "IP Auditorium", "", datetime(2026, 11, 27, tzinfo=UTC), "sample-video")
    bound = Bound(folder, SIZE, facts)
    for seconds, scene in SCENES:
        for frame in range(int(seconds * RATE)):
            leaf = bound.turn()
            with leaf.decoration():
                leaf.box((0, 0, *SIZE), ink=PAPER)
                scene(leaf, frame / (seconds * RATE))
    (folder / "slides.pdf").write_bytes(bound.finish())
    return folder / "slides.pdf"


def bells() -> list[float]:
    """The moments, in seconds, at which a scene begins or a date appears."""
    found, begins = [], 0.0
    for seconds, scene in SCENES:
        steps = {in_order: STEPS, out_of_order: WRONG}.get(scene, ())
        found.append(begins)
        for place in range(len(steps)):
            x = 940 * place / max(1, len(steps) - 1) + 60
            found.append(begins + seconds * x / 1060 / 1.3)
        begins += seconds
    return found


def sound() -> str:
    """The sound as an expression of ffmpeg's aevalsrc: quiet, and silent at both ends."""
    chord = "+".join(f"sin(2*PI*{tone}*t)" for tone in (110, 164.81, 220))
    swell = f"0.012*({chord})*min(1,t/3)*min(1,max(0,({SECONDS}-t)/3))*(1+0.3*sin(2*PI*t/7))"
    rings = "+".join(
        f"gte(t,{at:.2f})*exp(-4*max(0,t-{at:.2f}))*(1-exp(-80*max(0,t-{at:.2f})))*sin(2*PI*{880 if n % 2 else 659.26}*t)"
        for n, at in enumerate(bells())
    )
    return f"{swell}+0.03*({rings})"


def run(*command: str) -> None:
    """Call a tool; a missing one is named with its package."""
    try:
        subprocess.run(command, check=True)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is missing: apt-get install ffmpeg poppler-utils")


def main() -> None:
    """Write 2013-8.1.webm, .mp4 and .poster.webp beside the lesson."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        run("pdftoppm", "-r", "48", "-png", str(draw(folder)), str(folder / "slide"))
        slides = sorted(folder.glob("slide-*.png"))
        digits = len(slides[0].stem.partition("-")[2])
        source = ("-loglevel", "error", "-y", "-framerate", str(RATE), "-i", str(folder / f"slide-%0{digits}d.png"))
        hold = "tpad=stop_mode=clone:stop_duration=1,fps=12"  # or the last slide would be a frame short
        smooth = ("-vf", hold, "-t", str(SECONDS), "-r", "12", "-pix_fmt", "yuv420p", "-map_metadata", "-1")
        heard = ("-f", "lavfi", "-i", f"aevalsrc='{sound()}':d={SECONDS}:s=48000")
        vp9 = ("-c:v", "libvpx-vp9", "-crf", "34", "-b:v", "0", "-row-mt", "1", "-c:a", "libopus", "-b:a", "24k")
        h264 = ("-c:v", "libx264", "-crf", "27", "-preset", "slow", "-profile:v", "main", "-movflags", "+faststart")
        aac = ("-c:a", "aac", "-b:a", "32k")
        run("ffmpeg", *source, *heard, *smooth, *vp9, f"{TARGET}.webm")
        run("ffmpeg", *source, *heard, *smooth, *h264, *aac, f"{TARGET}.mp4")
        poster = str(folder / f"slide-{int(17 * RATE):0{digits}d}.png")
        run(
            "ffmpeg",
            "-loglevel",
            "error",
            "-y",
            "-i",
            poster,
            "-c:v",
            "libwebp",
            "-quality",
            "80",
            f"{TARGET}.poster.webp",
        )
    for end in ("webm", "mp4", "poster.webp"):
        print(f"{TARGET.name}.{end}: {Path(f'{TARGET}.{end}').stat().st_size // 1024} kB")
    print(f"{SECONDS} seconds")


if __name__ == "__main__":
    main()
