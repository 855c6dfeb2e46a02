"""The site as a client sees it: headers, cookies, sign-in, refusals, languages."""

from __future__ import annotations

import gzip
import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import text

from app import clock, create_app
from app.accounts.guards import public
from app.accounts.services import people, sessions
from app.refusals import N_, Refusal
from app.store import db, scope_to, writing
from app.web.headers import CSP
from app.web.logs import JsonLine

PASSWORD = "correct horse battery"


class Nope(Refusal):
    """A refusal with a parameter."""

    message = N_("Too many tries. Wait %(minutes)s minutes and try again.")


class Later(Refusal):
    """A refusal that names a moment."""

    message = N_("The exam opens at %(time)s. You can begin from then on.")


def build(folder: Path, **options: object) -> Flask:
    app = create_app(instance_path=folder, TESTING=True, **{"origin": "http://localhost", **options})

    @app.get("/boom")
    @public
    def boom() -> None:
        raise RuntimeError("secret of 沈一")

    @app.get("/nope")
    @public
    def nope() -> None:
        raise Nope(minutes=7)

    @app.get("/later")
    @public
    def later() -> None:
        raise Later(time=datetime(2026, 11, 23, 1, 30, tzinfo=UTC))

    @app.get("/gone")
    @public
    def gone() -> None:
        abort(405)

    @app.get("/bound/<string:number>")
    @public
    def bound(number: str) -> str:
        return str(db.session.execute(text("select :number"), {"number": int(number)}).scalar())

    with app.app_context():
        db.create_all()
        scope_to(None)
        with writing():
            person = people.add_person(account="shen", name="沈一", password=PASSWORD)
            people.grant(person_id=person, role="auditor", base_id=None, by=None)
        db.session.remove()
    return app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield build(tmp_path_factory.mktemp("instance"))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def token(client: FlaskClient, page: str = "/sign-in") -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


def sign_in(client: FlaskClient, password: str = PASSWORD, **more: str) -> object:
    data = {"csrf_token": token(client), "account": "shen", "password": password, **more}
    return client.post("/sign-in", data=data)


def test_the_policy_is_exactly_the_one_agreed_on(client: FlaskClient) -> None:
    assert client.get("/").headers["Content-Security-Policy"] == CSP
    assert CSP == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


@pytest.mark.parametrize(
    "address", ["/", "/sign-in", "/help", "/no-such-page", "/healthz", "/boom", "/static/css/site.css"]
)
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_pages_of_a_person_are_kept_nowhere(client: FlaskClient) -> None:
    sign_in(client)
    answer = client.get("/me")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_signing_in_gives_an_opaque_cookie_and_a_new_one_each_time(client: FlaskClient) -> None:
    first = sign_in(client)
    assert first.status_code == 303
    one = client.get_cookie("auditorium")
    assert one is not None and one.http_only and one.same_site == "Lax" and len(one.value) == 43
    client.post("/sign-out", data={"csrf_token": token(client, "/me")})
    assert client.get_cookie("auditorium") is None
    assert client.get("/me").status_code == 303
    sign_in(client)
    other = client.get_cookie("auditorium")
    assert other is not None and other.value != one.value


def test_an_old_token_is_worth_nothing_after_signing_out(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    cookie = client.get_cookie("auditorium")
    assert cookie is not None
    client.post("/sign-out", data={"csrf_token": token(client, "/me")})
    thief = app.test_client()
    thief.set_cookie("auditorium", cookie.value)
    assert thief.get("/me").status_code == 303


def test_a_form_token_from_before_signing_in_is_not_taken_afterwards(client: FlaskClient) -> None:
    before = token(client)
    sign_in(client)
    assert client.post("/sign-out-everywhere", data={"csrf_token": before}).status_code == 400
    assert client.get("/me").status_code == 200


def test_wrong_passwords_count_down_and_then_wait(app: Flask) -> None:
    with app.app_context(), writing():
        people.add_person(account="slow", name="慢", password=PASSWORD)
    client = app.test_client()
    pages = []
    for _ in range(7):
        data = {"csrf_token": token(client), "account": "slow", "password": "wrong password"}
        pages.append(client.post("/sign-in?lang=en", data=data))
    assert {page.status_code for page in pages} == {422}
    assert "4 more tries are left" in pages[0].text
    assert "This was the last try" in pages[4].text
    assert "Wait 15 minutes" in pages[5].text
    data = {"csrf_token": token(client), "account": "slow", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 422
    assert 'value="slow"' in pages[0].text, "what was typed is kept"
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert client.post("/sign-in", data=data).status_code == 303


def test_an_unknown_account_is_told_the_same(client: FlaskClient) -> None:
    answer = client.post(
        "/sign-in?lang=en", data={"csrf_token": token(client), "account": "nobody", "password": "wrong password"}
    )
    assert "Account or password is not right." in answer.text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "x"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(client: FlaskClient, target: str) -> None:
    assert sign_in(client, next=target).headers["Location"] == "/start"


def test_one_comes_back_to_where_one_was(client: FlaskClient) -> None:
    assert client.get("/me").headers["Location"] == "/sign-in?next=/me"
    assert sign_in(client, next="/me?changed=1").headers["Location"] == "/me?changed=1"


def test_signing_in_again_in_place(app: Flask, client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    header = {"X-CSRFToken": found[1]}
    wrong = client.post("/reauth", json={"account": "shen", "password": "x"}, headers=header)
    assert wrong.status_code == 401 and wrong.json is not None and wrong.json["code"] == "wrong"
    with client.session_transaction() as cookie:
        cookie["seb"], cookie["other"] = {"r": "m"}, "x"
    right = client.post("/reauth", json={"account": "shen", "password": PASSWORD}, headers=header)
    with client.session_transaction() as cookie:
        assert cookie["seb"] == {"r": "m"} and "other" not in cookie
    assert right.status_code == 200 and right.json is not None and right.json["csrf"]
    assert client.get("/me").status_code == 200


def test_a_refusal_is_a_page_with_its_sentence_in_both_languages(client: FlaskClient) -> None:
    answer = client.get("/nope?lang=en")
    assert answer.status_code == 422 and "Wait 7 minutes" in answer.text
    assert "7 分钟" in client.get("/nope?lang=zh_CN").text


def test_a_moment_in_a_refusal_is_told_in_beijing_time(client: FlaskClient) -> None:
    assert "2026-11-23 09:30" in client.get("/later?lang=en").text


def test_a_failure_has_an_incident_number_that_is_in_the_log_and_no_name(app: Flask, client: FlaskClient) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLine())
    logging.getLogger("app").addHandler(handler)
    answer = client.get("/boom")
    logging.getLogger("app").removeHandler(handler)
    found = re.search(r"E-[0-9A-F]{6}", answer.text)
    assert answer.status_code == 500 and found
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    logged = [line for line in lines if line.get("incident") == found[0]]
    assert logged and logged[0]["error"] == "RuntimeError"
    assert "沈一" not in json.dumps(logged, ensure_ascii=False)


@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999", "9" * 5000])
@pytest.mark.parametrize("address", ["/cohorts/", "/certificates/", "/my/certificates/"])
def test_an_id_that_no_row_can_have_is_not_found(client: FlaskClient, address: str, number: str) -> None:
    sign_in(client)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.get(address + number).status_code == 404
    assert client.get(address + "2147483647").status_code == 404


def test_a_number_that_the_database_cannot_take_is_not_found(client: FlaskClient) -> None:
    sign_in(client)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.get("/bound/9223372036854775807").text == "9223372036854775807"
    assert client.get("/bound/9223372036854775808").status_code == 404
    assert client.get("/ledger?page=99999999999999999999").status_code == 404


def test_machines_get_problem_details(client: FlaskClient) -> None:
    answer = client.get("/no-such-page", headers={"Accept": "application/json"})
    assert answer.status_code == 404 and answer.mimetype == "application/problem+json"
    assert answer.json is not None and answer.json["status"] == 404
    assert client.get("/me", headers={"Accept": "application/json"}).status_code == 401


def test_chinese_is_the_first_language_and_a_choice_is_kept(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    assert '<html lang="zh-CN"' in page and "密码" in page
    assert '<html lang="en"' in client.get("/sign-in?lang=en").text
    assert '<html lang="en"' in client.get("/sign-in").text
    assert '<html lang="en"' in client.get("/sign-in?lang=xx").text


def test_the_browser_is_asked_when_nothing_was_chosen(app: Flask) -> None:
    asked = {"de, en;q=0.8": "en", "zh-TW, zh;q=0.9, en;q=0.8": "zh-CN", "fr": "zh-CN", "": "zh-CN"}
    for header, language in asked.items():
        page = app.test_client().get("/sign-in", headers={"Accept-Language": header}).text
        assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_a_foreign_host_name_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_a_body_that_is_too_large_is_refused_in_words(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"account": "x" * (3 * 1024 * 1024)})
    assert answer.status_code == 413


def test_behind_tls_cookies_are_bound_to_the_host(tmp_path: Path) -> None:
    app = build(tmp_path, origin="https://train.example.org")
    client = app.test_client()
    base = {"base_url": "https://train.example.org"}
    page = client.get("/sign-in", **base)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert page.headers["Set-Cookie"].startswith("__Host-form=") and "; Secure" in page.headers["Set-Cookie"]
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found
    answer = client.post(
        "/sign-in", data={"csrf_token": found[1], "account": "shen", "password": PASSWORD},
        headers={"Referer": "https://train.example.org/sign-in"}, **base,
    )  # fmt: skip
    cookies = [
        value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("__Host-auditorium=")
    ]
    assert cookies and "Secure" in cookies[0] and "HttpOnly" in cookies[0] and "Path=/" in cookies[0]
    with app.app_context():
        db.engine.dispose()


def test_the_site_is_alive_and_says_what_is_missing(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json is not None and "migrations" in answer.json["missing"]


def test_a_password_is_changed_with_the_present_one_alone(app: Flask) -> None:
    with app.app_context(), writing():
        people.add_person(account="wen", name="文", password=PASSWORD)
        people.grant(person_id=people.find_person_id("wen") or 0, role="auditor", base_id=None, by=None)
        other = sessions.open_session(people.find_person_id("wen") or 0, agent="other")
    client = app.test_client()
    client.post("/sign-in", data={"csrf_token": token(client), "account": "wen", "password": PASSWORD})
    fresh = "another long password"
    form = {"csrf_token": token(client, "/me"), "current": "wrong one here", "new": fresh, "again": fresh}
    assert client.post("/me/password", data=form).status_code == 422
    short = {**form, "current": PASSWORD, "new": "short", "again": "short"}
    assert client.post("/me/password", data=short).status_code == 422
    assert client.post("/me/password", data={**form, "current": PASSWORD}).status_code == 303
    assert client.get("/me").status_code == 200
    thief = app.test_client()
    thief.set_cookie("auditorium", other)
    assert thief.get("/me").status_code == 303


def test_style_sheets_and_scripts_are_compressed_and_pages_are_not(client: FlaskClient) -> None:
    wish = {"Accept-Encoding": "gzip, br"}
    plain = client.get("/static/js/exam.js").data
    packed = client.get("/static/js/exam.js", headers=wish)
    assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain and len(packed.data) <= 14_000
    assert "Content-Encoding" not in client.get("/sign-in", headers=wish).headers
