"""A recorded video 视频 in a lesson: its captions 字幕, its rules, and which parts of it a person has watched."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.banks.items import LANGUAGES, Text

LARGEST = 64 * 1024 * 1024
LARGEST_POSTER = 300 * 1024
LONGEST = 3600
#: Captions begin and end at most so many seconds after the beginning and before the end.
SILENT = 6.0
#: Nobody watches faster than this; what a page claims beyond it is not believed.
FASTEST = 2.0
SLACK = 5.0
_MARKS: Sequence[tuple[str, int, bytes]] = (
    ("video/webm", 0, b"\x1a\x45\xdf\xa3"),
    ("video/mp4", 4, b"ftyp"),
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/webp", 8, b"WEBP"),
)
_TIME = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})")
Span = tuple[float, float]
Fault = tuple[str, int, str, str]
"""Rule, line, what is wrong, what to do."""


@dataclass(frozen=True)
class Video:
    """A video of a lesson's version; `sources` and `poster` are media type and SHA-256 of stored files.

    `captions` is WebVTT by language. `seconds` is the length.
    """

    title: Text
    seconds: int
    sources: tuple[tuple[str, str], ...]
    poster: tuple[str, str]
    captions: Mapping[str, str] = field(default_factory=dict)

    def cues(self, language: str) -> tuple[Cue, ...]:
        """What is said, as a transcript."""
        return tuple(read_captions(self.captions[language])[0])


@dataclass(frozen=True)
class Cue:
    """One caption, from and to in seconds, on a line of its file."""

    begin: float
    end: float
    text: str
    line: int

    @property
    def at(self) -> str:
        """When it begins, as a player shows it: 1:05."""
        return f"{int(self.begin) // 60}:{int(self.begin) % 60:02}"


@dataclass(frozen=True)
class VideoFiles:
    """What lies beside a lesson: `told` of video.yaml, and the bytes found, by file name."""

    file: str
    title: Text
    seconds: int
    media: Mapping[str, bytes]
    captions: Mapping[str, str]
    seconds_line: int = 1


def video_from(content: Mapping[str, Any] | None) -> Video | None:
    """The video that was stored with a lesson, or None."""
    if not content:
        return None
    sources = tuple((kind, name) for kind, name in content["sources"])
    return Video(**{**content, "sources": sources, "poster": tuple(content["poster"])})


def kind_of(data: bytes) -> str:
    """The media type that the first bytes tell; empty for a kind that is not taken."""
    return next((kind for kind, place, mark in _MARKS if data[place : place + len(mark)] == mark), "")


def read_captions(text: str) -> tuple[list[Cue], list[tuple[int, str]]]:
    """The cues of a WebVTT file, and what is wrong in it by line. Notes are passed over; styles are not taken."""
    lines = text.removeprefix("\ufeff").splitlines()
    faults: list[tuple[int, str]] = []
    if not lines or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        faults.append((1, "The file does not begin with WEBVTT."))
    cues: list[Cue] = []
    for begins, block in _blocks(lines[1:], 2):
        if block[0].startswith("NOTE"):
            continue
        place = next((number for number, line in enumerate(block[:2]) if "-->" in line), None)
        times = (
            re.fullmatch(rf"({_TIME.pattern})\s+-->\s+({_TIME.pattern})(?:\s.*)?", block[place])
            if place is not None
            else None
        )
        if place is None or times is None or len(block) == place + 1 or any("<" in line for line in block[place + 1 :]):
            faults.append((begins, "This is no cue: times like 00:01.000 --> 00:04.500, and plain text below."))
            continue
        found = [_seconds(match) for match in _TIME.finditer(block[place])]
        cues.append(Cue(found[0], found[1], " ".join(block[place + 1 :]).strip(), begins + place))
    return cues, faults


def _blocks(lines: Sequence[str], number: int) -> Iterator[tuple[int, list[str]]]:
    """The blocks between empty lines, each with the number of its first line."""
    held: list[str] = []
    for place, line in enumerate([*lines, ""], number):
        if line.strip():
            held.append(line)
        elif held:
            yield place - len(held), held
            held = []


def _seconds(found: re.Match[str]) -> float:
    hours, minutes, seconds, thousandths = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000


def faults(files: VideoFiles) -> Iterator[tuple[str, Fault]]:
    """Every broken rule of a video with the file that breaks it."""
    base = files.file.removesuffix(".video.yaml")
    videos = {name: data for name, data in files.media.items() if name.endswith((".webm", ".mp4"))}
    posters = {name: data for name, data in files.media.items() if name not in videos}
    if not videos or len(posters) != 1:
        what = f"{base}.webm or {base}.mp4, and {base}.poster.jpg or .poster.webp"
        yield files.file, ("video-is-there", 1, "The video or its one poster is missing.", f"Add {what}.")
    if not 1 <= files.seconds <= LONGEST:
        yield files.file, ("video-is-there", files.seconds_line, "The length is none.", f"Tell 1 to {LONGEST} seconds.")
    for name, data in files.media.items():
        most = LARGEST if name in videos else LARGEST_POSTER
        wanted = {"webm": "video/webm", "mp4": "video/mp4", "jpg": "image/jpeg"}.get(
            name.rpartition(".")[2], "image/webp"
        )
        if len(data) > most or kind_of(data) != wanted:
            fault = f"The file is no {wanted} or larger than {most // 1024} kB."
            yield name, ("video-is-there", 1, fault, "Make it again, smaller.")
        length = length_of(data) if name in videos else None
        if length is not None and abs(length - files.seconds) > 1:
            fault = f"{name} is {length:.1f} seconds long, not {files.seconds}."
            yield files.file, ("video-is-there", files.seconds_line, fault, "Correct the length.")
    for language in LANGUAGES:
        yield from (
            (f"{base}.{language}.vtt", fault) for fault in _captions(files.captions.get(language), files.seconds)
        )


def _captions(text: str | None, seconds: int) -> Iterator[Fault]:
    rule = "captions-cover-the-video"
    if text is None:
        yield rule, 1, "The captions are not there.", "Write them; they are the transcript, too."
        return
    cues, broken = read_captions(text)
    for line, fault in broken:
        yield rule, line, fault, "Write it as courses/README.md says."
    for before, cue in zip([None, *cues], cues, strict=False):
        if cue.end <= cue.begin or (before and cue.begin < before.end):
            yield (
                rule,
                cue.line,
                "The cue ends before it begins, or begins before the last one ends.",
                "Correct its times.",
            )
    late = not cues or cues[0].begin > SILENT
    if late or not seconds - SILENT <= cues[-1].end <= seconds + 1:
        fault = f"The captions do not go from the beginning to the end at {seconds} seconds."
        line = 1 if not cues else cues[0].line if late else cues[-1].line
        yield rule, line, fault, "Caption the whole video and nothing after it."


def length_of(data: bytes) -> float | None:
    """The length in seconds that a WebM or MP4 file tells, None where it tells none."""
    if kind_of(data) == "video/webm":
        place = data.find(b"\x44\x89\x88", 0, 65536)  # Duration as a double, in units of TimecodeScale
        scale = data.find(b"\x2a\xd7\xb1\x83", 0, 65536)
        unit = int.from_bytes(data[scale + 4 : scale + 7], "big") if scale >= 0 else 1_000_000
        return struct.unpack(">d", data[place + 3 : place + 11])[0] * unit / 1e9 if place >= 0 else None
    place = data.find(b"mvhd")
    if place < 0:
        return None
    long = data[place + 4] == 1
    unit, length = struct.unpack_from(">IQ" if long else ">II", data, place + (24 if long else 16))
    return float(length / unit) if unit else None


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in order, those that meet or overlap as one; parts seen twice are there once."""
    done: list[Span] = []
    for begin, end in sorted(spans):
        if done and begin <= done[-1][1] + 0.25:
            done[-1] = (done[-1][0], max(done[-1][1], end))
        elif end > begin:
            done.append((begin, end))
    return tuple(done)


def watched(spans: Sequence[Span]) -> int:
    """Whole seconds that were watched, each part once."""
    return int(sum(end - begin for begin, end in merged(spans)) + 0.5)


def believed(claimed: Sequence[Span], elapsed: float, seconds: int) -> tuple[Span, ...]:
    """What of the spans that a page claims can have been played in `elapsed` seconds; the rest is left out."""
    left = elapsed * FASTEST + SLACK
    found: list[Span] = []
    for start, stop in claimed:
        begin, end = max(0.0, start), min(float(seconds), stop)
        if end > begin and end - begin <= left:
            found.append((begin, end))
            left -= end - begin
    return tuple(found)
