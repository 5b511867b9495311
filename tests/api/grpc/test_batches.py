"""Batches of readings: which rows there are in a message, and what is wrong with others."""

from __future__ import annotations

import math
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest

from penstock.api.grpc.batches import MAX_READINGS, fails_alone
from penstock.kit.clock import MAX_US, SystemClock
from penstock.kit.errors import REGISTRY, Kind
from tests.support.grpc_server import Caller, failure_of, made, refused, shown
from tests.support.in_process import InProcessServer
from tests.support.server import Org

SEND = "TelemetryService/SendReadings"
LATE = "2099-12-31T23:59:59Z"


@pytest.fixture
def device(caller: Caller) -> str:
    found: str = caller.call("DevicesService/CreateDevice", name="Pump").created_device.device.id
    return found


def stored(caller: Caller, device: str) -> list[dict[str, Any]]:
    """The readings of a device, oldest first, as JSON."""
    found = caller.call("TelemetryService/ListReadings", device_id=device, order="ORDER_ASC", range="30d").history
    return [shown(one) for one in found.data]


def sent(caller: Caller, **fields: Any) -> Any:
    return caller.call(SEND, **fields).outcome


def minutes_ago(minutes: int) -> int:
    """A time in microseconds."""
    return SystemClock().now_us() // 1_000_000 * 1_000_000 - minutes * 60_000_000


def columns(device: str, times: list[int], **values: list[float]) -> Any:
    """A batch with one set of columns; as a message, because JSON has no NaN."""
    request = made("SendReadingsRequest")
    one = request.columns.add(device_id=device, times_us=times)
    for name, numbers in values.items():
        one.values.add(name=name, numbers=numbers)
    return request


def test_values_of_all_kinds_come_as_data(caller: Caller, device: str) -> None:
    data = {"t": 21.5, "n": 7, "on": True, "name": "é", "none": None, "deep": {"list": [1, "a", {"x": 2}]}}
    outcome = sent(caller, readings=[{"device_id": device, "data": data, "kind": "status", "channel": "2"}])
    assert (outcome.accepted, outcome.rejected, len(outcome.seqs)) == (1, 0, 1)
    (found,) = stored(caller, device)
    assert (found["data"], found["kind"], found["channel"]) == (data, "status", "2")
    assert int(found["seq"]) == outcome.seqs[0] > 0


def test_numbers_and_columns_are_less_to_send_and_the_same(caller: Caller, device: str) -> None:
    begin = minutes_ago(60)
    request = columns(device, [begin, begin + 60_000_000], t=[1.0, 2.5], h=[40.0, 41.0])
    request.readings.add(device_id=device, numbers={"t": 3.0, "h": 42.5}).time.FromMicroseconds(begin + 120_000_000)
    outcome = caller.call(SEND, request).outcome
    assert outcome.accepted == 3
    found = stored(caller, device)
    assert [one["data"] for one in found] == [{"t": 1, "h": 40}, {"t": 2.5, "h": 41}, {"t": 3, "h": 42.5}]
    # Those in columns count as rows after those in `readings`.
    assert [int(one["seq"]) for one in found] == [outcome.seqs[1], outcome.seqs[2], outcome.seqs[0]]


def test_a_device_is_named_by_any_of_its_identifiers(caller: Caller) -> None:
    named = caller.call("DevicesService/CreateDevice", name="Named", identifiers=[{"kind": "KIND_SERIAL", "value": "SN 77"}])
    assert sent(caller, readings=[{"device": "SN 77", "numbers": {"t": 1}}]).accepted == 1
    assert len(stored(caller, named.created_device.device.id)) == 1


def test_rows_that_cannot_be_stored_are_told_by_their_place_and_the_others_are_stored(caller: Caller, device: str) -> None:
    outcome = sent(
        caller,
        readings=[
            {"device_id": device, "numbers": {"t": 1}},
            {"device_id": "dev_0000000000001", "numbers": {"t": 2}},
            {"device_id": device},
            {"device_id": device, "numbers": {"t": 4}},
            {"numbers": {"t": 5}},
            {"device_id": device, "data": {"t": 6}, "numbers": {"t": 6}},
        ],
    )
    assert (outcome.accepted, outcome.rejected) == (2, 4)
    assert [seq > 0 for seq in outcome.seqs] == [True, False, False, True, False, False]
    told = {one.row: (one.field, one.code) for one in outcome.errors}
    assert sorted(told) == [1, 2, 4, 5]
    assert (told[2][0], told[5][0]) == ("data", "numbers")
    assert told[1][1] == "devices.not_found"
    assert [one["data"] for one in stored(caller, device)] == [{"t": 1}, {"t": 4}]


def test_in_columns_nan_is_no_value_and_infinity_is_no_number(caller: Caller, device: str) -> None:
    begin = minutes_ago(60)
    nan, far = math.nan, math.inf
    times = [begin + n for n in range(4)]
    outcome = caller.call(SEND, columns(device, times, a=[1.0, nan, nan, far], b=[nan, 2.0, nan, 1.0])).outcome
    assert (outcome.accepted, outcome.rejected) == (2, 2)
    assert [(one.row, one.field) for one in outcome.errors] == [(2, "values"), (3, "values")]
    assert [one["data"] for one in stored(caller, device)] == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_elsewhere_a_number_that_is_not_finite_rejects_its_row(caller: Caller, device: str, number: float) -> None:
    request = made("SendReadingsRequest")
    request.readings.add(device_id=device, numbers={"t": number})
    request.readings.add(device_id=device).data["t"] = number
    request.readings.add(device_id=device, numbers={"t": 1})
    outcome = caller.call(SEND, request).outcome
    assert [(one.row, one.field) for one in outcome.errors] == [(0, "numbers"), (1, "data")]
    assert [one["data"] for one in stored(caller, device)] == [{"t": 1}]


def test_times_out_of_range_reject_their_rows(caller: Caller, device: str) -> None:
    """The same range as over HTTP: all other times could not be sent to readers."""
    request = columns(device, [1 << 62, minutes_ago(1), MAX_US, -1], t=[1.0, 2.0, 3.0, 4.0])
    request.readings.add(device_id=device, numbers={"t": 1}).time.seconds = 1 << 60
    request.readings.add(device_id=device, numbers={"t": 1}).time.FromJsonString("1969-12-31T23:59:59Z")
    outcome = caller.call(SEND, request).outcome
    assert [(one.row, one.field) for one in outcome.errors] == [
        (0, "time"),
        (1, "time"),
        (2, "times_us"),
        (4, "times_us"),
        (5, "times_us"),
    ]
    assert [one["data"] for one in stored(caller, device)] == [{"t": 2}]


def test_a_batch_of_which_no_row_can_be_stored_is_refused(caller: Caller, device: str) -> None:
    failed = failure_of(caller, SEND, readings=[{"device_id": device}])
    assert (failed.code, failed.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["[0].data"])
    failed = failure_of(caller, SEND, readings=[{"device_id": "dev_0000000000001", "numbers": {"t": 1}}])
    assert failed.code is not grpc.StatusCode.INTERNAL


@pytest.mark.parametrize("depth", [20, 40])
def test_what_is_too_deep_over_http_is_so_here(
    caller: Caller, in_process: InProcessServer, org: Org, device: str, depth: int
) -> None:
    deep: Any = 1
    for _ in range(depth):
        deep = [deep]
    with in_process.client(org) as client:
        over_http = client.post("/api/v2/telemetry", json={"device_id": device, "data": {"a": deep}})
    failed = refused(caller, SEND, readings=[{"device_id": device, "data": {"a": deep}}])
    assert (failed is None) == over_http.is_success
    if failed is not None:
        [said] = [one["detail"] for one in over_http.json()["errors"]]
        assert [one.description for one in failed.detail(BadRequest).field_violations] == [said.removeprefix("the JSON ")]


def test_a_time_in_the_future_is_quarantined(caller: Caller, device: str) -> None:
    outcome = sent(caller, readings=[{"device_id": device, "numbers": {"t": 1}, "time": LATE}])
    assert (outcome.accepted, outcome.quarantined, outcome.rejected) == (1, 1, 0)
    assert stored(caller, device) == []
    held = caller.call("TelemetryService/ListQuarantinedReadingsOfDevice", device_id=device)
    assert [int(one.seq) for one in held.data] == list(outcome.seqs)


def test_a_key_of_the_sender_stores_a_reading_once(caller: Caller, device: str) -> None:
    readings = [{"device_id": device, "numbers": {"t": n}, "dedupe_key": f"k{n}"} for n in (1, 2)]
    first, again = sent(caller, readings=readings), sent(caller, readings=[*readings, {**readings[0], "dedupe_key": "k3"}])
    assert (first.accepted, first.duplicates) == (2, 0)
    assert (again.accepted, again.duplicates) == (3, 2)  # a duplicate is accepted as well
    assert list(again.seqs)[:2] == list(first.seqs)


def test_a_batch_that_is_sent_again_under_its_key_is_stored_once(caller: Caller, device: str) -> None:
    careful = caller.with_metadata(("idempotency-key", "batch 1"))
    first, again = (sent(careful, readings=[{"device_id": device, "numbers": {"t": 1}}]) for _ in range(2))
    assert (first.duplicates, again.duplicates) == (0, 1)
    assert first.seqs == again.seqs
    assert len(stored(caller, device)) == 1


def test_a_batch_without_readings_or_with_too_many_is_refused_whole(caller: Caller, device: str) -> None:
    failed = failure_of(caller, SEND)
    assert (failed.code, failed.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["readings"])
    times = [minutes_ago(60) + n for n in range(MAX_READINGS + 1)]
    failed = failure_of(caller, SEND, columns(device, times, t=[1.0] * len(times)))
    assert failed.reason == "telemetry.batch_too_large"
    assert str(MAX_READINGS) in failed.text
    assert caller.call(SEND, columns(device, times[1:], t=[1.0] * MAX_READINGS)).outcome.accepted == MAX_READINGS


@pytest.mark.parametrize(
    ("times", "values", "field"),
    [
        ([], {"t": []}, "readings"),
        ([1], {}, "columns[0].values"),
        ([1, 2], {"t": [1.0]}, "columns[0].values"),
        ([1], {"t": [1.0], "h": [1.0, 2.0]}, "columns[0].values"),
    ],
)
def test_columns_that_do_not_fit_refuse_the_batch(
    caller: Caller, device: str, times: list[int], values: dict[str, list[float]], field: str
) -> None:
    failed = failure_of(caller, SEND, columns(device, times, **values))
    assert (failed.code, failed.fields) == (grpc.StatusCode.INVALID_ARGUMENT, [field])


def test_a_name_twice_in_columns_refuses_the_batch(caller: Caller, device: str) -> None:
    request = columns(device, [1], t=[1.0])
    request.columns[0].values.add(name="t", numbers=[2.0])
    assert "must not have a name twice" in failure_of(caller, SEND, request).text


def test_only_what_is_wrong_with_the_caller_ends_a_stream_of_batches() -> None:
    ending = {error.kind for error in REGISTRY.values() if not fails_alone(error)}  # type: ignore[arg-type]  # the class has a kind too
    assert ending == {Kind.UNAUTHENTICATED, Kind.FORBIDDEN}
