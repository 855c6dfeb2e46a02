"""Watching a video 视频: where a person left it, and which parts count as watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app import clock
from app.cohorts.models import Enrolment
from app.courses.models import VideoView
from app.courses.services.look import find_taken
from app.courses.services.place import hold
from app.courses.services.standing import check_open
from app.courses.video import Span, Video, believed, merged, watched
from app.files.services import path_of
from app.refusals import N_, NotFound, Refusal
from app.store import db

MOST_SPANS = 60
#: A page reports every ten seconds while it plays; a longer silence is worth no more than this.
LONGEST_SILENCE = 60.0


class BadReport(Refusal):
    """A report that no page of ours sends."""

    message = N_("What this page said about the video could not be read; nothing was counted.")


@dataclass(frozen=True)
class Viewing:
    """A video as a person stands in it: whole seconds of the place where it was left, and watched so far."""

    video: Video
    position: int
    watched: int


def find_viewing(enrolment_id: int, lesson_id: str, video: Video | None) -> Viewing | None:
    """Where the person of an enrolment stands in the video of a lesson; None for a lesson without one."""
    if video is None:
        return None
    row = _row(enrolment_id, lesson_id)
    if row is None or row.video != _name(video):
        return Viewing(video, 0, 0)
    return Viewing(video, row.position, watched(_spans(row)))


def report(person_id: int, lesson_id: str, course: str, *, position: int, spans: Sequence[Span]) -> Viewing:
    """Keep where the person is in a video, and the parts played since the last report, each counted once.

    A claim to more than can have been played in the time is left out (see `video.believed`). Raises NotFound, BadReport.
    """
    enrolment, video = _video_of(person_id, lesson_id, course)
    if not 0 <= position <= video.seconds + 1 or len(spans) > MOST_SPANS:
        raise BadReport
    hold(enrolment.id)
    now, row = clock.now(), _row(enrolment.id, lesson_id)
    if row is None:
        row = VideoView(
            base_id=enrolment.base_id, enrolment_id=enrolment.id, lesson=lesson_id, begun_at=now, seen_at=now
        )
        db.session.add(row)
    if row.video != _name(video):
        row.video, row.spans = _name(video), []
    elapsed = min((now - row.seen_at).total_seconds(), LONGEST_SILENCE)
    row.spans = [list(span) for span in merged([*_spans(row), *believed(spans, elapsed, video.seconds)])]
    row.position, row.seen_at = position, now
    db.session.flush()
    return Viewing(video, row.position, watched(_spans(row)))


def media_file(person_id: int, lesson_id: str, course: str, name: str) -> tuple[str, Path]:
    """Media type and place of a file of the video (its SHA-256), for who takes the course. Raises NotFound."""
    _enrolment, video = _video_of(person_id, lesson_id, course)
    kind = next((kind for kind, known in (*video.sources, video.poster) if known == name), None)
    if kind is None:
        raise NotFound
    return kind, path_of(name)


def captions(person_id: int, lesson_id: str, course: str, language: str) -> str:
    """The captions of a language. Raises NotFound."""
    _enrolment, video = _video_of(person_id, lesson_id, course)
    if language not in video.captions:
        raise NotFound
    return video.captions[language]


def _video_of(person_id: int, lesson_id: str, course: str) -> tuple[Enrolment, Video]:
    found = find_taken(person_id, lesson_id, course)
    if found is None or found[3].video is None:
        raise NotFound
    check_open(found[0].id, found[3])
    return found[0], found[3].video


def _row(enrolment_id: int, lesson_id: str) -> VideoView | None:
    return db.session.scalar(
        select(VideoView).where(VideoView.enrolment_id == enrolment_id, VideoView.lesson == lesson_id)
    )


def _name(video: Video) -> str:
    return video.sources[0][1]


def _spans(row: VideoView) -> list[Span]:
    return [(float(begin), float(end)) for begin, end in row.spans]
