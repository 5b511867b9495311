"""One stored uplink is decoded again: as it would have been on arrival, and without losing what is there."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.core.codecs.models import Result
from penstock.core.codecs.ports import Call
from penstock.core.redecodes.decoding import Redecoded, StoredUplink, input_of, lacks_values, redecoded, stored_uplink
from penstock.kit.clock import SECOND_US, format_time
from tests.core.redecodes.stored import DECODED, FAILED, LIMITS, NOW, PRESENT, derive, payload, stored
from tests.support.days import NOON_US


def uplink(stored_payload: bytes) -> StoredUplink:
    found = stored_uplink(stored(stored_payload), derive)
    assert found is not None
    return found


def again(stored_payload: bytes, result: Result, *, has_route: bool = True) -> Redecoded:
    return redecoded(uplink(stored_payload), NOW, result, derive, LIMITS, has_route=has_route)


def written(found: Redecoded) -> Any:
    assert found.payload is not None
    return msgspec.json.decode(found.payload)


def test_the_codec_receives_what_it_received_on_arrival() -> None:
    given = msgspec.json.decode(input_of(uplink(payload({}, codec=FAILED)), NOW).as_json(Call.DECODE_UPLINK))
    assert given == {"fPort": 10, "variables": {"k": 1}, "bytes": [1, 2], "recvTime": NOON_US // 1000}


@pytest.mark.parametrize(
    "without_bytes",
    [
        payload({"v": 1}, raw=None),
        payload({"v": 1}, encrypted=True),
        b'{"v":1}',
        b'{"lorawan":{"network":"my own","data":"AA=="}}',
        b'{"lorawan":{"network":"custom","data":5}}',
        b'{"lorawan":{"network":"custom","data":"A"}}',
        b'{"lorawan":[]}',
    ],
)
def test_what_has_no_bytes_is_no_uplink(without_bytes: bytes) -> None:
    assert stored_uplink(stored(without_bytes), derive) is None


def test_a_failed_uplink_gets_the_values_that_it_would_have_had() -> None:
    found = again(payload({}, codec=FAILED, network_values={"w": 1}), Result(data={"v": 4}, warnings=["low"]))
    assert written(found) == msgspec.json.decode(
        payload({"v": 4}, codec=PRESENT | {"status": "decoded", "warnings": ["low"]}, network_values={"w": 1})
    )
    assert (found.changed, found.failed) == ({"v": 4}, False)


def test_values_of_the_network_server_are_kept_where_its_codec_was_the_only_one() -> None:
    found = written(again(payload({"v": 3}), Result(data={"n": 9})))
    assert found == msgspec.json.decode(payload({"n": 9}, codec=PRESENT | {"status": "decoded"}, network_values={"v": 3}))
    derived = written(again(payload({"v": 3, "double": 6}), Result(data={"v": 9}), has_route=False))
    assert (derived["v"], derived["double"], derived["lorawan"]["network_values"]) == (9, 18, {"v": 3})


def test_the_same_again_is_not_written_and_a_new_version_alone_is_no_change() -> None:
    first = again(payload({"v": 4}, codec=DECODED), Result(data={"v": 4}))
    assert first.payload is not None
    assert (written(first)["lorawan"]["codec"]["version"], first.changed) == (2, None)
    assert again(first.payload, Result(data={"v": 4})) == Redecoded()
    assert again(first.payload, Result(data={"v": 5})).changed == {"v": 5}
    assert again(first.payload, Result(data={"v": 4}, warnings=["x"])).changed == {"v": 4}


def test_values_outlive_a_codec_that_fails_and_a_failure_gets_its_present_reason() -> None:
    failure = Result(errors=["no"])
    assert again(payload({"v": 4}, codec=DECODED), failure) == Redecoded(failed=True)
    found = again(payload({}, codec=FAILED), failure)
    assert (found.failed, written(found)["lorawan"]["codec"]["errors"]) == (True, ["no"])
    assert found.payload is not None
    assert again(found.payload, failure) == Redecoded(failed=True)


@pytest.mark.parametrize(
    ("before", "has_route", "after"),
    [
        (payload({"v": 2, "double": 4}, codec=DECODED), False, {"v": 5, "double": 10}),
        (payload({"v": 2}, codec=DECODED), False, {"v": 5}),
        (payload({}, codec=FAILED), False, {"v": 5, "double": 10}),
        (payload({}, codec=FAILED), True, {"v": 5}),
    ],
)
def test_derived_values_are_derived_again_where_the_uplinks_endpoint_derives(
    before: bytes, has_route: bool, after: dict[str, int]
) -> None:
    found = written(again(before, Result(data={"v": 5}), has_route=has_route))
    assert {name: value for name, value in found.items() if name != "lorawan"} == after


def times(found: Redecoded) -> list[float]:
    """How many seconds before the uplink the readings are: the earlier ones and then the stored one."""
    return [((one.time_us or 0) - NOON_US) / SECOND_US for one in found.earlier] + [
        0 if found.time_us is None else (found.time_us - NOON_US) / SECOND_US
    ]


def test_the_newest_of_several_readings_takes_the_place_of_the_stored_one() -> None:
    data = [{"time": format_time(NOON_US - age * SECOND_US), "data": {"v": age}} for age in (10, 20, 30)]
    found = again(payload({}, codec=FAILED), Result(data={"data": data}), has_route=False)
    assert times(found) == [-30, -20, -10]
    assert written(found)["lorawan"]["time"] == format_time(NOON_US)
    assert (found.changed, written(found)["double"]) == ({"v": 10, "double": 20}, 20)
    about = {"network": "chirpstack_v4", "f_port": 10, "f_cnt": 3, "history": True}
    assert [msgspec.json.decode(one.payload) for one in found.earlier] == [
        {"v": v, "double": 2 * v, "lorawan": about | {"codec": PRESENT | {"status": "decoded"}}} for v in (30, 20)
    ]
    assert len({one.dedupe for one in found.earlier}) == 2

    moved = stored(found.payload or b"", time_us=found.time_us or 0)
    moved.received_us = NOON_US
    as_stored = stored_uplink(moved, derive)
    assert as_stored is not None
    assert msgspec.json.decode(input_of(as_stored, NOW).as_json(Call.DECODE_UPLINK))["recvTime"] == NOON_US // 1000
    repeated = redecoded(as_stored, NOW, Result(data={"data": data}), derive, LIMITS, has_route=False)
    assert repeated == Redecoded(earlier=found.earlier)
    single = redecoded(as_stored, NOW, Result(data={"v": 7}), derive, LIMITS, has_route=False)
    assert (single.time_us, "time" in written(single)["lorawan"]) == (NOON_US, False)


def test_what_would_not_have_been_stored_on_arrival_is_left_out() -> None:
    def found(data: list[Any]) -> Redecoded:
        return again(payload({"v": 1}, codec=DECODED), Result(data={"data": data}))

    ahead, ago = ({"ts": (NOON_US + age * SECOND_US) // 1000, "v": 5} for age in (9, -9))
    assert times(found([{"ts": "soon", "v": 2}, 5, ahead, ago])) == [-9]
    assert times(found([ago, {"ts": ago["ts"], "v": "x" * 400}, {"v": 3}])) == [-9, 0]
    assert found([ahead]) == Redecoded(failed=True)
    assert found([{"age": 5, "v": "x" * 400}]) == Redecoded(failed=True)
    assert found([ago] * 6) == Redecoded(failed=True)


@pytest.mark.parametrize(
    ("stored_payload", "lacking"),
    [
        (payload({}, codec=FAILED), True),
        (payload({"v": 1}, codec=FAILED), True),
        (payload({}), True),
        (payload({}, codec=DECODED), True),
        (payload({"v": 1}, codec=DECODED), False),
        (payload({"v": 1}), False),
        (payload({}, raw=None), None),
        (payload({}, encrypted=True), None),
        (b'{"v":1}', None),
        (b'{"lorawan":5}', None),
        (b"[]", None),
        (b"\xff", None),
    ],
)
def test_uplinks_without_values_are_found_quickly(stored_payload: bytes, lacking: bool | None) -> None:
    assert lacks_values(stored_payload) is lacking
