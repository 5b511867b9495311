"""The person behind a session: read once for some seconds, and never more than the API tells."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.viewers import KEPT_US, Viewers, visitor
from penstock.api.shared.in_process import ApiAnswer
from tests.support.days import HeldClock

PROFILE = {
    "name": "",
    "email": "ada@example.org",
    "role": "resident",
    "mfa": False,
    "memberships": [{"organization_id": "org_1", "organization_name": "North", "role": "resident", "require_mfa": True}],
    "operator": True,
}


class Api:
    """Answers as the API does to somebody who may read only the own profile."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.calls = 0

    async def call(self, outer: Any, method: str, path: str, **options: Any) -> ApiAnswer:
        self.calls += 1
        status = self.status if path == "/api/v2/profile" else 403
        return ApiAnswer(status=status, headers=[], body=msgspec.json.encode(PROFILE if status == 200 else {"code": "x"}))


async def test_whoever_may_not_read_more_is_still_known() -> None:
    viewer = await Viewers(Api(), HeldClock()).of({}, "token", {"penstock_zone": "Europe/Brussels", "penstock_theme": "dark"})  # type: ignore[arg-type]
    assert (viewer.name, viewer.organization, viewer.limited) == ("ada@example.org", {"id": "org_1", "name": "North"}, True)
    assert (str(viewer.zone), viewer.theme, viewer.scopes) == ("Europe/Brussels", "dark", frozenset())


async def test_it_is_read_again_after_some_seconds_or_a_form() -> None:
    api, clock = Api(), HeldClock()
    viewers = Viewers(api, clock)  # type: ignore[arg-type]
    for _ in range(2):
        await viewers.of({}, "token", {})
    assert api.calls == 3
    viewers.forget("token")
    await viewers.of({}, "token", {})
    clock.us += KEPT_US
    await viewers.of({}, "token", {})
    assert api.calls == 9


async def test_an_ended_session_is_an_error() -> None:
    with pytest.raises(ApiFailed):
        await Viewers(Api(401), HeldClock()).of({}, "token", {})  # type: ignore[arg-type]


def test_visitors() -> None:
    assert not visitor({"penstock_theme": "no theme"}).signed_in
    assert visitor({"penstock_theme": "no theme"}).theme == "system"
