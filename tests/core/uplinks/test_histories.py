"""Uplinks that carry several readings: which arrays are such, and what becomes of each element."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from penstock.core.uplinks.decoding import decoded_payload, kept_message
from penstock.core.uplinks.histories import Divided, count_readings, divide, without_histories
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage, Radio
from penstock.core.uplinks.store import KeptReading
from penstock.kit.clock import SECOND_US, format_time, parse_time
from penstock.kit.errors import InvalidInput

NOON = parse_time("2026-05-02T12:00:00Z")
NOON_S = NOON // SECOND_US


def uplink(values: dict[str, Any] | None, **fields: Any) -> NetworkMessage:
    about: dict[str, Any] = {"network": Network.CHIRPSTACK_V4, "kind": EventKind.UPLINK, "eui": "70b3d57ed0061f2a"}
    about |= {"time_us": NOON, "dedupe_key": "d-1", "f_cnt": 7, "data": "AAA=", "radio": Radio(rssi_dbm=-90)}
    return NetworkMessage(**about | {"values": values} | fields)


def divided(values: dict[str, Any] | None, **fields: Any) -> Divided:
    found = divide(uplink(values, **fields), NOON, 100, lambda time_us: time_us > NOON + 600 * SECOND_US)
    assert found is not None
    return found


def told(found: Divided) -> list[tuple[str, dict[str, Any] | None]]:
    """The time of day and the values of each part."""
    return [(format_time(part.message.time_us or 0)[11:19], part.message.values) for part in found.parts]


@pytest.mark.parametrize(
    "values",
    [
        None,
        {},
        {"volume": 1, "history": []},
        {"volume": 1, "history": [1, 2, 3]},
        {"volume": 1, "measurements": [{"type": "volume", "value": 1}]},
        {"data": [1, 2]},
        {"data": {"time": NOON_S, "volume": 1}},
        {"alarms": [{"time": NOON_S, "kind": "leak"}]},
        {"time": NOON_S, "volume": 1},
    ],
)
def test_any_other_values_are_one_reading(values: dict[str, Any] | None) -> None:
    assert divide(uplink(values), NOON, 100, lambda _: False) is None
    assert without_histories(values) == (values or None)
    assert count_readings(values or {}) == 0


def test_nor_are_those_of_a_message_that_says_so() -> None:
    assert divide(uplink({"data": [{"v": 1}]}, single=True), NOON, 100, lambda _: False) is None


@pytest.mark.parametrize(
    "values",
    [
        {"data": [{"time": "2026-05-02T13:00:00+02:00", "data": {"v": 1}}, {"time": NOON_S, "v": 2}]},
        {"readings": [{"ts": NOON_S * 1000, "v": 2}, {"timestamp": "2026-05-02T11:00:00Z", "v": 1}]},
        {"v": 2, "history": [{"timestamp": NOON_S - 3600, "v": 1}]},
        {"v": 2, "historical_data": [{"date": NOON_S - 3600, "data": {"v": 1}}]},
        {"v": 2, "ListOfMeasurements": [{"DataloggerTimestamp": NOON_S - 3600, "v": 1}]},
        {"data": [{"offset": 3600, "v": 1}, {"offset": 0, "v": 2}]},
        {"measurements": [{"age_s": 3600.0, "v": 1}, {"time": None, "v": 2}]},
        {"data": [{"variable": "v", "value": 1, "date": NOON_S - 3600}, {"field": "v", "value": 2, "date": NOON_S}]},
    ],
)
def test_forms_of_codecs(values: dict[str, Any]) -> None:
    found = divided(values)
    assert told(found) == [("11:00:00", {"v": 1}), ("12:00:00", {"v": 2})]
    assert found.faults == []


def test_named_values_of_one_time_are_one_reading() -> None:
    rows = [{"variable": name, "value": number, "time": NOON_S - number % 2} for number, name in enumerate("abcd")]
    assert told(divided({"data": rows})) == [("11:59:59", {"b": 1, "d": 3}), ("12:00:00", {"a": 0, "c": 2})]


def test_only_the_main_reading_has_the_payload_and_the_radio_facts() -> None:
    codec = {"profile_id": "prf_1", "version": 3, "status": "decoded", "warnings": ["low battery"]}
    values = {"v": 3, "history": [{"ts": NOON_S - 60, "v": 1}, {"ts": NOON_S - 30, "v": 2}]}
    *earlier, main = divided(values, codec=codec, network_values={"w": 1}).parts
    assert main.message == uplink({"v": 3}, codec=codec, network_values={"w": 1})
    short = {name: codec[name] for name in ("profile_id", "version", "status")}
    for part in earlier:
        assert part.message.metadata() == {"network": "chirpstack_v4", "f_cnt": 7, "history": True, "codec": short}


def test_values_of_a_time_have_one_key_in_every_uplink_that_repeats_them() -> None:
    first = divided({"data": [{"ts": NOON_S - 60, "v": 1}, {"ts": NOON_S, "v": 2, "w": 0}]})
    later = divided({"data": [{"w": 0, "ts": NOON_S, "v": 2}, {"ts": NOON_S + 60, "v": 2}]}, dedupe_key="d-2", f_cnt=8)
    keys = [[part.message.dedupe_key for part in one.parts] for one in (first, later)]
    assert keys[0][1] == keys[1][0]
    assert len({*keys[0], *keys[1]}) == 3
    normalized = divided({"data": [{"ts": NOON_S, "v": 2, "w": 0}]}, kind=EventKind.NORMALIZED)
    assert normalized.parts[0].message.dedupe_key not in keys[0]


def test_an_element_without_a_time_of_its_own_has_a_key_in_its_uplink() -> None:
    rows = {"data": [{"age": 60, "v": 1}, {"v": 2}]}
    assert [part.message.dedupe_key for part in divided(rows).parts] == ["d-1\n0", "d-1\n1"]
    assert [part.message.dedupe_key for part in divided(rows, dedupe_key=None, time_us=None).parts] == [None, None]
    named = [part.message.dedupe_key for part in divided(rows, dedupe_key=None).parts]
    assert named == [part.message.dedupe_key for part in divided(rows, dedupe_key=None).parts]
    assert None not in named


def test_an_element_that_is_none_costs_itself() -> None:
    rows: list[Any] = [{"time": "noon", "v": 1}, 7, {}, {"ts": NOON_S}, {"age": "x", "v": 1}, {"ts": NOON_S, "v": 2}, [{"v": 3}]]
    rows += [{"age": 1e300, "v": 1}, {"age": True, "v": 1}]
    found = divided({"data": rows})
    assert told(found) == [("12:00:00", {"v": 2})]
    assert [fault.reason.partition(":")[0] for fault in found.faults] == [
        "data[0].time",
        "data[1]",
        "data[2]",
        "data[3]",
        "data[4].age",
        "data[6]",
        "data[7].age",
        "data[8].age",
    ]
    assert '"noon" was sent' in found.faults[0].reason
    with pytest.raises(InvalidInput) as refusal:
        divided({"data": rows}, network=Network.CUSTOM, data=None)
    assert [error.field for error in refusal.value.errors][:2] == ["data[0].time", "data[1]"]


def test_without_a_reading_the_payload_is_kept() -> None:
    found = divided({"data": [{"time": "noon", "v": 1}]})
    assert [part.message for part in found.parts] == [uplink(None)]
    assert divided({"data": [{"time": "noon", "v": 1}]}, data=None).parts == []


def test_a_clock_that_is_ahead_does_not_take_the_payload_with_it() -> None:
    found = divided({"data": [{"ts": NOON_S, "v": 1}, {"ts": NOON_S + 86_400, "v": 2}]})
    assert [(part.message.values, part.message.data) for part in found.parts] == [({"v": 2}, None), ({"v": 1}, "AAA=")]


def test_the_payload_has_the_time_of_its_uplink() -> None:
    (main,) = divided({"data": [{"age": 60, "v": 1}]}).parts
    assert main.message.metadata()["time"] == "2026-05-02T12:00:00Z"
    kept = KeptReading(time_us=NOON - 60 * SECOND_US, received_us=NOON, payload=main.message.payload({"v": 1}), dedupe_key=None)
    again, metadata = kept_message(main.message.eui or "", kept)
    assert again.time_us == NOON
    decoded = msgspec.structs.replace(again, values={"data": [{"age": 60, "v": 2}]}, codec={"version": 2})
    payload = decoded_payload(divided(decoded.values, codec=decoded.codec).parts[0].message, metadata)
    assert msgspec.json.decode(payload)["lorawan"] == {**metadata, "codec": {"version": 2}}
    assert "time" not in msgspec.json.decode(decoded_payload(again, metadata))["lorawan"], "a reading at the time of the uplink"
    assert "time" not in divided({"data": [{"ts": NOON_S, "v": 1}]}).parts[0].message.metadata()


def test_so_many_and_no_more() -> None:
    rows = [{"ts": NOON_S - number, "v": number} for number in range(100)]
    assert len(divided({"data": rows}).parts) == 100
    with pytest.raises(InvalidInput) as refusal:
        divided({"data": rows, "history": rows[:1]})
    assert (refusal.value.errors[0].field, refusal.value.errors[0].detail) == ("data", "must have at most 100 entries")


def test_the_rest_of_the_message_is_untouched() -> None:
    message = uplink({"v": 1, "history": [{"ts": NOON_S, "v": 0}], "list": [1]})
    found = divide(message, NOON, 100, lambda _: False)
    assert found is not None
    assert found.parts[-1].message == msgspec.structs.replace(message, values={"v": 1, "list": [1]})


NAMES = st.sampled_from(["data", "readings", "history", "time", "ts", "offset", "variable", "value", "volume"])
LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    LEAVES | st.sampled_from(["", "noon", "2026-05-02T12:00:00Z"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@example({"data": None, "readings": [{"data": None, "time": 0}]}, Network.CUSTOM)
@given(st.dictionaries(NAMES, JSON, max_size=3), st.sampled_from([Network.CHIRPSTACK_V4, Network.CUSTOM]))
def test_whatever_it_carries_becomes_readings_or_faults(values: dict[str, Any], network: Network) -> None:
    try:
        found = divide(uplink(values, network=network), NOON, 100, lambda _: False)
    except InvalidInput:
        assert network is Network.CUSTOM
        return
    if found is None:
        return
    assert found.parts, "the payload is always kept"
    assert all(part.message.values for part in found.parts[:-1])
    assert [part.message.data for part in found.parts] == [None] * (len(found.parts) - 1) + ["AAA="]
    for part in found.parts:
        payload = msgspec.json.decode(part.message.payload(part.message.values or {}))
        if network is Network.CUSTOM and part.message.data is None:
            assert payload == (part.message.values or {}), "as of a body without bytes"
        else:
            assert payload["lorawan"]["f_cnt"] == 7
