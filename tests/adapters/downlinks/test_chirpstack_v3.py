"""ChirpStack 3's REST API: what each answer leaves us knowing, and a counter that is a name."""

from __future__ import annotations

import pytest

from penstock.adapters.downlinks.chirpstack_v3 import ChirpStackRestSender
from penstock.core.connections.settings import ChirpStackApi, ChirpStackRest
from penstock.core.downlinks.ports import Accepted, NotAccepted, Outcome, Refused, Unconfirmed
from penstock.core.outbound.errors import CallFailed, NotReached, TargetRefused
from tests.adapters.downlinks.asked import EUI, Http, downlink
from tests.support.days import HeldClock

SETTINGS = ChirpStackRest(url="https://lora.example.org/", token="jwt")


async def outcome(http: Http, settings: ChirpStackRest = SETTINGS) -> Outcome:
    return await ChirpStackRestSender(http, HeldClock()).send(settings, downlink())


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"fCnt":0}', "f_cnt:0"),
        (b'{"fCnt":7}', "f_cnt:7"),
        (b'{"fCnt":true}', None),
        (b'{"fCnt":-1}', None),
        (b"not JSON", None),
    ],
)
async def test_an_accepted_item_is_named_by_its_counter(body: bytes, name: str | None) -> None:
    assert await outcome(Http(200, body)) == Accepted(name)


@pytest.mark.parametrize(
    ("statuses", "kind"),
    [((302, 400, 401, 404), Refused), ((408, 425, 429, 500, 503), NotAccepted), ((502, 504), Unconfirmed)],
)
async def test_what_each_status_means(statuses: tuple[int, ...], kind: type[Outcome]) -> None:
    for status in statuses:
        found = await outcome(Http(status, b'{"error":"%s"}' % (b"x" * 500)))
        assert isinstance(found, kind), status
        assert not isinstance(found, Accepted)
        assert found.reason.startswith(f"ChirpStack answers {status}: xxx")
        assert len(found.reason) < 250


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (TargetRefused(reason="private"), Refused),
        (NotReached(reason="no route"), NotAccepted),
        (CallFailed(reason="broken off"), Unconfirmed),
    ],
)
async def test_what_each_failure_means(failure: Exception, kind: type[Outcome]) -> None:
    assert isinstance(await outcome(Http(failure=failure)), kind)


async def test_what_is_sent_is_one_item_for_the_device() -> None:
    http = Http()
    await outcome(http)
    assert http.calls[0].url == f"https://lora.example.org/api/devices/{EUI}/queue"
    assert http.sent == {"deviceQueueItem": {"confirmed": True, "data": "Bw==", "devEUI": EUI, "fPort": 3}}


@pytest.mark.parametrize("token", [None, "", "line\nbreak", "Ümlaut"])
async def test_without_a_good_token_nothing_is_called(token: str | None) -> None:
    http = Http()
    assert isinstance(await outcome(http, ChirpStackRest(url="https://x", token=token)), Refused)
    other = await ChirpStackRestSender(http, HeldClock()).send(ChirpStackApi(url="https://x", token="t"), downlink())
    assert isinstance(other, Refused)
    assert http.calls == []


@pytest.mark.parametrize(("status", "wait_us"), [(429, 120_000_000), (503, 120_000_000)])
async def test_a_busy_server_says_how_long_to_wait(status: int, wait_us: int) -> None:
    found = await outcome(Http(status, headers={"retry-after": "120"}))
    assert isinstance(found, NotAccepted)
    assert found.wait_us == wait_us
