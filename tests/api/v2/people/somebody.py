"""People at keyboards: how they come in, and what is written down about them."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pyotp

from tests.support.mailbox import Mailbox
from tests.support.server import Org, RunningServer
from tests.support.waiting import awaited

PASSWORD = "a long enough passphrase 7"
AUTH = "/api/v2/auth"

_places = iter(range(1, 60_000))
_names = iter(range(100_000))
_clients: list[httpx.Client] = []


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


def hang_up() -> None:
    """Close the connections of everybody."""
    while _clients:
        _clients.pop().close()


def owner_of(house: RunningServer, org: Org) -> Somebody:
    return Somebody(house, org.user_email, org.user_password).sign_in()


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


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def audit(house: RunningServer, org: Org, action: str) -> list[dict[str, Any]]:
    """What the audit log has of an action, newest first, when there is something."""

    def look() -> list[dict[str, Any]]:
        with house.client(org) as api:
            return list(api.get("/api/v2/logs", params={"action": action}).json()["data"])

    return awaited(look)
