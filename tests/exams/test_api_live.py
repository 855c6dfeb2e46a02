"""The requests of a running exam page: pulse, answers to incidents, reports of a question."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from app.exams.models import Incident, QuestionReport
from app.store import db
from tests.exams.rooms import Room
from tests.exams.test_views import WRITER, Enter, begun, enter, room

__all__ = ["enter", "room"]
pytestmark = pytest.mark.usefixtures("now")
LEFT = [{"no": n, "kind": "left", "slot": 1, "ms": 60_000, "client_ms": 5} for n in (1, 2, 3)]


def test_a_pulse_tells_the_clock_and_takes_signs(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    said = {"writer": WRITER, "slot": 1, "hidden": False, "seen_no": 0}
    quiet = client.post(f"/sittings/{ref}/pulse", json=said).json
    assert quiet is not None and quiet["deadline"] - quiet["now"] == 90 * 60_000
    assert (quiet["closed"], quiet["locked"], quiet["held"], quiet["left"], quiet["warnings"]) == (
        None,
        None,
        True,
        0,
        3,
    )
    loud = client.post(f"/sittings/{ref}/pulse", json=said | {"events": LEFT}).json
    assert loud is not None and loud["acked"] == [1, 2, 3] and loud["left"] == 3
    assert [one["kind"] for one in loud["incidents"]] == ["left"]
    incident = loud["incidents"][0]["ref"]
    answer = client.post(f"/sittings/{ref}/incidents/{incident}/reply", json={"body": " The printer called. "})
    assert answer.json == {"kept": True}
    assert db.session.scalars(select(Incident.reply)).one() == "The printer called."
    after = client.post(f"/sittings/{ref}/pulse", json=said).json
    assert after is not None and after["incidents"] == []
    client.post(f"/sittings/{ref}/hand-in")
    closed = client.post(f"/sittings/{ref}/pulse", json=said).json
    assert closed is not None and closed["closed"] == {"by": "candidate", "reason": None}


def test_a_report_is_kept_once(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    for _ in range(2):
        sent = client.post(f"/sittings/{ref}/reports", json={"key": "c" * 32, "slot": 1, "body": "A word is missing."})
        assert sent.json == {"kept": True}
    assert db.session.scalar(select(func.count()).select_from(QuestionReport)) == 1
    assert db.session.scalars(select(QuestionReport.body)).one() == "A word is missing."


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("pulse", None), ("pulse", {}), ("pulse", {"writer": "x"}), ("pulse", {"writer": WRITER, "slot": 0}),
        ("pulse", {"writer": WRITER, "seen_no": -1}), ("pulse", {"writer": WRITER, "events": {}}),
        ("pulse", {"writer": WRITER, "events": LEFT * 11}), ("pulse", {"writer": WRITER, "events": [{"no": 1}]}),
        ("reports", {"key": "c", "slot": 1, "body": "x"}), ("reports", {"key": "c" * 32, "slot": "1", "body": "x"}),
        ("reports", {"key": "c" * 32, "slot": 1, "body": "  "}),
        ("reports", {"key": "c" * 32, "slot": 1, "body": "x" * 2001}),
        ("reports", {"key": "c" * 32, "slot": 1, "body": "\ud800"}), ("incidents/" + "0" * 32 + "/reply", {"body": ""}),
    ],
)  # fmt: skip
def test_what_no_page_sends_is_a_400(room: Room, enter: Enter, path: str, body: Any) -> None:
    client, ref = begun(room, enter)
    assert client.post(f"/sittings/{ref}/{path}", json=body).status_code == 400


def test_a_stranger_and_another_candidate_learn_nothing(room: Room, enter: Enter) -> None:
    client, ref = begun(room, enter)
    said = {"writer": WRITER, "slot": 1}
    assert enter(room.people[1]).post(f"/sittings/{ref}/pulse", json=said).status_code == 404
    assert client.application.test_client().post(f"/sittings/{ref}/pulse", json=said).status_code == 401
    db.session.rollback()
    assert client.post(f"/sittings/{ref}/pulse", json=said, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
