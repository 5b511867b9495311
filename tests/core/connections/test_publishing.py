"""Commands for an external broker: topic and payload in the form that it wants, and nothing that would be another topic."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from penstock.core.commands.models import Execution
from penstock.core.connections.publishing import Publication, publication_of
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import OrgId
from tests.adapters.storage.sqlite.test_commands import execution
from tests.core.connections.broker import BROKER

SETTINGS = msgspec.structs.replace(BROKER, command_topic="cmd/{{deviceId}}/{{command}}")


def made(settings: Any = SETTINGS, device_name: str | None = "pump-1", **parameters: Any) -> Publication:
    asked: Execution = execution(SimpleNamespace(acme=OrgId(1)), 1, parameters=parameters, expires_us=77)  # type: ignore[arg-type]
    return publication_of(settings, asked, device_name, None)


def paid(kind: str, topic: str = "cmd/{{deviceId}}") -> Any:
    return msgspec.structs.replace(BROKER, command_topic=topic, command_payload=kind)


def test_by_default_the_whole_command_is_published() -> None:
    found = made(seconds=3)
    assert (found.topic, found.expires_us) == ("cmd/pump-1/restart", 77)
    assert json.loads(found.payload)["params"] == {"seconds": 3}


@pytest.mark.parametrize(
    ("parameters", "payload"),
    [({}, b""), ({"on": True}, b"true"), ({"text": "a b"}, b"a b"), ({"o": {"a": 1}}, b'{"a":1}'), ({"n": 2.5}, b"2.5")],
)
def test_a_single_value_is_itself(parameters: dict[str, Any], payload: bytes) -> None:
    assert made(paid("value"), **parameters).payload == payload


def test_several_values_are_no_single_one_and_parameters_go_as_json() -> None:
    with pytest.raises(InvalidInput) as refused:
        made(paid("value"), a=1, b=2)
    assert refused.value.errors[0].field == "parameters"
    assert json.loads(made(paid("parameters"), a=1, b=2).payload) == {"a": 1, "b": 2}
    assert made(paid("parameters", "cmd/{{value}}"), a="eco").topic == "cmd/eco"


@pytest.mark.parametrize(
    ("settings", "device_name"),
    [
        (BROKER, "pump-1"),
        (SETTINGS, None),
        (SETTINGS, "a/b"),
        (SETTINGS, "#"),
        (paid("parameters", "cmd/{{value}}"), "pump-1"),
    ],
)
def test_a_topic_that_cannot_be_filled_is_refused(settings: Any, device_name: str | None) -> None:
    with pytest.raises(InvalidInput):
        made(settings, device_name, a=1, b=2)
