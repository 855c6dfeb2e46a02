"""Screens of certificates."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.services import people
from app.certificates.models import Certificate
from app.store import db, writing
from tests.certificates import rows
from tests.certificates.browsing import browser, token_in
from tests.certificates.test_services_issue import granted


@pytest.fixture
def people_of_the_base(db_app: Flask) -> dict[str, int]:
    """A holder with a granted certificate and a decision maker."""
    with writing():
        base = rows.base()
        holder, decider = rows.person("holder"), rows.person("decider", "王定")
        people.grant(person_id=decider.id, role="decision-maker", base_id=base.id, by=None)
        people.grant(person_id=holder.id, role="trainee", base_id=base.id, by=None)
        made = rows.decision(base, holder, decider).id
        ids = {"holder": holder.id, "decider": decider.id}
    ids["certificate"] = granted(made).id
    return ids


def test_withdrawing_shows_on_the_public_page_at_the_next_request(
    db_app: Flask, people_of_the_base: dict[str, int]
) -> None:
    row = db.session.get_one(Certificate, people_of_the_base["certificate"])
    paper = f"/v/{row.number}?t={row.token}"
    client = browser(db_app, people_of_the_base["decider"])
    public = browser(db_app)
    assert "The certificate is valid" in public.get(paper).text
    address = f"/certificates/{people_of_the_base['certificate']}/withdraw"
    page = client.get(address).text
    refused = client.post(address, data={"csrf_token": token_in(page), "note": "只有一句"})
    assert refused.status_code == 422 and "只有一句" in refused.text
    done = client.post(address, data={"csrf_token": token_in(page), "reason": "misconduct"})
    assert done.status_code == 303
    again = client.post(address, data={"csrf_token": token_in(page), "reason": "misconduct"})
    assert again.status_code == 303, "a double click changes nothing and says nothing"
    shown = public.get(paper).text
    assert "withdrawn" in shown and "The certificate is valid" not in shown


def test_holder_sees_and_downloads_only_the_own_certificate(db_app: Flask, people_of_the_base: dict[str, int]) -> None:
    holder = browser(db_app, people_of_the_base["holder"])
    certificate = people_of_the_base["certificate"]
    assert holder.get("/my/certificates").status_code == 200
    assert holder.get(f"/my/certificates/{certificate}").status_code == 200
    download = holder.get(f"/my/certificates/{certificate}/file")
    assert download.data.startswith(b"%PDF-") and download.mimetype == "application/pdf"
    other = browser(db_app, people_of_the_base["decider"])
    assert other.get(f"/my/certificates/{certificate}").status_code == 404
    assert other.get(f"/my/certificates/{certificate}/file").status_code == 404
    assert holder.get(f"/certificates/{certificate}").status_code == 403


def test_wechat_is_told_to_open_a_browser(db_app: Flask, people_of_the_base: dict[str, int]) -> None:
    holder = browser(db_app, people_of_the_base["holder"])
    address = f"/my/certificates/{people_of_the_base['certificate']}"
    assert "WeChat" not in holder.get(address).text
    assert "WeChat" in holder.get(address, headers={"User-Agent": "Mozilla MicroMessenger/8.0"}).text


def test_register_lists_and_finds(db_app: Flask, people_of_the_base: dict[str, int]) -> None:
    client = browser(db_app, people_of_the_base["decider"])
    assert "李雨桐" in client.get("/certificates").text
    assert "李雨桐" not in client.get("/certificates?state=withdrawn").text
    assert client.get("/certificates?page=99999999999&q=%25").status_code == 200
    assert client.get(f"/certificates/{people_of_the_base['certificate']}").status_code == 200
    assert client.get("/certificates/424242").status_code == 404
