"""Quiet hours over HTTP: a person's own, put, shown and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.in_process import InProcessServer

QUIET = "/api/v2/profile/quiet-hours"
WANTED = {"time_zone": "Europe/Brussels", "from": "22:00", "to": "06:30", "days": [1, 5], "breaks_through": "critical"}


@pytest.fixture
def me(in_process: InProcessServer) -> Iterator[httpx.Client]:
    """The owner of an organisation, signed in."""
    org = in_process.new_org()
    with in_process.client() as client:
        body = {"email": org.user_email, "password": org.user_password}
        tokens = client.post("/api/v2/auth/sign-in", json=body).json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        client.headers["X-Organization-Id"] = tokens["organization_id"]
        yield client


def test_they_are_shown_until_they_are_taken_back(me: httpx.Client) -> None:
    assert me.get(QUIET).json()["enabled"] is False
    assert me.put(QUIET, json=WANTED).json() == {"enabled": True} | WANTED == me.get(QUIET).json()
    for _ in range(2):
        assert me.delete(QUIET).json()["enabled"] is False
    assert me.get(QUIET).json()["enabled"] is False


@pytest.mark.parametrize(
    ("about", "field"),
    [({"time_zone": "Mars/Base"}, "time_zone"), ({"from": "00:00", "to": "24:00", "days": [1, 2, 3, 4, 5, 6, 7]}, "to")],
)
def test_what_makes_no_sense_is_named(about: dict[str, object], field: str, me: httpx.Client) -> None:
    refused = me.put(QUIET, json=WANTED | about)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)


def test_a_key_has_none(in_process: InProcessServer) -> None:
    with in_process.client(in_process.orgs["Acme"]) as api:
        for answer in (api.get(QUIET), api.put(QUIET, json=WANTED), api.delete(QUIET)):
            assert (answer.status_code, answer.json()["code"]) == (403, "auth.session_required")
