"""People over HTTP: in and out, second factor, invitations by real mail, roles, off-boarding, guessing."""

from __future__ import annotations

import json
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pyotp
import pytest

from tests.support.mailbox import Mailbox, smtp_server
from tests.support.server import Org, RunningServer, run_cli, running_server

PASSWORD = "a long enough passphrase 7"
AUTH = "/api/v2/auth"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[RunningServer]:
    """A server that mails for real, and believes what X-Forwarded-For says so that tests can come from anywhere."""
    environment = {
        "PENSTOCK_MAIL_HOST": "127.0.0.1",
        "PENSTOCK_MAIL_PORT": str(mailbox.port),
        "PENSTOCK_MAIL_TLS": "none",
        "PENSTOCK_MAIL_SENDER": "Penstock <iot@example.org>",
        "PENSTOCK_HTTP_TRUSTED_PROXIES": "127.0.0.1",
        "PENSTOCK_PEOPLE_ATTEMPTS_PER_ACCOUNT": "5",
        "PENSTOCK_PEOPLE_ATTEMPTS_PER_ADDRESS": "30",
        "PENSTOCK_PEOPLE_MAX_WAIT_S": "2",
    }
    data = tmp_path_factory.mktemp("people") / "data"
    with running_server(data, orgs=("North", "South"), environment=environment) as running:
        yield running


@pytest.fixture
def north(house: RunningServer) -> Org:
    return house.orgs["North"]


@pytest.fixture
def south(house: RunningServer) -> Org:
    return house.orgs["South"]


_places = iter(range(1, 60_000))
_clients: list[httpx.Client] = []


@pytest.fixture(autouse=True)
def nobody_stays_connected() -> Iterator[None]:
    yield
    while _clients:
        _clients.pop().close()


class Somebody:
    """A person at a keyboard, by default at an address of their own."""

    def __init__(self, house: RunningServer, email: str, password: str = PASSWORD, place: str = "") -> None:
        number = next(_places)
        self.email, self.password = email, password
        address = place or f"10.0.{number // 250}.{number % 250 + 1}"
        self.http = httpx.Client(base_url=house.base_url, headers={"X-Forwarded-For": address}, timeout=30)
        self.tokens: dict[str, Any] = {}
        _clients.append(self.http)

    def try_sign_in(self, **fields: Any) -> httpx.Response:
        wanted = {"email": self.email, "password": self.password} | fields
        return self.http.post(f"{AUTH}/sign-in", json=wanted)

    def sign_in(self, **fields: Any) -> Somebody:
        answer = self.try_sign_in(**fields)
        assert answer.status_code == 200, answer.text
        self.take(answer.json())
        return self

    def take(self, tokens: dict[str, Any]) -> None:
        assert tokens["access_token"], tokens
        self.tokens = tokens

    def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        headers["X-Organization-Id"] = self.tokens["organization_id"]
        return self.http.request(method, path, json=body, headers=headers)

    def refresh(self, token: str | None = None) -> httpx.Response:
        return self.http.post(f"{AUTH}/refresh", json={"refresh_token": token or self.tokens["refresh_token"]})

    @property
    def works(self) -> bool:
        status = self.call("GET", "/api/v2/me").status_code
        assert status in (200, 401)
        return status == 200


def owner_of(house: RunningServer, org: Org) -> Somebody:
    return Somebody(house, org.user_email, org.user_password).sign_in()


_names = iter(range(100_000))


def new_member(house: RunningServer, mailbox: Mailbox, org: Org, role: str = "member") -> Somebody:
    """Somebody who was invited by mail, accepted and signed in."""
    email = f"person{next(_names)}@example.org"
    with house.client(org) as api:
        answer = api.post("/api/v2/invitations", json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    somebody = Somebody(house, email)
    joined = accept(somebody, mailbox.token_for(email))
    assert joined.status_code == 201, joined.text
    return somebody.sign_in()


def accept(somebody: Somebody, token: str, **fields: Any) -> httpx.Response:
    wanted = {"token": token, "password": somebody.password, "name": "Ada"} | fields
    return somebody.http.post(f"{AUTH}/invitations/accept", json=wanted)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def audit(house: RunningServer, org: Org, action: str) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 5
    while True:
        with house.client(org) as api:
            rows = api.get("/api/v2/logs", params={"action": action}).json()["data"]
        if rows or time.monotonic() > deadline:
            return list(rows)
        time.sleep(0.05)


def test_an_owner_signs_in_and_is_known_on_every_surface(house: RunningServer, north: Org) -> None:
    owner = owner_of(house, north)
    assert owner.tokens["role"] == "owner"
    me = owner.call("GET", "/api/v2/me").json()
    assert (me["organization_id"], me["key_id"], me["user_id"]) == (north.organization_id, None, owner.tokens["user_id"])
    bearer = {"Authorization": f"Bearer {owner.tokens['access_token']}"}
    assert owner.http.get("/v1/devices", headers=bearer).status_code == 200
    assert owner.http.get("/v1/audit", headers=bearer).status_code == 200
    device = owner.call("POST", "/api/v2/devices", {"name": "pump"}).json()["device"]["id"]
    assert owner.call("POST", f"/api/v2/devices/{device}/telemetry", {"data": {"x": 1}}).status_code == 201
    answer = owner.try_sign_in()
    assert answer.headers["cache-control"] == "no-store"
    assert audit(house, north, "auth.signin.success")[0]["user"] == north.user_email


def test_an_api_key_is_still_a_key(house: RunningServer, north: Org) -> None:
    with house.client(north) as api:
        assert api.get("/api/v2/me").json()["key_id"].startswith("key_")


def test_wrong_e_mail_and_wrong_password_look_alike(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    known_email = new_member(house, mailbox, north).email

    def refused(email: str) -> tuple[int, dict[str, Any], float]:
        somebody = Somebody(house, email, "not the password")
        begin = time.perf_counter()
        answer = somebody.try_sign_in()
        took = time.perf_counter() - begin
        return answer.status_code, {**answer.json(), "request_id": ""}, took

    refused(known_email), refused("nobody@example.org")
    known, unknown = [refused(known_email) for _ in range(4)], [refused(f"nobody{n}@example.org") for n in range(4)]
    assert [row[:2] for row in known] == [row[:2] for row in unknown]
    ratio = statistics.median(row[2] for row in known) / statistics.median(row[2] for row in unknown)
    assert 0.5 < ratio < 2, "one of them takes longer"
    foreign = Somebody(house, north.user_email, north.user_password)
    assert code(foreign.try_sign_in(organization_id="org_0000000000001")) == (401, "auth.sign_in_failed")
    failures = audit(house, north, "auth.signin.failure")
    assert failures[0]["outcome"] == "failure"
    assert "not the password" not in str(failures)


def test_somebody_joins_by_mail(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, email = owner_of(house, north), "grace@example.org"
    invited = owner.call("POST", "/api/v2/invitations", {"email": email, "role": "viewer"})
    assert invited.status_code == 201
    invitation = invited.json()
    mail = mailbox.wait_for(email)
    assert mail["From"] == "Penstock <iot@example.org>"
    assert mail["Subject"] == "Invitation to North"
    token = mailbox.token_for(email)
    assert token not in owner.call("GET", f"/api/v2/invitations/{invitation['id']}").text
    assert code(owner.call("POST", "/api/v2/invitations", {"email": "GRACE@example.org"})) == (409, "invitations.exists")
    grace = Somebody(house, email)
    weak = accept(grace, token, password="short")
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (400, "password")
    assert accept(grace, token).json()["role"] == "viewer"
    assert code(accept(grace, token)) == (400, "auth.mail_token_invalid")
    grace.sign_in()
    assert owner.call("GET", f"/api/v2/invitations/{invitation['id']}").json()["status"] == "accepted"
    assert grace.call("GET", "/api/v2/devices").status_code == 200
    assert code(grace.call("POST", "/api/v2/devices", {"name": "no"})) == (403, "auth.scope_missing")
    assert code(grace.call("GET", "/api/v2/keys")) == (403, "auth.scope_missing")
    assert code(owner.call("POST", "/api/v2/invitations", {"email": email})) == (409, "members.exists")
    assert audit(house, north, "org.user.join")[0]["details"]["after"]["invited_by"] == north.user_email


def test_an_invitation_sent_again_has_another_token(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, email = owner_of(house, north), "again@example.org"
    path = f"/api/v2/invitations/{owner.call('POST', '/api/v2/invitations', {'email': email}).json()['id']}"
    first = mailbox.token_for(email)
    assert owner.call("POST", f"{path}/resend").status_code == 200
    second, somebody = mailbox.token_for(email, 2), Somebody(house, email)
    assert code(accept(somebody, first)) == (400, "auth.mail_token_invalid")
    assert owner.call("DELETE", path).status_code == 204
    assert owner.call("DELETE", path).status_code == 204
    assert code(accept(somebody, second)) == (400, "auth.mail_token_invalid")
    assert code(owner.call("POST", f"{path}/resend")) == (409, "invitations.ended")
    assert owner.call("GET", path).json()["status"] == "withdrawn"


def test_an_invitation_runs_out(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, email = owner_of(house, north), "late@example.org"
    owner.call("POST", "/api/v2/invitations", {"email": email})
    token = mailbox.token_for(email)
    with sqlite3.connect(house.data_dir / "penstock.db", timeout=10) as database:
        database.execute("UPDATE invitations SET expires_us = 1 WHERE email = ?", (email,))
    database.close()
    assert code(accept(Somebody(house, email), token)) == (400, "auth.mail_token_invalid")
    assert owner.call("POST", "/api/v2/invitations", {"email": email}).status_code == 201


def test_one_person_in_two_organisations(house: RunningServer, mailbox: Mailbox, north: Org, south: Org) -> None:
    somebody = new_member(house, mailbox, north)
    with house.client(south) as api:
        api.post("/api/v2/invitations", json={"email": somebody.email, "role": "admin"})
    token = mailbox.token_for(somebody.email, 2)
    assert code(accept(somebody, token, password="another passphrase 99")) == (401, "auth.sign_in_failed")
    assert accept(somebody, token).status_code == 201
    assert somebody.sign_in().tokens["organization_id"] == north.organization_id
    assert somebody.sign_in(organization_id=south.organization_id).tokens["role"] == "admin"
    switched = somebody.call("POST", f"{AUTH}/switch", {"organization_id": north.organization_id})
    assert switched.json()["role"] == "member"
    somebody.take(switched.json())
    names = [row["organization_name"] for row in somebody.call("GET", "/api/v2/profile").json()["memberships"]]
    assert names == ["North", "South"]
    unknown = somebody.call("POST", f"{AUTH}/switch", {"organization_id": "org_0000000000001"})
    assert code(unknown) == (404, "organizations.not_found")


def test_a_suspended_organisation_lets_nobody_in(house: RunningServer, mailbox: Mailbox, south: Org) -> None:
    somebody = new_member(house, mailbox, south)
    assert run_cli("org", "suspend", "--org", "South", "--data-dir", str(house.data_dir)).returncode == 0
    try:
        assert code(somebody.try_sign_in()) == (403, "organizations.suspended")
        assert code(somebody.try_sign_in(password="wrong")) == (401, "auth.sign_in_failed")
        wait_until(lambda: somebody.call("GET", "/api/v2/me").status_code == 403)
    finally:
        run_cli("org", "resume", "--org", "South", "--data-dir", str(house.data_dir))
    wait_until(lambda: somebody.call("GET", "/api/v2/me").status_code == 200)


def wait_until(true: Any, timeout_s: float = 5) -> None:
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_forgotten_password_is_set_again_by_mail(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    old, elsewhere = somebody.password, Somebody(house, somebody.email).sign_in()
    for email in (somebody.email, "nobody-at-all@example.org"):
        answer = somebody.http.post(f"{AUTH}/password/forgot", json={"email": email})
        assert (answer.status_code, answer.content) == (202, b"")
    token = mailbox.token_for(somebody.email, 2)
    reset = {"token": token, "new_password": "another passphrase 99"}
    assert somebody.http.post(f"{AUTH}/password/reset", json=reset | {"new_password": "short"}).status_code == 400
    assert somebody.http.post(f"{AUTH}/password/reset", json=reset).status_code == 204
    assert code(somebody.http.post(f"{AUTH}/password/reset", json=reset)) == (400, "auth.mail_token_invalid")
    assert not somebody.works
    assert not elsewhere.works
    assert code(somebody.refresh()) == (401, "auth.refresh_invalid")
    assert code(somebody.try_sign_in(password=old)) == (401, "auth.sign_in_failed")
    somebody.sign_in(password="another passphrase 99")
    assert "reset" in mailbox.wait_for(somebody.email, 3).get_content()
    assert not [mail for mail in mailbox.mails if mail["To"] == "nobody-at-all@example.org"]


def test_a_changed_password_ends_the_other_sessions(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    elsewhere = Somebody(house, somebody.email).sign_in()
    change = {"current_password": "wrong", "new_password": "another passphrase 99"}
    assert code(somebody.call("POST", "/api/v2/profile/password", change)) == (403, "auth.password_wrong")
    for weak in ("short", "password1234", "aaaaaaaaaaaaaa", somebody.email):
        answer = somebody.call("POST", "/api/v2/profile/password", {"current_password": PASSWORD, "new_password": weak})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "new_password")
    change["current_password"] = PASSWORD
    assert somebody.call("POST", "/api/v2/profile/password", change).status_code == 204
    assert somebody.works
    assert not elsewhere.works
    somebody.sign_in(password="another passphrase 99")


def enrol(somebody: Somebody, **options: Any) -> tuple[pyotp.TOTP, list[str]]:
    """Enrol a second factor as an authenticator app would, from the URI."""
    enrolment = somebody.call("POST", "/api/v2/profile/mfa", options).json()
    totp = pyotp.parse_uri(enrolment["uri"])
    assert isinstance(totp, pyotp.TOTP)
    assert totp.secret == enrolment["secret"]
    confirmed = somebody.call("POST", "/api/v2/profile/mfa/confirm", {"code": totp.at(int(time.time()) - 30)})
    assert confirmed.status_code == 200, confirmed.text
    return totp, confirmed.json()["recovery_codes"]


def second_step(somebody: Somebody, mfa_token: str, given: str) -> httpx.Response:
    return somebody.http.post(f"{AUTH}/sign-in/code", json={"mfa_token": mfa_token, "code": given})


def test_a_second_factor_is_asked_for(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    begun = somebody.call("POST", "/api/v2/profile/mfa", {}).json()
    assert code(somebody.call("POST", "/api/v2/profile/mfa/confirm", {"code": "000000"})) == (403, "auth.code_wrong")
    assert somebody.try_sign_in().json()["mfa_required"] is False, "what was not confirmed counts for nothing"
    totp, recovery = enrol(somebody)
    assert totp.secret != begun["secret"]
    assert len(set(recovery)) == 10
    challenge = somebody.try_sign_in().json()
    assert (challenge["mfa_required"], challenge["access_token"]) == (True, None)
    token = challenge["mfa_token"]
    assert code(second_step(somebody, token, "000000")) == (401, "auth.code_invalid")
    assert code(second_step(somebody, token, totp.at(int(time.time()) - 300))) == (401, "auth.code_invalid")
    assert code(second_step(somebody, token[:-3] + "AAA", totp.now())) == (401, "auth.challenge_invalid")
    now = totp.now()
    done = second_step(somebody, token, now)
    assert done.status_code == 200
    somebody.take(done.json())
    assert code(second_step(somebody, token, now)) == (401, "auth.code_invalid"), "a code works once"
    assert somebody.call("GET", "/api/v2/profile/sessions").json()["data"][0]["methods"] == ["pwd", "otp"]
    by_recovery = second_step(somebody, somebody.try_sign_in().json()["mfa_token"], recovery[0].upper().replace("-", " "))
    assert by_recovery.status_code == 200
    again = second_step(somebody, somebody.try_sign_in().json()["mfa_token"], recovery[0])
    assert code(again) == (401, "auth.code_invalid")
    assert somebody.call("GET", "/api/v2/profile").json()["recovery_codes_left"] == 9
    remove = {"password": PASSWORD, "code": recovery[1]}
    assert code(somebody.call("POST", "/api/v2/profile/mfa/remove", remove | {"password": "wrong"})) == (
        403,
        "auth.password_wrong",
    )
    assert somebody.call("POST", "/api/v2/profile/mfa/remove", remove).status_code == 204
    assert somebody.try_sign_in().json()["mfa_required"] is False
    assert audit(house, north, "auth.mfa.issued")[0]["outcome"] == "success"
    passed = audit(house, north, "auth.mfa.passed")
    assert {row["details"]["by"] for row in passed} == {"totp", "recovery"}
    assert totp.secret not in str(audit(house, north, "auth.*"))


@pytest.mark.parametrize(("algorithm", "digits"), [("SHA256", 8), ("SHA512", 6)])
def test_other_sorts_of_codes(house: RunningServer, mailbox: Mailbox, north: Org, algorithm: str, digits: int) -> None:
    somebody = new_member(house, mailbox, north)
    totp, _ = enrol(somebody, algorithm=algorithm, digits=digits)
    assert len(totp.now()) == digits
    assert second_step(somebody, somebody.try_sign_in().json()["mfa_token"], totp.now()).status_code == 200


def test_an_organisation_can_demand_a_second_factor(house: RunningServer, mailbox: Mailbox) -> None:
    made = run_cli("bootstrap", "--data-dir", str(house.data_dir), "--org", "Strict", "--email", "s@example.org", "--json")
    strict = Org(**json.loads(made.stdout), data_dir=house.data_dir)
    owner, member = owner_of(house, strict), new_member(house, mailbox, strict)
    answer = owner.call("PATCH", "/api/v2/organization", {"require_mfa": True})
    assert answer.json()["require_mfa"] is True
    for somebody in (owner, member):
        assert code(somebody.call("GET", "/api/v2/devices")) == (403, "auth.scope_missing")
    assert member.sign_in().tokens["enrolment_required"] is True
    _, recovery = enrol(member)
    assert member.call("GET", "/api/v2/devices").status_code == 200, "the session counts as proved"
    remove = {"password": PASSWORD, "code": recovery[0]}
    assert code(member.call("POST", "/api/v2/profile/mfa/remove", remove)) == (409, "auth.second_factor_forced")
    settings = audit(house, strict, "org.settings.update")[0]["details"]
    assert (settings["before"]["require_mfa"], settings["after"]["require_mfa"]) == (False, True)


def test_refresh_tokens_work_once(house: RunningServer, north: Org) -> None:
    owner = owner_of(house, north)
    first = owner.tokens["refresh_token"]
    renewed = owner.refresh().json()
    assert renewed["session_id"] == owner.tokens["session_id"]
    owner.take(renewed)
    assert owner.works
    assert code(owner.refresh(first)) == (401, "auth.refresh_invalid")
    assert not owner.works, "whoever shows a used one holds a copy, or somebody else does"
    assert code(owner.refresh()) == (401, "auth.refresh_invalid")
    assert audit(house, north, "auth.session.reuse")[0]["outcome"] == "failure"
    for text in ("prt_nonsense", "é", "x" * 1000):
        assert code(owner.refresh(text)) == (401, "auth.refresh_invalid")


def test_of_two_refreshes_at_once_at_most_one_wins(house: RunningServer, north: Org) -> None:
    for _ in range(5):
        owner = owner_of(house, north)
        answers: list[httpx.Response] = []
        barrier = threading.Barrier(4)

        def go(somebody: Somebody = owner, into: list[httpx.Response] = answers, at: threading.Barrier = barrier) -> None:
            at.wait()
            into.append(somebody.refresh())

        threads = [threading.Thread(target=go) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answer.status_code for answer in answers)[1:] == [401] * 3
        assert not owner.works


def test_sessions_are_listed_and_ended(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    elsewhere = Somebody(house, somebody.email, place="203.0.113.9").sign_in()
    rows = somebody.call("GET", "/api/v2/profile/sessions").json()["data"]
    assert [row["current"] for row in rows] == [False, True]
    assert rows[0]["address"] == "203.0.113.9"
    assert rows[0]["user_agent"].startswith("python-httpx")
    assert somebody.call("DELETE", f"/api/v2/profile/sessions/{rows[0]['id']}").status_code == 204
    assert not elsewhere.works
    assert somebody.works
    gone = somebody.call("DELETE", f"/api/v2/profile/sessions/{rows[0]['id']}")
    assert code(gone) == (404, "sessions.not_found")
    answer = somebody.http.post(f"{AUTH}/sign-out", json={"refresh_token": somebody.tokens["refresh_token"]})
    assert answer.status_code == 204
    assert not somebody.works
    owner = owner_of(house, north)
    somebody.sign_in()
    path = f"/api/v2/members/{somebody.tokens['user_id']}/sessions"
    assert [row["id"] for row in owner.call("GET", path).json()["data"]] == [somebody.tokens["session_id"]]
    assert owner.call("DELETE", path).status_code == 204
    assert not somebody.works


def test_a_stream_ends_with_its_session(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    headers = {"Authorization": f"Bearer {somebody.tokens['access_token']}", "X-Organization-Id": north.organization_id}
    with somebody.http.stream("GET", "/api/v2/streams/sse", headers=headers) as response:
        assert response.status_code == 200
        owner_of(house, north).call("DELETE", f"/api/v2/members/{somebody.tokens['user_id']}/sessions")
        deadline = time.monotonic() + 20
        for _ in response.iter_raw():
            assert time.monotonic() < deadline, "it goes on"


def test_roles_count_from_the_next_call_on(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, somebody = owner_of(house, north), new_member(house, mailbox, north, "viewer")
    path = f"/api/v2/members/{somebody.tokens['user_id']}"
    assert somebody.call("POST", "/api/v2/devices", {"name": "x"}).status_code == 403
    assert owner.call("PATCH", path, {"role": "member"}).json()["role"] == "member"
    assert somebody.call("POST", "/api/v2/devices", {"name": "x"}).status_code == 201
    assert code(somebody.call("PATCH", path, {"role": "admin"})) == (403, "auth.scope_missing")
    owner.call("PATCH", path, {"role": "admin"})
    assert somebody.call("GET", "/api/v2/keys").status_code == 200
    assert code(somebody.call("PATCH", path, {"role": "owner"})) == (403, "members.beyond_you")
    the_owner = f"/api/v2/members/{owner.tokens['user_id']}"
    assert code(somebody.call("DELETE", the_owner)) == (403, "members.beyond_you")
    assert code(somebody.call("POST", "/api/v2/invitations", {"email": "o@example.org", "role": "owner"})) == (
        403,
        "members.beyond_you",
    )
    for method, body in (("DELETE", None), ("PATCH", {"role": "admin"})):
        assert code(owner.call(method, the_owner, body)) == (409, "members.last_owner")
    roles = audit(house, north, "org.user.role")[0]["details"]
    assert roles == {"before": {"role": "member"}, "after": {"role": "admin"}}


def test_groups_hold_members(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, somebody = owner_of(house, north), new_member(house, mailbox, north)
    group = owner.call("POST", "/api/v2/groups", {"name": "Night shift"}).json()
    path, user_id = f"/api/v2/groups/{group['id']}", somebody.tokens["user_id"]
    assert code(owner.call("POST", "/api/v2/groups", {"name": "Night shift"})) == (409, "groups.exists")
    for _ in range(2):
        assert owner.call("PUT", f"{path}/members/{user_id}").status_code == 204
    assert owner.call("GET", path).json()["members"] == 1
    assert [row["email"] for row in owner.call("GET", f"{path}/members").json()["data"]] == [somebody.email]
    assert owner.call("DELETE", f"{path}/members/{user_id}").status_code == 204
    assert code(owner.call("DELETE", f"{path}/members/{user_id}")) == (404, "members.not_found")
    owner.call("PUT", f"{path}/members/{user_id}")
    assert owner.call("PATCH", path, {"name": "Late shift"}).json() == group | {"name": "Late shift", "members": 1}
    assert owner.call("DELETE", path).status_code == 204
    assert code(owner.call("GET", path)) == (404, "groups.not_found")
    assert somebody.works


def test_off_boarding_cuts_everything_at_once(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, somebody = owner_of(house, north), new_member(house, mailbox, north, "admin")
    elsewhere = Somebody(house, somebody.email).sign_in()
    own_key = somebody.call("POST", "/api/v2/keys", {"name": "own", "scopes": ["profile:read"]}).json()
    group = owner.call("POST", "/api/v2/groups", {"name": "Leavers"}).json()["id"]
    user_id = somebody.tokens["user_id"]
    owner.call("PUT", f"/api/v2/groups/{group}/members/{user_id}")
    gone = owner.call("DELETE", f"/api/v2/members/{user_id}")
    assert gone.json() == {
        "user_id": user_id,
        "email": somebody.email,
        "sessions_ended": 2,
        "keys_revoked": [own_key["key"]["id"]],
        "groups_left": ["Leavers"],
    }
    assert not somebody.works
    assert not elsewhere.works
    sent = {"X-API-Key": own_key["value"], "X-Organization-Id": north.organization_id}
    assert code(somebody.http.get("/api/v2/me", headers=sent)) == (401, "auth.key_not_active")
    assert code(somebody.refresh()) == (401, "auth.refresh_invalid")
    assert code(somebody.try_sign_in()) == (401, "auth.sign_in_failed")
    assert owner.call("GET", f"/api/v2/groups/{group}").json()["members"] == 0
    entry = audit(house, north, "org.user.remove")[0]
    assert (entry["target_name"], entry["details"]["could_see"]) == (somebody.email, {"projects": ["Default"]})
    assert entry["details"]["keys_revoked"] == [own_key["key"]["id"]]


def test_guessing_gets_slower_and_locks_nobody_out(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    guesser = Somebody(house, somebody.email, "guess")
    answers = [guesser.try_sign_in() for _ in range(8)]
    assert [answer.status_code for answer in answers[:5]] == [401] * 5
    assert code(answers[-1]) == (429, "auth.too_many_attempts")
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
    stranger = Somebody(house, somebody.email)
    assert stranger.try_sign_in().status_code == 429, "the account waits, wherever the next guess comes from"
    somebody.sign_in()  # but not for whoever was here before
    time.sleep(2.1)
    stranger.sign_in()


def test_one_address_cannot_go_through_many_accounts(house: RunningServer) -> None:
    answers = [Somebody(house, f"a{n}@example.org", "guess", place="198.51.100.66").try_sign_in() for n in range(32)]
    assert [answer.status_code for answer in answers[:30]] == [401] * 30
    assert answers[-1].status_code == 429
    assert Somebody(house, "a1@example.org", "guess", place="198.51.100.67").try_sign_in().status_code == 401


def test_codes_cannot_be_guessed_with_the_password_in_hand(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    enrol(somebody)
    thief = Somebody(house, somebody.email)
    seen = set()
    for n in range(12):
        begun = thief.try_sign_in()
        seen.add(begun.status_code)
        if begun.status_code == 200:
            seen.add(second_step(thief, begun.json()["mfa_token"], f"{n:06}").status_code)
    assert 429 in seen


def test_mail_waits_for_the_server_to_take_it(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    mailbox.refuse = 1
    owner, email = owner_of(house, north), "patient@example.org"
    owner.call("POST", "/api/v2/invitations", {"email": email})
    wait_until(lambda: mailbox.refuse == 0)
    waiting = sqlite3.connect(house.data_dir / "penstock.db", timeout=10)
    wait_until(lambda: waiting.execute("SELECT attempts FROM mail_queue").fetchall() == [(1,)])
    sealed = waiting.execute("SELECT sealed FROM mail_queue").fetchone()[0]
    assert b"pin_" not in sealed
    assert email.encode() not in sealed
    waiting.execute("UPDATE mail_queue SET due_us = 0")
    waiting.commit()
    waiting.close()
    assert mailbox.token_for(email).startswith("pin_")


def test_the_command_line_helps_whoever_is_locked_out(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    somebody = new_member(house, mailbox, north)
    enrol(somebody)
    data = ("--data-dir", str(house.data_dir))
    assert somebody.email in run_cli("user", "list", *data).stdout
    assert run_cli("user", "remove-mfa", "--email", somebody.email, *data).returncode == 0
    made = run_cli("user", "set-password", "--email", somebody.email, *data)
    assert made.returncode == 0
    wait_until(lambda: not somebody.works)
    somebody.sign_in(password=made.stdout.split()[-1])
    assert run_cli("user", "suspend", "--email", somebody.email, *data).returncode == 0
    wait_until(lambda: not somebody.works)
    assert code(somebody.try_sign_in(password=made.stdout.split()[-1])) == (401, "auth.sign_in_failed")
    assert run_cli("user", "resume", "--email", somebody.email, *data).returncode == 0
    somebody.sign_in(password=made.stdout.split()[-1])
    missing = run_cli("user", "suspend", "--email", "nobody@example.org", *data)
    assert missing.returncode != 0
    assert "nobody@example.org" in missing.stderr
    assert audit(house, north, "user.suspend")[0]["target_name"] == somebody.email
