"""Streams of batches, and of a history."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Iterable, Iterator
from typing import Any

import grpc
import pytest

from penstock.api.grpc.readings import IN_MESSAGE, PAGE
from penstock.kit.clock import SystemClock
from tests.support.grpc_server import Caller, Failure, failure_of, made, metadata_of, shown
from tests.support.in_process import InProcessServer
from tests.support.server import Org
from tests.support.waiting import CEILING_S, eventually

STREAM = "TelemetryService/StreamReadings"
UPLOAD = "TelemetryService/UploadReadings"
HISTORY = "TelemetryService/ReadHistory"


@pytest.fixture
def device(caller: Caller) -> str:
    found: str = caller.call("DevicesService/CreateDevice", name="Pump").created_device.device.id
    return found


def batch(device: str, *values: float, batch_id: str = "", name: str = "StreamReadingsRequest") -> Any:
    return made(name, batch_id=batch_id, readings=[{"device_id": device, "numbers": {"t": value}} for value in values])


def values_of(caller: Caller, device: str, **query: Any) -> list[Any]:
    return [one.data["t"] for page in caller.call(HISTORY, device_id=device, **query) for one in page.readings]


def with_key(caller: Caller, key: str) -> Caller:
    """The same channel and organisation, with another key."""
    return Caller(caller.channel, [("x-api-key", key), caller.metadata[1]])


class Talk:
    """A stream of batches that the test sends one by one."""

    def __init__(self, caller: Caller) -> None:
        self._sent: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.answers: Iterator[Any] = caller.call(STREAM, self._requests())

    def _requests(self) -> Iterator[Any]:
        while (request := self._sent.get(timeout=CEILING_S)) is not None:
            yield request

    def send(self, request: Any) -> Any:
        """Send a batch, and wait for its answer."""
        self._sent.put(request)
        return next(self.answers)

    def end(self) -> None:
        self._sent.put(None)


def test_each_batch_of_a_stream_is_answered_when_it_is_stored(caller: Caller, device: str) -> None:
    talk = Talk(caller)
    for n in range(3):
        answer = talk.send(batch(device, n, n, batch_id=f"b{n}"))
        assert (answer.batch_id, answer.outcome.accepted) == (f"b{n}", 2)
        assert not answer.HasField("failure")
        assert len(values_of(caller, device)) == 2 * (n + 1)  # before the next is sent
    talk.end()
    assert list(talk.answers) == []


def test_answers_are_in_the_order_of_the_batches(caller: Caller, device: str) -> None:
    # Large and small ones, so that those which are read meanwhile would be done sooner.
    requests = [batch(device, *range(500 if n % 2 == 0 else 1), batch_id=f"b{n}") for n in range(20)]
    answers = list(caller.call(STREAM, iter(requests)))
    assert [one.batch_id for one in answers] == [f"b{n}" for n in range(20)]
    assert [one.outcome.accepted for one in answers] == [500, 1] * 10
    seqs = [seq for one in answers for seq in one.outcome.seqs]
    assert len(set(seqs)) == len(seqs) == 5_010


def test_a_batch_that_fails_is_told_and_the_stream_goes_on(caller: Caller, device: str) -> None:
    good, empty, partly = (
        batch(device, 1, batch_id="1"),
        made("StreamReadingsRequest", batch_id="2"),
        batch(device, 3, batch_id="3"),
    )
    partly.readings.add(device_id="dev_0000000000001", numbers={"t": 1})
    too_long = batch(device, 4, batch_id="x" * 256)
    answers = list(caller.call(STREAM, iter([good, empty, too_long, partly])))
    assert [one.HasField("failure") for one in answers] == [False, True, True, False]
    assert (answers[1].failure.code, answers[1].failure.retry_after_s) == ("request.invalid", 0)
    assert answers[2].failure.detail.startswith("batch_id: ")
    assert (answers[3].outcome.accepted, answers[3].outcome.rejected) == (1, 1)
    assert values_of(caller, device) == [1, 3]


def test_a_batch_that_is_sent_again_under_its_id_is_stored_once(caller: Caller, device: str) -> None:
    first, again = (next(caller.call(STREAM, iter([batch(device, 1, 2, batch_id="same")]))) for _ in range(2))
    assert (first.outcome.seqs, first.outcome.duplicates) == (again.outcome.seqs, 0)
    assert again.outcome.duplicates == 2
    assert values_of(caller, device) == [1, 2]
    other = next(caller.call(STREAM, iter([batch(device, 3, batch_id="same")])))
    assert other.failure.code == "idempotency.mismatch"


def test_without_an_id_a_batch_is_stored_as_often_as_it_is_sent(caller: Caller, device: str) -> None:
    list(caller.call(STREAM, iter([batch(device, 1), batch(device, 1)])))
    assert values_of(caller, device) == [1, 1]


def test_a_stream_of_a_caller_who_may_not_send_ends_at_once(caller: Caller) -> None:
    talk = Talk(Caller(caller.channel))
    with pytest.raises(grpc.RpcError) as ended:
        next(talk.answers)  # nothing was sent
    talk.end()
    assert Failure(ended.value).code is grpc.StatusCode.UNAUTHENTICATED
    reader = caller.call("KeysService/CreateKey", name="Reader", scopes=["telemetry:read"]).created_key.value
    failed = failure_of(with_key(caller, reader), STREAM, iter(()))
    assert (failed.code, failed.reason) == (grpc.StatusCode.PERMISSION_DENIED, "auth.scope_missing")


def test_a_key_that_is_revoked_ends_its_stream(caller: Caller, device: str) -> None:
    key = caller.call("KeysService/CreateKey", name="Sender", scopes=["telemetry:write"]).created_key
    talk = Talk(with_key(caller, key.value))
    assert talk.send(batch(device, 1)).outcome.accepted == 1
    caller.call("KeysService/RevokeKey", key_id=key.key.id)
    with pytest.raises(grpc.RpcError) as ended:
        talk.send(batch(device, 2))
    talk.end()
    assert Failure(ended.value).code is grpc.StatusCode.UNAUTHENTICATED
    assert values_of(caller, device) == [1]


def test_a_caller_who_leaves_leaves_nothing_behind(in_process: InProcessServer, caller: Caller, device: str) -> None:
    talk = Talk(caller)
    talk.send(batch(device, 1))
    talk.answers.cancel()  # type: ignore[attr-defined]  # it is a call
    talk.end()

    async def held(_: Any) -> int:
        return sum("Readings." in f"{task.get_coro()}" for task in asyncio.all_tasks())

    assert eventually(lambda: in_process.call(held) == 0)


def test_an_upload_is_answered_once_with_its_sums(caller: Caller, device: str) -> None:
    name = "UploadReadingsRequest"
    partly = batch(device, 3, name=name)
    partly.readings.add(device_id="dev_0000000000001", numbers={"t": 1})
    late = made(name, readings=[{"device_id": device, "numbers": {"t": 4}, "time": "2099-01-01T00:00:00Z"}])
    again = batch(device, 1, 2, batch_id="one", name=name)
    requests = [again, again, partly, late]
    keyed = made(name, readings=[{"device_id": device, "numbers": {"t": 9}, "dedupe_key": "k"}])
    found = shown(caller.call(UPLOAD, iter([keyed, keyed, *requests])))
    assert {name: int(value) for name, value in found.items()} == {
        "batches": 6,
        "accepted": 8,  # also what was stored before, and what is quarantined
        "duplicates": 3,
        "quarantined": 1,
        "rejected": 1,
    }
    assert sorted(values_of(caller, device)) == [1, 2, 3, 9]


def test_the_first_batch_of_an_upload_that_fails_ends_it_and_those_before_are_stored(caller: Caller, device: str) -> None:
    name = "UploadReadingsRequest"
    failed = failure_of(caller, UPLOAD, iter([batch(device, 1, name=name), made(name), batch(device, 2, name=name)]))
    assert (failed.code, failed.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["readings"])
    assert values_of(caller, device) == [1]


def test_an_upload_of_nothing_is_nothing(caller: Caller) -> None:
    assert shown(caller.call(UPLOAD, iter(()))) == {}


# ── histories ──


@pytest.fixture(scope="module")
def long(caller: Caller) -> str:
    """A device with two and a half pages of readings, a second apart."""
    found: str = caller.call("DevicesService/CreateDevice", name="Long").created_device.device.id
    begin = SystemClock().now_us() // 1_000_000 * 1_000_000 - 7_200_000_000
    request = made("SendReadingsRequest")
    count = 2 * PAGE + PAGE // 2
    one = request.columns.add(device_id=found, times_us=[begin + n * 1_000_000 for n in range(count)])
    one.values.add(name="t", numbers=range(count))
    one.values.add(name="h", numbers=[7.5] * count)
    assert caller.call("TelemetryService/SendReadings", request).outcome.accepted == count
    return found


def pages(caller: Caller, device: str, **query: Any) -> list[Any]:
    return list(caller.call(HISTORY, device_id=device, **query))


def numbers(found: Iterable[Any]) -> list[int]:
    return [int(one.data["t"]) for page in found for one in page.readings]


def test_a_history_comes_whole_page_by_page_oldest_first(caller: Caller, long: str) -> None:
    found = pages(caller, long)
    assert {len(page.readings) for page in found} == {IN_MESSAGE}
    assert numbers(found) == list(range(2 * PAGE + PAGE // 2))
    assert shown(found[0].readings[1])["data"] == {"t": 1, "h": 7.5}


def test_a_history_can_be_newest_first_and_limited(caller: Caller, long: str) -> None:
    last = 2 * PAGE + PAGE // 2 - 1
    assert numbers(pages(caller, long, order="ORDER_DESC", limit=3)) == [last, last - 1, last - 2]
    assert numbers(pages(caller, long, limit=PAGE + 1)) == list(range(PAGE + 1))
    assert sum(len(page.readings) for page in pages(caller, long, limit=PAGE)) == PAGE


def test_a_history_has_the_fields_and_the_range_that_were_asked_for(caller: Caller, long: str) -> None:
    some = pages(caller, long, limit=3)[0].readings
    window = {"from_time": some[1].time.ToJsonString(), "to_time": some[2].time.ToJsonString()}
    (page,) = pages(caller, long, fields="h", **window)
    assert [shown(one)["data"] for one in page.readings] == [{"h": 7.5}]
    assert pages(caller, long, range="1m") == []


def test_a_history_of_an_unknown_device_or_an_invalid_range_fails(caller: Caller, long: str) -> None:
    assert failure_of(caller, HISTORY, device_id="dev_0000000000001").reason == "devices.not_found"
    assert failure_of(caller, HISTORY).fields == ["device_id"]
    assert failure_of(caller, HISTORY, device_id=long, range="fortnight").code is grpc.StatusCode.INVALID_ARGUMENT


def test_another_organisation_reads_nothing(in_process: InProcessServer, caller: Caller, long: str) -> None:
    stranger: Org = in_process.orgs["Other"]
    theirs = Caller(caller.channel, metadata_of(stranger))
    assert failure_of(theirs, HISTORY, device_id=long).code is grpc.StatusCode.NOT_FOUND
