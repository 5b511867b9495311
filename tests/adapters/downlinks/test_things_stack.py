"""The Things Stack's webhook: one attempt of a confirmed downlink, an address that nobody else writes, and each answer."""

from __future__ import annotations

import pytest

from penstock.adapters.downlinks.things_stack import ThingsStackSender
from penstock.core.connections.settings import ThingsStackDownlink
from penstock.core.downlinks.ports import Accepted, NotAccepted, Outcome, Refused, Unconfirmed
from penstock.core.outbound.errors import CallFailed, NotReached, TargetRefused
from tests.adapters.downlinks.asked import Http, downlink
from tests.support.days import HeldClock

SETTINGS = ThingsStackDownlink(url="https://eu1.example.org/", application_id="app/1", webhook_id="hook", api_key="NNSXS.1")


async def outcome(http: Http, device_name: str | None = "meter-1", *, confirmed: bool = True) -> Outcome:
    return await ThingsStackSender(http, HeldClock()).send(SETTINGS, downlink(device_name=device_name, confirmed=confirmed))


@pytest.mark.parametrize(("confirmed", "more"), [(True, {"confirmed_retry": {"max_attempts": 1}}), (False, {})])
async def test_a_confirmed_downlink_is_tried_once(confirmed: bool, more: dict[str, object]) -> None:
    http = Http()
    assert await outcome(http, confirmed=confirmed) == Accepted()
    (item,) = http.sent["downlinks"]
    expected = {"f_port": 3, "frm_payload": "Bw==", "priority": "NORMAL", "correlation_ids": ["penstock:cmd_1"]}
    assert item == expected | {"confirmed": confirmed} | more


async def test_a_name_in_the_address_stays_one_part_of_it() -> None:
    http = Http()
    await outcome(http)
    path = "/api/v3/as/applications/app%2F1/webhooks/hook/devices/meter-1/down/push"
    assert http.calls[0].url == "https://eu1.example.org" + path


@pytest.mark.parametrize("name", [None, "", "Meter", "a/../b", "meter-", "x" * 40])
async def test_a_device_that_the_server_cannot_have_is_not_asked_for(name: str | None) -> None:
    http = Http()
    assert isinstance(await outcome(http, name), Refused)
    assert http.calls == []


@pytest.mark.parametrize(
    ("http", "kind"),
    [
        (Http(403, b'{"message":"no rights"}'), Refused),
        (Http(429, b""), NotAccepted),
        (Http(500, b"[]"), NotAccepted),
        (Http(504, b""), Unconfirmed),
        (Http(failure=TargetRefused(reason="private")), Refused),
        (Http(failure=NotReached(reason="no route")), NotAccepted),
        (Http(failure=CallFailed(reason="broken off")), Unconfirmed),
    ],
)
async def test_what_each_answer_means(http: Http, kind: type[Outcome]) -> None:
    assert isinstance(await outcome(http), kind)


@pytest.mark.parametrize(("retry_after", "wait_us"), [("120", 120_000_000), ("soon", 0)])
async def test_a_busy_server_says_how_long_to_wait(retry_after: str, wait_us: int) -> None:
    found = await outcome(Http(429, headers={"retry-after": retry_after}))
    assert isinstance(found, NotAccepted)
    assert found.wait_us == wait_us
