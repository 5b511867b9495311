"""Between messages and JSON: every message of the contract, and what is special about single values."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from clients.generator.protobuf import all_rpcs, operations_of_calls
from penstock.api.grpc.converting import MAX_DEPTH, FromJson, ToJson, names_in, object_of, struct_from, value_from, value_of
from penstock.api.grpc.descriptors import descriptor_of, message_type, pool
from penstock.api.grpc.messages import SentReading
from penstock.api.grpc.shapes import Record, fields_of
from penstock.api.v2.devices.wire import Device, DevicePatch
from penstock.kit.errors import InvalidInput
from penstock.kit.strict_json import decode
from tests.support.cases import check_all

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def value_message(value: Any) -> Any:
    return message_type_of("Value")(**value_from(value))


def message_type_of(name: str) -> Any:
    return message_factory.GetMessageClass(pool().FindMessageTypeByName(f"google.protobuf.{name}"))


def nested(levels: int, inner: Callable[[Any], Any], innermost: Any = 1) -> Any:
    """A value in that many objects or lists."""
    return functools.reduce(lambda value, _: inner(value), range(levels), innermost)


@given(JSON)
def test_any_json_comes_back_as_it_was(value: Any) -> None:
    assert value_of(value_message(value), "x") == value


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_any_object_comes_back_as_it_was(value: dict[str, Any]) -> None:
    assert object_of(struct_from(value), "x") == value


def test_whole_numbers_are_integers_and_numbers_that_are_not_exact_stay_what_they_are() -> None:
    assert [type(value_of(value_message(one), "x")) for one in (1.0, 1.5, 2.0**53, 2.0**60)] == [int, float, int, float]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_no_json(number: float) -> None:
    for value in (number, [number], {"a": {"b": number}}):
        with pytest.raises(InvalidInput, match="data: must not contain a number that is not finite"):
            value_of(value_message(value), "data")


@pytest.mark.parametrize("inner", [lambda value: [value], lambda value: {"a": value}], ids=["lists", "objects"])
def test_what_is_nested_too_deep_is_refused(inner: Callable[[Any], Any]) -> None:
    deepest = nested(MAX_DEPTH, inner)
    assert value_of(value_message(deepest), "data") == deepest
    with pytest.raises(InvalidInput, match="data: must not be nested deeper than 32 levels"):
        value_of(value_message(inner(deepest)), "data")


def test_an_object_can_be_as_deep_as_the_body_of_a_request() -> None:
    deepest = nested(MAX_DEPTH, lambda value: {"a": value})
    assert object_of(struct_from(deepest), "data") == deepest == decode(json.dumps(deepest).encode())
    with pytest.raises(InvalidInput, match="data: must not be nested deeper than 32 levels"):
        object_of(struct_from({"a": deepest}), "data")


def test_null_and_what_is_missing_are_fields_that_are_not_set() -> None:
    read = FromJson(fields_of(Record(Device)), descriptor_of("Device"))
    made: Any = message_type("Device")(**read({"name": "Pump", "last_seen_at": None, "location": None, "status": "paused"}))
    assert made == message_type("Device")(name="Pump", status=2)


def test_only_fields_that_are_set_are_in_the_json() -> None:
    read = ToJson(fields_of(Record(DevicePatch)), descriptor_of("UpdateDeviceRequest"))
    message = message_type("UpdateDeviceRequest")
    assert read(message(device_id="x")) == {}
    assert read(message(description="", expected_interval_s=0, labels={"a": ""})) == {
        "description": "",
        "expected_interval_s": 0,
        "labels": {"a": ""},
    }


@pytest.mark.parametrize(("seconds", "nanos"), [(253_402_300_800, 0), (-62_135_596_801, 0), (0, -1), (0, 1_000_000_000)])
def test_a_time_that_no_text_can_write_is_the_callers_error(seconds: int, nanos: int) -> None:
    read = ToJson(fields_of(Record(SentReading)), descriptor_of("SentReading"))
    sent: Any = message_type("SentReading")()
    sent.time.seconds, sent.time.nanos = seconds, nanos
    with pytest.raises(InvalidInput, match="time: must be between the years 1 and 9999"):
        read(sent)


def test_a_time_is_in_microseconds() -> None:
    read = ToJson(fields_of(Record(SentReading)), descriptor_of("SentReading"))
    sent: Any = message_type("SentReading")()
    sent.time.FromJsonString("2026-05-02T09:15:04.123456789Z")
    assert read(sent) == {"time": "2026-05-02T09:15:04.123456Z"}


def test_a_name_in_a_mask_counts_once() -> None:
    assert names_in(["a", "b", "a"]) == ["a", "b"]


# ── all messages ──

DEEPEST = 4


def filled(descriptor: Descriptor, chance: random.Random, depth: int = 0) -> dict[str, Any]:
    """Something in every field of a message, and one of the fields of a oneof."""
    out: dict[str, Any] = {}
    oneofs = {one.name: chance.choice(one.fields).name for one in descriptor.oneofs}
    for field in descriptor.fields:
        one_of = field.containing_oneof
        if one_of is not None and len(one_of.fields) > 1 and oneofs[one_of.name] != field.name:
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            out[field.name] = {"k": value_for(field.message_type.fields_by_name["value"], chance, depth)}
        elif field.is_repeated:
            out[field.name] = [value_for(field, chance, depth)]
        else:
            out[field.name] = value_for(field, chance, depth)
    return out


def value_for(field: Any, chance: random.Random, depth: int) -> Any:
    if field.enum_type is not None:
        return chance.choice(field.enum_type.values[1:]).number
    if field.message_type is None:
        return {"string": "a", "bytes": b"a", "bool": True}.get(_scalar(field), 7)
    known = {
        "google.protobuf.Timestamp": {"seconds": 1_770_000_000},
        "google.protobuf.Value": {"number_value": 5},
        "google.protobuf.Struct": struct_from({"a": [1, None]}),
        "google.protobuf.FieldMask": {"paths": ["a"]},
    }
    if field.message_type.full_name in known:
        return known[field.message_type.full_name]
    return filled(field.message_type, chance, depth + 1) if depth < DEEPEST else {}


def _scalar(field: Any) -> str:
    return {field.TYPE_STRING: "string", field.TYPE_BYTES: "bytes", field.TYPE_BOOL: "bool"}.get(field.type, "number")


def test_the_body_of_every_call_can_be_read_and_the_json_of_every_response_written() -> None:
    """What a message of the response has is read as JSON and built again: the same, for every call there is."""

    def check(rpc: Any) -> None:
        chance = random.Random(rpc.full_name)
        request = message_type(f"{rpc.name}Request")
        ToJson([*rpc.query, *rpc.body.fields], request.DESCRIPTOR)(request(**filled(request.DESCRIPTOR, chance)))
        response = message_type(f"{rpc.name}Response")
        made = response(**filled(response.DESCRIPTOR, chance))
        json = ToJson(rpc.response, response.DESCRIPTOR)(made)
        assert response(**FromJson(rpc.response, response.DESCRIPTOR)(json)) == made

    calls = {rpc.full_name: rpc for rpc in all_rpcs(operations_of_calls())}
    check_all(calls, lambda name: check(calls[name]))


def levels(objects: int) -> int:
    """How many levels of messages objects in objects have: each a `Struct`, an entry of its map and a `Value`."""
    return 3 * objects - 1


READABLE = 100
"""As many levels of messages below the outermost are read in every language."""
NEVER_SO_DEEP = {
    "penstock.v1.WidgetPoint.value": "a chart shows numbers",
    "penstock.v1.WidgetValue.value": "a field's value is no object",
    "penstock.v1.RulesCommandAction.parameters": "the body of a rule has four levels above them",
}


def objects_in(descriptor: Descriptor, above: tuple[Descriptor, ...] = ()) -> Iterator[tuple[str, int]]:
    """The fields that can have any JSON, wherever they are in a message, and at which level their `Struct` is."""
    for field in descriptor.fields:
        inner = field.message_type
        if inner is None or inner is descriptor or inner in above:
            continue
        if inner.full_name == "google.protobuf.Struct":
            yield field.full_name, len(above) + 1
        elif inner.full_name == "google.protobuf.Value":
            yield field.full_name, len(above) + 2
        elif not inner.full_name.startswith("google."):
            yield from objects_in(inner, (*above, descriptor))


def test_all_readers_can_read_the_deepest_object_of_a_body_wherever_it_is_in_a_message() -> None:
    calls = all_rpcs(operations_of_calls())
    kinds = [descriptor_of(f"{rpc.name}{end}") for rpc in calls for end in ("Request", "Response")]
    found = {one for kind in kinds for one in objects_in(kind)}
    assert {name for name, level in found if level + levels(MAX_DEPTH) > READABLE} == NEVER_SO_DEEP.keys()
    assert ("penstock.v1.LiveReading.data", 3) in found


@pytest.mark.parametrize("objects", [MAX_DEPTH, READABLE // 3])
def test_messages_are_read_to_a_depth_of_a_hundred(objects: int) -> None:
    struct = message_type_of("Struct")
    assert levels(READABLE // 3) <= READABLE < levels(READABLE // 3 + 1)
    made = struct_from(nested(objects, lambda value: {"a": value}))
    assert struct.FromString(made.SerializeToString()) == made


def test_a_message_that_is_deeper_cannot_be_read() -> None:
    made = struct_from(nested(READABLE // 3 + 1, lambda value: {"a": value}))
    with pytest.raises(DecodeError):
        message_type_of("Struct").FromString(made.SerializeToString())
