"""Addresses of objects of the demonstration, looked up in the site's own database."""

from __future__ import annotations

import re
import sqlite3

from tests.journeys.site import Site

PERSON = "(SELECT id FROM people WHERE account = ?)"
QUERIES: dict[str, tuple[str, str]] = {
    "sitting": (f"SELECT ref FROM sittings WHERE person_id = {PERSON} ORDER BY id DESC", "/sittings/{}"),
    "certificate": (f"SELECT id FROM certificates WHERE person_id = {PERSON}", "/my/certificates/{}"),
    "verify": (
        "SELECT number, token FROM certificates WHERE state = CASE ? WHEN 'expired' THEN 'granted' WHEN 'valid' THEN 'granted' "
        "WHEN 'suspended' THEN 'suspended' ELSE 'withdrawn' END AND (valid_until < date('now')) = {past}",
        "/v/{}?t={}",
    ),
    "cohort": ("SELECT id FROM cohorts WHERE code = '2026-03'", "/cohorts/{}"),
    "ruled": ("SELECT id FROM cohorts WHERE code = '2026-04'", "/cohorts/{}"),
    "coming": (
        "SELECT id FROM live_sessions WHERE starts_at > strftime('%Y-%m-%d %H:%M:%f', 'now') ORDER BY id",
        "/live-sessions/{}",
    ),
    "live": ("SELECT id FROM live_sessions ORDER BY id", "/live-sessions/{}"),
    "seat": ("SELECT ref FROM sittings ORDER BY id DESC", "/exam-sessions/sittings/{}"),
    "excepted": (
        "SELECT e.cohort_id, a.enrolment_id FROM admissions a JOIN enrolments e ON e.id = a.enrolment_id "
        "WHERE a.withdrawn_at IS NULL",
        "/cohorts/{}/study/{}/withdraw-exception",
    ),
    "answer": (
        "SELECT e.cohort_id, a.id FROM task_answers a JOIN exercise_works w ON w.id = a.work_id "
        "JOIN enrolments e ON e.id = w.enrolment_id WHERE a.handed_in_at IS NOT NULL",
        "/cohorts/{}/exercises/{}",
    ),
    "place": (
        f"SELECT ref FROM sittings WHERE person_id = {PERSON} ORDER BY id DESC",
        "/exam-sessions/sittings/{}/seat",
    ),
    "force": (
        f"SELECT ref FROM sittings WHERE person_id = {PERSON} ORDER BY id DESC",
        "/exam-sessions/sittings/{}/hand-in",
    ),
    "longer": (
        f"SELECT ref FROM sittings WHERE person_id = {PERSON} ORDER BY id DESC",
        "/exam-sessions/sittings/{}/extra-time",
    ),
    "incident": ("SELECT ref FROM incidents ORDER BY id", "/incidents/{}"),
    "session": ("SELECT ref FROM exam_sessions ORDER BY id DESC", "/exam-sessions/{}"),
    "resit": ("SELECT ref FROM exam_sessions WHERE place_kind = 'room' ORDER BY id DESC", "/exam-sessions/{}"),
    "accommodation": (
        "SELECT s.ref, c.id FROM exam_candidates c JOIN exam_sessions s ON s.id = c.session_id "
        "WHERE s.place_kind = 'room' ORDER BY c.id",
        "/exam-sessions/{}/candidates/{}/accommodation",
    ),
    "script": ("SELECT ref FROM scripts WHERE state = 'waiting' AND kind = 'case'", "/marking/scripts/{}"),
    "candidacy": (
        "SELECT s.ref FROM sittings s JOIN results r ON r.sitting_id = s.id WHERE r.state = 'final' AND r.passed "
        "AND s.enrolment_id NOT IN (SELECT enrolment_id FROM decisions)",
        "/decisions/{}",
    ),
    "issued": ("SELECT id FROM certificates WHERE state = 'granted' ORDER BY id DESC", "/certificates/{}"),
}


def resolve(site: Site, address: str) -> str:
    """The address with its {kind} or {kind:who} replaced."""
    found = re.search(r"\{(\w+)(?::([\w-]+))?\}", address)
    if found is None:
        return address
    kind, who = found[1], found[2]
    if (kind, who) == ("certificate", "staff"):
        kind, who = "issued", None
    if (kind, who) == ("session", "results"):
        ref = _row(
            site,
            "SELECT e.ref FROM exam_sessions e JOIN sittings s ON s.session_id = e.id WHERE s.state = 'closed'",
            None,
        )[0]
        return address.replace(found[0], f"/exam-sessions/{ref}/results")
    query, pattern = QUERIES[kind]
    row = _row(site, query.replace("{past}", "1" if who == "expired" else "0"), who)
    return address.replace(found[0], pattern.format(*row))


def _row(site: Site, query: str, who: str | None) -> tuple[object, ...]:
    link = sqlite3.connect(f"file:{site.instance / 'auditorium.sqlite3'}?mode=ro", uri=True)
    try:
        found = link.execute(query, (who,) if "?" in query else ()).fetchone()
    finally:
        link.close()
    assert found is not None, query
    return tuple(found)
