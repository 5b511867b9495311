"""The tokens of a session: how long each lives, and what is no refresh token."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.core.people.models import Role, Session
from penstock.core.people.tokens import Claims, TokenMaker
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import OrgId, SessionId, UserId
from penstock.kit.secret import Pepper
from penstock.settings import load_settings
from tests.support.days import HeldClock

CONFIG = load_settings(environment={}).people
CLOCK = HeldClock()


class Plain:
    """Signs nothing: what would be signed is the token."""

    async def sign(self, payload: bytes) -> str:
        return payload.decode()


def maker() -> TokenMaker:
    return TokenMaker(keys=Plain(), pepper=Pepper(b"p" * 32), clock=CLOCK, config=CONFIG)  # type: ignore[arg-type]


def session(**about: Any) -> Session:
    known: dict[str, Any] = {"id": SessionId(3), "org_id": OrgId(1), "user_id": UserId(2), "methods": ("pwd",), "address": ""}
    known |= {
        "agent": "",
        "created_us": CLOCK.us,
        "last_used_us": CLOCK.us,
        "expires_us": CLOCK.us + CONFIG.session_s * SECOND_US,
    }
    return Session(**known | about)


@pytest.mark.parametrize(
    ("about", "alive"),
    [
        ({}, True),
        ({"expires_us": CLOCK.us + 1}, True),
        ({"expires_us": CLOCK.us}, False),
        ({"revoked_us": 1}, False),
        ({"last_used_us": CLOCK.us - CONFIG.refresh_token_s * SECOND_US + 1}, True),
        ({"last_used_us": CLOCK.us - CONFIG.refresh_token_s * SECOND_US}, False),
    ],
)
def test_a_session_is_alive(about: dict[str, Any], alive: bool) -> None:
    assert maker().is_alive(session(**about)) is alive


@pytest.mark.parametrize("left_s", [CONFIG.access_token_s + 5, 5])
async def test_an_access_token_ends_with_its_session_at_the_latest(left_s: int) -> None:
    made = await maker().tokens(session(expires_us=CLOCK.us + left_s * SECOND_US), Role.VIEWER, "r", require_mfa=False)
    claims = msgspec.json.decode(made.access_token, type=Claims)
    assert claims.exp - claims.iat == made.expires_in_s == min(left_s, CONFIG.access_token_s)


@pytest.mark.parametrize(("methods", "forced"), [(("pwd",), True), (("pwd", "otp"), False)])
async def test_a_session_without_a_code_can_only_enrol_where_one_is_required(methods: tuple[str, ...], forced: bool) -> None:
    for require_mfa in (True, False):
        made = await maker().tokens(session(methods=methods), Role.VIEWER, "r", require_mfa=require_mfa)
        assert made.enrolment_required is (forced and require_mfa)


def test_a_refresh_token_is_known_by_its_form() -> None:
    value, digest = maker().new_refresh()
    assert maker().digest(value) == digest
    assert value.encode() not in digest
    for odd in ("", value[:-1], value + "x", "prw_" + value[4:], f"{value}é"):
        assert maker().digest(odd) is None, odd
