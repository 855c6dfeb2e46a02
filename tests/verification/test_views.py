"""Anybody can verify, and nobody learns more than the certificate in hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.accounts.services import people
from app.certificates import keys, numbering
from app.certificates.models import Certificate
from app.certificates.services import lookup, status
from app.files import services as files
from app.store import db, settings, writing
from app.verification import services, views
from tests.certificates import rows
from tests.certificates.browsing import Browser, browser, token_in
from tests.certificates.test_services_issue import granted
from tests.verification.tampering import append_comment, flip_in_page, forged


@dataclass(frozen=True)
class Issued:
    """A certificate that was issued."""

    id: int
    number: str
    token: str
    file: bytes
    decider: int
    base: int


@pytest.fixture
def issued(db_app: Flask) -> Issued:
    with writing():
        base, decider = rows.base(), rows.person("decider", "王定")
        made = rows.decision(base, rows.person("holder"), decider).id
        ids = (decider.id, base.id)
    row: Certificate = granted(made)
    return Issued(row.id, str(row.number), row.token, files.get(str(row.file)), *ids)


@pytest.fixture
def stranger(db_app: Flask) -> Browser:
    return browser(db_app)


def post(client: Browser, address: str, **data: Any) -> Any:
    return client.post(address, data={"csrf_token": token_in(client.get("/verify").text), **data})


def post_file(client: Browser, data: bytes, name: str = "c.pdf") -> Any:
    return post(client, "/verify/file", file=(BytesIO(data), name))


def test_the_code_opens_the_result_with_the_name_masked(issued: Issued, stranger: Browser) -> None:
    answer = stranger.get(f"/v/{issued.number}?t={issued.token}")
    assert answer.status_code == 200
    assert "The certificate is valid" in answer.text
    assert "李*桐" in answer.text and "李雨桐" not in answer.text and "Yutong" not in answer.text
    assert "replaced by GB/T 29490-2023" in answer.text
    marks = re.findall(r' id="([^"]+)"', answer.text)
    assert len(marks) == len(set(marks))
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Robots-Tag"] == "noindex"


def test_by_number_however_it_is_typed(issued: Issued, stranger: Browser) -> None:
    answer = post(stranger, "/verify", number=issued.number.lower().replace("-", " "), name="李雨桐")
    assert answer.status_code == 200 and "The certificate is valid" in answer.text


def test_the_number_alone_shows_nothing(issued: Issued, stranger: Browser) -> None:
    """Serial numbers can be counted through: without the name or the token of the paper there is only the question."""
    asked = stranger.get(f"/v/{issued.number}")
    assert asked.status_code == 200 and f'value="{issued.number}"' in asked.text
    nameless = post(stranger, "/verify", number=issued.number)
    assert nameless.status_code == 422 and "Enter the holder’s full name" in nameless.text
    for answer in (asked, nameless):
        assert "桐" not in answer.text and "valid until" not in answer.text.lower()


def test_number_and_name(issued: Issued, stranger: Browser) -> None:
    assert "The name matches" in post(stranger, "/verify", number=issued.number, name="李雨桐").text
    wrong = post(stranger, "/verify", number=issued.number, name="李雨彤")
    assert wrong.status_code == 422 and "The name does not match" in wrong.text
    assert "李雨桐" not in wrong.text and "*" not in wrong.text.split("<main", 1)[1].split("</main", 1)[0]


def test_comparing_the_name_on_the_page_of_the_result(issued: Issued, stranger: Browser) -> None:
    answer = post(stranger, "/verify/name", of_number=issued.number, of_token=issued.token, holder="LI Yutong")
    assert answer.status_code == 200 and "The name matches" in answer.text
    assert post(stranger, "/verify/name", of_number=issued.number, of_token="", holder="LI Yutong").status_code == 404
    empty = post(stranger, "/verify/name", of_number=issued.number, of_token=issued.token, holder="")
    assert empty.status_code == 422 and "Enter the full name" in empty.text
    assert post(stranger, "/verify/name", of_number="nonsense", holder="x").status_code == 404


def test_a_number_that_cannot_be_one_keeps_what_was_typed(stranger: Browser, db_app: Flask) -> None:
    answer = post(stranger, "/verify", number="JSZJ-NSY13-2026-000017-0", name="李雨桐")
    assert answer.status_code == 422
    assert "JSZJ-NSY13-2026-000017-0" in answer.text and "李雨桐" in answer.text
    assert stranger.get("/v/anything").status_code == 404


def test_unknown_number_and_wrong_token_answer_alike(issued: Issued, stranger: Browser) -> None:
    free = numbering.number(issued.number.rsplit("-", 2)[0], 999)
    unknown = post(stranger, "/verify", number=free, name="李雨桐")
    guessed = stranger.get(f"/v/{issued.number}?t=WRONGWRONG")
    for answer in (unknown, guessed):
        assert answer.status_code == 404 and "No such certificate" in answer.text and "李" not in answer.text


@pytest.mark.parametrize(
    ("act", "reason", "words"),
    [
        ("suspend", "under-review", "The certificate is suspended"),
        ("withdraw", "misconduct", "The certificate was withdrawn"),
    ],
)
def test_changes_show_at_the_next_request(issued: Issued, stranger: Browser, act: str, reason: str, words: str) -> None:
    with writing():
        status.change(issued.id, act, reason=reason, note="secret note", by=issued.decider)
    for text in (stranger.get(f"/v/{issued.number}?t={issued.token}").text, post_file(stranger, issued.file).text):
        assert words in text and "secret note" not in text


def test_expired(issued: Issued, stranger: Browser) -> None:
    with clock.frozen(clock.now().replace(year=clock.now().year + 4)):
        assert "The certificate has expired" in stranger.get(f"/v/{issued.number}?t={issued.token}").text


def test_the_pdf_itself(issued: Issued, stranger: Browser) -> None:
    answer = post_file(stranger, issued.file)
    assert answer.status_code == 200 and "The certificate is valid" in answer.text
    assert "8. The content equals the register" in answer.text


def test_an_altered_pdf_shows_nothing_from_the_file(issued: Issued, stranger: Browser) -> None:
    for data in (flip_in_page(issued.file), append_comment(issued.file), forged(settings().instance_path)):
        text = post_file(stranger, data).text
        assert "The file does not match its signature" in text
        assert issued.number not in text and "李" not in text and "云山" not in text


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "c.pdf", "The file is empty"),
        (b"hello", "c.pdf", "The file is not a PDF"),
        (b"", "", "Choose the PDF file"),
    ],
)
def test_wrong_files_get_a_clear_answer(issued: Issued, stranger: Browser, data: bytes, name: str, words: str) -> None:
    assert words in post_file(stranger, data, name).text


def test_a_file_over_the_limit_gets_a_clear_answer(issued: Issued, stranger: Browser) -> None:
    for size in (10, 12):
        answer = post_file(stranger, b"%PDF-" + b"0" * (size * 1024 * 1024))
        assert "larger than 10 MB" in answer.text


def test_a_register_that_does_not_answer_is_not_called_invalid(
    issued: Issued, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def down(*_: Any) -> Any:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(lookup, "_find", down)
    monkeypatch.setattr(lookup, "find_by_token", down)
    finding = services.by_number(issued.number)
    assert finding.verdict.state.value == "unknown" and not finding.claims
    text = stranger.get(f"/v/{issued.number}?t={issued.token}").text
    assert "cannot be checked now" in text and "does not mean that the certificate is invalid" in text


def test_a_damaged_list_on_our_side_is_not_called_an_altered_file(issued: Issued, stranger: Browser) -> None:
    path = keys.folder_of(settings().instance_path) / "root.crl"
    whole = path.read_bytes()
    path.write_bytes(whole[:40])
    try:
        text = post_file(stranger, issued.file).text
    finally:
        path.write_bytes(whole)
    assert "cannot be checked now" in text and "does not match its signature" not in text
    assert "The certificate is valid" in post_file(stranger, issued.file).text


def test_guessing_numbers_is_slowed_down(issued: Issued, stranger: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "NAMES", 3)
    codes = [post(stranger, "/verify", number=issued.number, name=f"猜{n}").status_code for n in range(5)]
    assert codes == [422, 422, 422, 429, 429]
    assert stranger.get(f"/v/{issued.number}?t={issued.token}").status_code == 200, "who scans the paper is not slowed"


def test_forms_cannot_be_asked_by_address(stranger: Browser, db_app: Flask) -> None:
    assert stranger.get("/verify/file").status_code == 303
    assert stranger.post("/verify", data={"number": "x"}).status_code == 400


def test_the_root_can_be_taken(issued: Issued, stranger: Browser) -> None:
    assert stranger.get("/verify/root.pem").text.startswith("-----BEGIN CERTIFICATE-----")


def test_the_desk_takes_scan_after_scan(issued: Issued, db_app: Flask) -> None:
    with writing():
        verifier = rows.person("verifier", "查验")
        people.grant(person_id=verifier.id, role="verifier", base_id=issued.base, by=None)
        verifier_id = verifier.id
    desk = browser(db_app, verifier_id)
    assert browser(db_app).get("/desk").status_code == 303
    token = token_in(desk.get("/desk").text)
    for typed in (
        issued.number,
        f"https://x.example/v/{issued.number}?t={issued.token}",
        f"HTTPS://X/v/{issued.number}",
    ):
        answer = desk.post("/desk", data={"csrf_token": token, "number": typed})
        assert answer.status_code == 200 and "The certificate is valid" in answer.text, typed
        assert "autofocus" in answer.text
    assert desk.post("/desk", data={"csrf_token": token, "number": "?"}).status_code == 422


def test_held_and_pending_certificates_do_not_exist_for_the_public(db_app: Flask, stranger: Browser) -> None:
    from app.certificates.services import request

    with writing():
        made = rows.decision(rows.base(), rows.person("holder"), rows.person("decider", "王定"))
        certificate_id = request.request_certificate(made.id)
    number = db.session.get_one(Certificate, certificate_id).number
    assert stranger.get(f"/v/{number}?t=WRONGWRONG").status_code == 404
