"""Sign-up by visitors over HTTP: off it is not there, on it gives what a bootstrap gives and tells nothing of anybody."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import pytest

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.kit.clock import DAY_US, SECOND_US, SystemClock, parse_time
from tests.support.server import RunningServer, running_server
from tests.support.waiting import awaited

PATH = "/api/v2/signup"
PASSWORD = "a long enough passphrase 7"

PROXIED = {
    "PENSTOCK_SIGNUP_ENABLED": "true",
    "PENSTOCK_SIGNUP_PLAN": "starter",
    "PENSTOCK_SIGNUP_TRIAL_DAYS": "14",
    "PENSTOCK_SIGNUP_PER_ADDRESS_PER_DAY": "3",
    "PENSTOCK_HTTP_TRUSTED_PROXIES": "127.0.0.0/8",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("opened") / "data", orgs=("Acme", "Other"), environment=PROXIED) as server:
        yield server


def visitor(server: RunningServer, address: str | None = None) -> httpx.Client:
    """A client without a credential, that comes from an address of its own."""
    seen_as = address or f"2001:db8:{secrets.randbits(16):x}:{secrets.randbits(16):x}::1"
    return httpx.Client(base_url=server.base_url, headers={"X-Forwarded-For": seen_as}, timeout=30)


def wanted(**changes: object) -> dict[str, object]:
    unique = secrets.token_hex(6)
    return {"organization": f"Org {unique}", "email": f"{unique}@example.org"} | changes


def test_while_it_is_off_the_path_is_as_unknown_as_any(server: RunningServer) -> None:
    with server.client() as client:
        for method in ("POST", "GET", "PUT", "DELETE", "OPTIONS"):
            found, unknown = [client.request(method, path, json=wanted()) for path in (PATH, "/api/v2/signin")]
            assert (found.status_code, found.json()["code"]) == (404, "request.route_not_found")
            assert found.status_code == unknown.status_code
            assert {**found.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
            assert found.headers.keys() == unknown.headers.keys()
        assert PATH not in client.get("/openapi.json").json()["paths"]


def test_a_visitor_gets_an_organisation_and_a_key_that_works(opened: RunningServer) -> None:
    body = wanted(organization="  North Pumps ")
    with visitor(opened, "198.51.100.7") as client:
        answer = client.post(PATH, json=body)
        made = answer.json()
        assert (answer.status_code, made["organization_name"], made["plan"]) == (201, "North Pumps", "starter")
        headers = {"X-API-Key": made["api_key"], "X-Organization-Id": made["organization_id"]}
        me = client.get("/api/v2/me", headers=headers).json()
        assert (me["organization_id"], me["plan"], me["key_id"]) == (made["organization_id"], "starter", made["key_id"])
        limits = client.get("/api/v2/limits", headers=headers).json()
        assert limits["trial"] is True
        assert abs(parse_time(limits["plan_until"]) - SystemClock().now_us() - 14 * DAY_US) < 60 * SECOND_US
        created = client.post("/api/v2/devices", json={"name": "d"}, headers=headers).json()["device"]
        assert created["project_id"] == made["project_id"]
        (entry,) = client.get("/api/v2/logs", params={"action": "org.signup"}, headers=headers).json()["data"]
        assert (entry["user"], entry["ip"]) == ("visitor", "198.51.100.7")
        assert made["api_key"] not in str(entry)
        assert client.get("/api/v2/members", headers=headers).json()["data"] == []
        (invited,) = client.get("/api/v2/invitations", headers=headers).json()["data"]
        assert (invited["email"], invited["role"], invited["status"]) == (body["email"], "owner", "pending")
    with closing(sqlite3.connect(opened.data_dir / CONTROL_FILE)) as connection:
        assert connection.execute("SELECT count(*) FROM users WHERE email = ?", [body["email"]]).fetchone() == (0,)


def test_a_known_e_mail_is_answered_like_an_unknown_one(opened: RunningServer) -> None:
    known = opened.orgs["Other"].user_email
    answers = []
    for email in (known, known.upper(), f"{secrets.token_hex(6)}@example.org"):
        with visitor(opened) as client:
            answers.append(client.post(PATH, json=wanted(email=email)))
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({tuple(sorted(answer.json())) for answer in answers}) == 1
    assert len({tuple(answer.headers.keys()) for answer in answers}) == 1


def test_an_organisation_is_there_once_and_a_refusal_leaves_nothing(opened: RunningServer) -> None:
    body = wanted()
    with visitor(opened) as client:
        assert client.post(PATH, json=body).status_code == 201
        other = wanted(organization=body["organization"])
        again = client.post(PATH, json=other)
        assert (again.status_code, again.json()["code"]) == (409, "organizations.exists")
    with closing(sqlite3.connect(opened.data_dir / CONTROL_FILE)) as connection:
        assert connection.execute("SELECT count(*) FROM users WHERE email = ?", [other["email"]]).fetchone() == (0,)


def test_an_address_may_do_it_so_often_a_day(opened: RunningServer) -> None:
    with visitor(opened, "192.0.2.44") as client, visitor(opened, "192.0.2.45") as neighbour:
        assert [client.post(PATH, json=wanted()).status_code for _ in range(3)] == [201] * 3
        refused = client.post(PATH, json=wanted())
        told = refused.json()
        assert (refused.status_code, told["code"]) == (429, "limits.exceeded")
        assert [told[name] for name in ("limit", "scope", "count", "window", "remaining")] == ["signup", "address", 3, "day", 0]
        assert 0 < int(refused.headers["retry-after"]) <= 86_400
        assert neighbour.post(PATH, json=wanted()).status_code == 201
    for number in range(4):
        with visitor(opened, f"2001:db8:77:1::{number + 1:x}") as client:
            assert client.post(PATH, json=wanted()).status_code == (201 if number < 3 else 429), "a site has many addresses"


@pytest.mark.parametrize(
    "body",
    [
        wanted(organization=""),
        wanted(organization="   "),
        wanted(organization="a\u202eb"),
        wanted(organization="x" * 201),
        wanted(email="nobody"),
        wanted(email="a b@example.org"),
        wanted(email="a@b@example.org"),
        wanted(email="a\u200b@example.org"),
        wanted(email=f"{'x' * 250}@example.org"),
        wanted(plan="enterprise"),
        wanted(scopes=["org:admin"]),
        {"organization": "x"},
        {},
    ],
)
def test_what_is_no_sign_up_is_refused_and_not_counted(opened: RunningServer, body: dict[str, object]) -> None:
    with visitor(opened, "192.0.2.99") as client:
        answer = client.post(PATH, json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "request.invalid")


def test_whoever_signed_up_signs_in_once_the_mail_is_theirs(opened: RunningServer) -> None:
    with visitor(opened, "192.0.2.46") as client:
        made = client.post(PATH, json={"organization": "Mill", "email": "mill@example.org"})
        assert made.status_code == 201, made.text
        accepted = accept(client, _mailed_token(opened, "mill@example.org"), PASSWORD)
        assert accepted.json()["organization_id"] == made.json()["organization_id"]
        signed_in = client.post("/api/v2/auth/sign-in", json={"email": "mill@example.org", "password": PASSWORD}).json()
    assert (signed_in["organization_id"], signed_in["role"]) == (made.json()["organization_id"], "owner")


@pytest.mark.parametrize("spelled", [str, str.upper, str.title])
def test_nobody_becomes_a_member_because_a_stranger_knows_their_address(
    opened: RunningServer, spelled: Callable[[str], str]
) -> None:
    ada = opened.orgs["Acme"]
    with visitor(opened) as stranger, visitor(opened) as own:
        made = stranger.post(PATH, json=wanted(email=spelled(ada.user_email))).json()
        headers = {"X-API-Key": made["api_key"], "X-Organization-Id": made["organization_id"]}
        assert stranger.get("/api/v2/members", headers=headers).json()["data"] == []
        given = {"email": ada.user_email, "password": ada.user_password}
        there = own.post("/api/v2/auth/sign-in", json=given | {"organization_id": made["organization_id"]})
        assert (there.status_code, there.json()["code"]) == (401, "auth.sign_in_failed")
        signed_in = own.post("/api/v2/auth/sign-in", json=given).json()
        bearer = {"Authorization": f"Bearer {signed_in['access_token']}", "X-Organization-Id": ada.organization_id}
        memberships = own.get("/api/v2/profile", headers=bearer).json()["memberships"]
        assert made["organization_id"] not in str(memberships)
        # The mailbox and the password are both theirs: now it is their wish.
        token = _mailed_token(opened, made["email"])
        assert accept(stranger, token, "not the password of Ada").status_code == 401
        assert accept(own, token, ada.user_password).status_code == 201
        assert own.post("/api/v2/auth/sign-in", json=given | {"organization_id": made["organization_id"]}).status_code == 200


def test_a_mailbox_is_named_so_often_a_day(opened: RunningServer) -> None:
    email = f"{secrets.token_hex(6)}@example.org"
    answers = []
    for spelled in (email, email.upper(), email, email):
        with visitor(opened) as client:
            answers.append(client.post(PATH, json=wanted(email=spelled)))
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert answers[-1].json()["limit"] == "signup_mail"


def accept(client: httpx.Client, token: str, password: str) -> httpx.Response:
    return client.post("/api/v2/auth/invitations/accept", json={"token": token, "password": password, "name": "Ada"})


def _mailed_token(server: RunningServer, to: str) -> str:
    """The token of the newest mail to somebody, from the folder that takes the place of a mail server."""

    def found() -> list[str]:
        mails = [path.read_text() for path in sorted((server.data_dir / "mail").glob("*.eml"))]
        return [token for mail in mails if f"To: {to}\n" in mail for token in re.findall(r"pin_[0-9A-Za-z]{36}", mail)]

    return awaited(found)[-1]


def test_the_document_tells_of_it(opened: RunningServer) -> None:
    with opened.client() as client:
        found = client.get("/openapi.json").json()["paths"][PATH]["post"]
    assert {"201", "400", "409", "413", "429"} <= found["responses"].keys()
    assert found["security"] == []
