"""Videos of lessons: captions, rules, what counts as watched, stored files, and who may see them."""

from __future__ import annotations

import math
import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app import clock
from app.accounts.services import people
from app.courses import content, services
from app.courses.content.files import VIDEO_ENDINGS
from app.courses.lessons import content_of, hash_of, lesson_from
from app.courses.models import VideoView
from app.courses.rules import RULES
from app.courses.services import video as watching
from app.courses.video import FASTEST, SLACK, believed, length_of, merged, read_captions, watched
from app.refusals import NotFound
from app.store import db, writing
from tests.courses.samples import CODE, FIRST, MODULE, SECOND, Learner, base, course_folder, learner
from tests.courses.test_views import sign_in, token_of

REAL = content.COURSES / "modules" / "a6-operation-and-improvement" / "2013-8.1"
HERE = f"/learn/courses/{CODE}/lessons/{FIRST}"
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
SPANS = st.lists(st.tuples(st.floats(0, 90), st.floats(0, 90)), max_size=8)


def with_video(place: Path) -> Path:
    """The course of the samples whose first lesson has the video of lesson 2013-8.1."""
    folder = course_folder(place)
    for end in VIDEO_ENDINGS:
        if Path(f"{REAL}{end}").is_file():
            shutil.copy(f"{REAL}{end}", place / "modules" / MODULE / f"{FIRST}{end}")
    return folder


def findings(folder: Path) -> dict[str, str]:
    """Rule and what is wrong, for the first lesson's video."""
    return {one.rule: one.fault for one in services.check_folder(folder).findings}


@pytest.fixture
def one(db_app: Flask, tmp_path: Path) -> Learner:
    with writing():
        services.load_course(with_video(tmp_path))
    return learner(base())


@given(SPANS)
def test_merged_spans_are_in_order_apart_and_cover_the_same(spans: list[tuple[float, float]]) -> None:
    found = merged(spans)
    assert all(begin < end for begin, end in found)
    assert all(after[0] > before[1] for before, after in pairwise(found))
    assert merged([*found, *found]) == found, "what is seen twice counts once"
    for begin, end in spans:
        if end > begin:
            assert any(b <= begin and end <= e for b, e in found)


@given(SPANS, st.floats(0, 60))
def test_no_more_is_believed_than_can_have_been_played(spans: list[tuple[float, float]], elapsed: float) -> None:
    found = believed(spans, elapsed, 30)
    assert sum(end - begin for begin, end in found) <= elapsed * FASTEST + SLACK + 1e-6
    assert all(0 <= begin < end <= 30 for begin, end in found)
    assert watched(found) <= 30


def test_captions_are_read_and_told_where_they_break() -> None:
    cues, faults = read_captions(
        "WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.500 align:start\n一\n二\n\n01:00:00.000 --> 01:00:01.000\nx\n"
    )
    assert not faults and [(one.begin, one.end, one.text, one.at) for one in cues] == [
        (1, 2.5, "一 二", "0:01"), (3600, 3601, "x", "60:00"),
    ]  # fmt: skip
    assert [
        line for line, _fault in read_captions("WEBVT\n\n00:01 --> 00:02\nx\n\n00:01.000 --> 00:02.000\n<b>x</b>\n")[1]
    ] == [1, 3, 6]


def test_the_sample_is_small_and_keeps_the_rules(tmp_path: Path) -> None:
    files = [Path(f"{REAL}{end}") for end in VIDEO_ENDINGS if Path(f"{REAL}{end}").is_file()]
    assert {"webm", "mp4", "webp", "vtt", "yaml"} == {path.suffix[1:] for path in files}
    assert sum(path.stat().st_size for path in files) < 600 * 1024
    for end in (".webm", ".mp4"):
        assert math.isclose(length_of(Path(f"{REAL}{end}").read_bytes()) or 0, 30, abs_tol=0.5)
    for end, sound in ((".webm", b"A_OPUS"), (".mp4", b"mp4a")):
        assert sound in Path(f"{REAL}{end}").read_bytes(), f"{end} has no sound"
    assert findings(with_video(tmp_path)) == {}


@pytest.mark.parametrize(
    ("file", "change", "rule", "words"),
    [
        (".zh_CN.vtt", None, "captions-cover-the-video", "not there"),
        (".en.vtt", ("00:26.000 --> 00:30.000", "00:20.000 --> 00:21.000"), "captions-cover-the-video", "before"),
        (".en.vtt", ("00:30.000", "00:39.000"), "captions-cover-the-video", "beginning to the end"),
        (".en.vtt", ("WEBVTT", "WEB"), "captions-cover-the-video", "WEBVTT"),
        (".poster.webp", None, "video-is-there", "missing"),
        (".poster.webp", ("", "no picture"), "video-is-there", "image/webp"),
        (".video.yaml", ("seconds: 30", "seconds: 40"), "video-is-there", "seconds long"),
        (".video.yaml", ("seconds: 30", "seconds: 0"), "video-is-there", "length"),
    ],
)
def test_a_broken_video_is_found(
    tmp_path: Path, file: str, change: tuple[str, str] | None, rule: str, words: str
) -> None:
    folder = with_video(tmp_path)
    path = tmp_path / "modules" / MODULE / f"{FIRST}{file}"
    if change is None:
        path.unlink()
    elif change[0]:
        path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    else:
        path.write_text(change[1], encoding="utf-8")
    found = [one for one in services.check_folder(folder).findings if one.rule == rule]
    assert rule in RULES and any(words in one.fault for one in found), found


def test_the_bytes_belong_to_the_digest_and_the_version(tmp_path: Path) -> None:
    folder = with_video(tmp_path)
    before = content.digest_of(folder)
    lesson = next(one.lesson for one in content.read_folder(folder).lessons if one.lesson.id == FIRST)
    assert lesson.video and [kind for kind, _name in lesson.video.sources] == ["video/webm", "video/mp4"]
    assert lesson_from(content_of(lesson)) == lesson
    path = tmp_path / "modules" / MODULE / f"{FIRST}.webm"
    path.write_bytes(path.read_bytes() + b"\0")
    assert content.digest_of(folder) != before
    other = next(one.lesson for one in content.read_folder(folder).lessons if one.lesson.id == FIRST)
    assert hash_of(other) != hash_of(lesson)


def test_a_lesson_without_one_keeps_its_hash() -> None:
    lesson = content.read_folder(content.COURSES / CODE).lessons[0].lesson
    assert lesson.video is None and "video" not in content_of(lesson)


def test_watching_counts_parts_once_and_believes_no_jump(one: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    at = NOW
    monkeypatch.setattr(clock, "now", lambda: at)

    def report(position: int, *spans: tuple[float, float]) -> int:
        with writing():
            return watching.report(one.person_id, FIRST, CODE, position=position, spans=spans).watched

    assert report(0) == 0
    at += timedelta(seconds=10)
    assert report(10, (0.0, 10.0)) == 10
    at += timedelta(seconds=10)
    assert report(10, (0.0, 10.0)) == 10, "seen again"
    at += timedelta(seconds=1)
    assert report(30, (10.0, 30.0)) == 10, "twenty seconds cannot be played in one"
    at += timedelta(seconds=10)
    assert report(30, (20.0, 30.0)) == 20
    page = services.read_lesson(one.person_id, FIRST, CODE)
    found = watching.find_viewing(one.enrolment_id, FIRST, page.lesson.video)
    assert found and (found.position, found.watched) == (30, 20)
    assert len(db.session.scalars(select(VideoView)).all()) == 1


def test_bad_reports_are_refused_and_change_nothing(one: Learner, db_app: Flask) -> None:
    client = sign_in(db_app, one.person_id)
    token = {"X-CSRFToken": token_of(client, HERE), "X-CSRF-Token": token_of(client, HERE)}
    good = {"lesson": FIRST, "course": CODE, "position": 3, "spans": [[0, 2.5]]}
    assert client.post("/study/video", json=good, headers=token).json == {"watched": 3}
    for bad in (
        {"position": 99}, {"position": -1}, {"position": 1.5}, {"spans": [[1]]}, {"spans": "x"}, {"spans": [[0, True]]},
        {"spans": [[0, 1e9]]}, {"spans": [[0, 1]] * 61}, {"lesson": 3}, {"course": None},
    ):  # fmt: skip
        assert client.post("/study/video", json={**good, **bad}, headers=token).status_code in {400, 422}, bad
    assert client.post("/study/video", json={**good, "lesson": SECOND}, headers=token).status_code == 404
    assert client.post("/study/video", json=good).status_code in {400, 403}


def test_the_page_shows_the_player_with_both_captions_and_the_transcript(one: Learner, db_app: Flask) -> None:
    page = sign_in(db_app, one.person_id, "en").get(HERE).text
    assert page.count("<source ") == 2 and page.count('<track kind="captions"') == 2
    assert "which decision did the search change" in page
    assert "Watched: 0:00 of 0:30" in page
    assert "<video" not in sign_in(db_app, one.person_id).get(f"/learn/courses/{CODE}/lessons/{SECOND}").text


def test_pieces_of_the_video_are_served_to_who_takes_the_course(one: Learner, db_app: Flask) -> None:
    lesson = services.read_lesson(one.person_id, FIRST, CODE).lesson
    assert lesson.video
    name, data = lesson.video.sources[0][1], Path(f"{REAL}.webm").read_bytes()
    client = sign_in(db_app, one.person_id)
    whole = client.get(f"{HERE}/video/{name}")
    assert whole.data == data and whole.mimetype == "video/webm" and whole.headers["Accept-Ranges"] == "bytes"
    part = client.get(f"{HERE}/video/{name}", headers={"Range": "bytes=100-299", "If-Range": whole.headers["ETag"]})
    assert part.status_code == 206 and part.data == data[100:300]
    assert part.headers["Content-Range"] == f"bytes 100-299/{len(data)}"
    assert client.get(f"{HERE}/video/{name}", headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    assert client.get(f"{HERE}/video/{name}", headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    changed = client.get(f"{HERE}/video/{name}", headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert changed.status_code == 200
    assert client.get(f"{HERE}/captions/zh_CN.vtt").text.startswith("WEBVTT")
    with writing():
        stranger = people.add_person(account="stranger", name="外人", password=None)
    other = sign_in(db_app, stranger)
    for address in (f"{HERE}/video/{name}", f"{HERE}/captions/en.vtt"):
        assert other.get(address).status_code in {403, 404}
        assert db_app.test_client().get(address).status_code in {302, 303, 401}
    assert client.get(f"{HERE}/video/{'0' * 64}").status_code == 404
    with pytest.raises(NotFound):
        watching.media_file(stranger, FIRST, CODE, name)
