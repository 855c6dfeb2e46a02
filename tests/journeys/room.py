"""The exam room in the journeys: a fresh candidate, the exam page, and what the server has of it."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from app.office.services.demonstration import PASSWORD
from tests.journeys.site import Site

_FORMAT = "%Y-%m-%d %H:%M:%S.%f"
_FREE = """
SELECT p.account FROM people p JOIN enrolments e ON e.person_id = p.id AND e.state = 'active'
JOIN exam_sessions x ON x.cohort_id = e.cohort_id AND x.closes_at > :now AND x.opens_at < :now
JOIN cohorts c ON c.id = x.cohort_id JOIN programmes g ON g.id = c.programme_id
WHERE p.id NOT IN (SELECT person_id FROM sittings WHERE session_id = x.id)
  AND (SELECT count(*) FROM sittings s WHERE s.enrolment_id = e.id) < g.attempts
ORDER BY p.account DESC LIMIT 1
"""


def database(site: Site) -> sqlite3.Connection:
    """The database of the running site."""
    return sqlite3.connect(site.instance / "auditorium.sqlite3", timeout=10)


def free_account(site: Site) -> str:
    """A candidate who may begin now and has not come yet."""
    with closing(database(site)) as link:
        return str(link.execute(_FREE, {"now": datetime.now(UTC).strftime(_FORMAT)}).fetchone()[0])


def begin(page: Page, site: Site) -> str:
    """Sign a candidate in who has not sat yet, accept the statement, and come to the exam page. Returns the ref."""
    enter(page, site, free_account(site))
    page.goto(f"{site.url}/exams")
    page.locator("form[action$='/sitting'] button").first.click()
    page.check("#mine")
    page.check("#accept")
    page.click("#begin")
    page.wait_for_url(re.compile(r"/sittings/[0-9a-f]{32}"))
    expect(page.locator("#save")).to_have_attribute("data-state", "saved")
    return page.url.split("#")[0].rsplit("/", 1)[1]


def enter(page: Page, site: Site, account: str) -> None:
    """Sign in by account name."""
    page.goto(f"{site.url}/sign-in")
    page.fill("#account", account)
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def account_of(site: Site, ref: str) -> str:
    """Whose sitting it is."""
    with closing(database(site)) as link:
        query = "SELECT account FROM people JOIN sittings ON sittings.person_id = people.id WHERE ref = ?"
        return str(link.execute(query, (ref,)).fetchone()[0])


def choose(page: Page, slot: int, option: int) -> None:
    """Go to a question by the palette and choose an option."""
    page.locator(f"#palette [data-cell='{slot}']").click()
    page.locator(f"#q{slot} .opt").nth(option).click()


def pick_clause(page: Page, slot: int, no: str) -> None:
    """Choose the clause of a case in its dialog, by searching for the number."""
    page.locator(f"#q{slot} .pick").click()
    page.fill("#clause-find", no)
    page.locator(f"#clause-list li[data-no='{no}']").click()


def answers(site: Site, ref: str) -> dict[int, Any]:
    """The present answers on the server by slot."""
    with closing(database(site)) as link:
        query = "SELECT slot, response FROM answers JOIN sittings ON sittings.id = sitting_id WHERE ref = ?"
        return {slot: json.loads(response) for slot, response in link.execute(query, (ref,))}


def sitting(site: Site, ref: str) -> dict[str, Any]:
    """Some facts of the sitting's row, and the number of late entries."""
    with closing(database(site)) as link:
        link.row_factory = sqlite3.Row
        query = (
            "SELECT state, closed_by, epoch, receipt, deadline_at,"
            " (SELECT count(*) FROM answer_entries WHERE sitting_id = sittings.id AND late) AS late"
            " FROM sittings WHERE ref = ?"
        )
        return dict(link.execute(query, (ref,)).fetchone())


def end_in(site: Site, ref: str, seconds: float, grace: int = 60) -> None:
    """Move the deadline, which the page learns with its next save, and say how long answers may be on their way."""
    at = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime(_FORMAT)
    session = "(SELECT session_id FROM sittings WHERE ref = ?)"
    with closing(database(site)) as link, link:
        link.execute(f"UPDATE exam_sessions SET grace_seconds = ? WHERE id = {session}", (grace, ref))
        link.execute("UPDATE sittings SET deadline_at = ? WHERE ref = ?", (at, ref))


def sign_everybody_out(site: Site) -> None:
    """Every sign-in is expired at once."""
    with closing(database(site)) as link, link:
        link.execute("DELETE FROM sign_ins")
