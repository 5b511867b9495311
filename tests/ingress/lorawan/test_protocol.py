"""Network servers' bodies as they are documented: every kind of event, and every body cut or changed in any place."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.ingress.lorawan.protocol import read_message
from penstock.kit import strict_json
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput
from tests.fuzz.traps import ODD_VALUES, fields_of

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.json"))
BODIES = [(f"{path.stem}: {one['name']}", one) for path in FIXTURES for one in json.loads(path.read_text("utf-8"))]
EUI = "70b3d57ed0061f2a"
each_body = pytest.mark.parametrize("fixture", [pytest.param(one, id=name) for name, one in BODIES])


def read(body: dict[str, Any], event: str | None = None) -> dict[str, Any]:
    """A message as plain values, with its time as text."""
    found: dict[str, Any] = msgspec.to_builtins(read_message(body, event))
    time_us = found.pop("time_us")
    return found | {"time": None if time_us is None else format_time(time_us)}


@each_body
def test_a_documented_body_is_read(fixture: dict[str, Any]) -> None:
    found = read(fixture["body"], fixture["event"])
    assert {name: found[name] for name in fixture["read"]} == fixture["read"]


@each_body
def test_a_field_that_is_not_known_changes_nothing(fixture: dict[str, Any]) -> None:
    if fixture["name"] in ("normalised names", "a name for the reading", "nothing at all"):
        return  # there, what is not known is a value
    assert read(fixture["body"] | {"new_field": {"a": [1]}}, fixture["event"]) == read(fixture["body"], fixture["event"])


@each_body
def test_a_body_that_is_cut_off_is_refused(fixture: dict[str, Any]) -> None:
    whole = json.dumps(fixture["body"]).encode()
    for length in range(len(whole)):
        with pytest.raises(InvalidInput):
            strict_json.decode(whole[:length])


@each_body
def test_a_field_of_any_type_is_read_or_refused(fixture: dict[str, Any]) -> None:
    for path in fields_of(fixture["body"]):
        for value in ODD_VALUES:
            read_or_refused(planted(fixture["body"], path, value), fixture["event"])
        read_or_refused(without(fixture["body"], path), fixture["event"])


@pytest.mark.parametrize("count", [2_000, pytest.param(100_000, marks=pytest.mark.prove)])
def test_changed_bodies_are_read_or_refused(count: int) -> None:
    chance = random.Random(5)
    for _ in range(count):
        body = copy.deepcopy(chance.choice(BODIES)[1]["body"])
        for _ in range(chance.randint(1, 4)):
            paths = list(fields_of(body))
            if paths:
                path = chance.choice(paths)
                body = without(body, path) if chance.random() < 0.3 else planted(body, path, chance.choice(ODD_VALUES))
        read_or_refused(body, chance.choice([None, "up", "join", "status", "ack", "", "x"]))


def read_or_refused(body: dict[str, Any], event: str | None) -> None:
    """Reading ends in a message that can be kept, or in a refusal."""
    try:
        message = read_message(body, event)
    except InvalidInput:
        return
    assert message.eui is None or len(message.eui) == 16
    kept = msgspec.json.encode(message.metadata())
    assert strict_json.decode(kept) == json.loads(kept)


def planted(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy of a body with this value in one place."""
    changed = copy.deepcopy(body)
    inner = changed
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return changed


def without(body: Any, path: tuple[str | int, ...]) -> Any:
    """A copy of a body with one place left out."""
    changed = copy.deepcopy(body)
    inner = changed
    for part in path[:-1]:
        inner = inner[part]
    del inner[path[-1]]
    return changed


@pytest.mark.parametrize(
    "body",
    [
        {"deviceInfo": {"devEui": "70b3d57ed0061f2"}, "object": {"a": 1}},
        {"deviceInfo": {"devEui": 7}},
        {"devEUI": "cLPVftAGHy=="},
        {"devEUI": None},
        {"end_device_ids": {"dev_eui": "nonsense"}},
        {"dev_eui": "70b3d57ed0061f2g"},
        {"dev_eui": "７0b3d57ed0061f2a"},
    ],
)
def test_an_eui_that_is_none_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_message(body)
    assert refusal.value.errors[0].code == "identifier"


def test_an_eui_may_be_spelled_in_any_case_and_with_separators() -> None:
    for spelling in (EUI, EUI.upper(), "70:b3:d5:7e:d0:06:1f:2a", "70-B3-D5-7E-D0-06-1F-2A"):
        assert read({"dev_eui": spelling})["eui"] == EUI
        assert read({"deviceInfo": {"devEui": spelling}})["eui"] == EUI
        assert read({"end_device_ids": {"dev_eui": spelling}})["eui"] == EUI


def test_a_time_that_somebody_wrote_wrongly_is_refused_and_a_server_s_is_passed_over() -> None:
    with pytest.raises(InvalidInput, match="timestamp"):
        read_message({"dev_eui": EUI, "timestamp": "yesterday"})
    assert read({"deviceInfo": {"devEui": EUI}, "time": "yesterday"})["time"] is None
