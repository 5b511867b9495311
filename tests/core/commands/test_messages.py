"""Commands and acknowledgements as JSON, the same by every transport."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from penstock.core.commands.messages import command_message, compact_message, read_acknowledgement
from penstock.core.commands.models import Acknowledgement
from penstock.kit.clock import SECOND_US, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DefinitionId, ExecutionId, Prefix, encode
from tests.support.days import NOON_US

NAME = encode(Prefix.EXECUTION, ExecutionId(5))


def execution(**parameters: object) -> Any:
    times = {"created_us": NOON_US, "expires_us": NOON_US + SECOND_US}
    return cast(Any, SimpleNamespace(id=ExecutionId(5), name="close", parameters=parameters, **times))


def test_what_a_device_is_told() -> None:
    assert msgspec.to_builtins(command_message(execution(valve=1))) == {
        "id": NAME,
        "name": "close",
        "parameters": {"valve": 1},
        "created_at": format_time(NOON_US),
        "expires_at": format_time(NOON_US + SECOND_US),
    }
    assert json.loads(compact_message(execution(valve=1), "7")) == {"command": "close", "params": {"valve": 1}, "id": "7"}
    assert json.loads(compact_message(execution(), "7")) == {"command": "close", "id": "7"}


@pytest.mark.parametrize(
    ("raw", "named", "said"),
    [
        ("{}", None, Acknowledgement()),
        (f'{{"id": "{NAME}", "ok": true, "result": [1]}}', 5, Acknowledgement(ok=True, result=[1])),
        ('{"ok": false, "error": "stuck"}', None, Acknowledgement(ok=False, error="stuck")),
        ('{"progress": 0.5}', None, Acknowledgement(progress=0.5)),
        ('{"id": "close"}', 0, Acknowledgement()),
        (f'{{"id": "{encode(Prefix.DEFINITION, DefinitionId(5))}"}}', 0, Acknowledgement()),
    ],
)
def test_what_a_device_says(raw: str, named: int | None, said: Acknowledgement) -> None:
    assert read_acknowledgement(raw.encode()) == (named, said)


@pytest.mark.parametrize("raw", ["", "[]", '{"ok": "yes"}', '{"okay": true}', '{"error": "%s"}' % ("x" * 2001)])
def test_what_is_no_acknowledgement(raw: str) -> None:
    with pytest.raises(InvalidInput):
        read_acknowledgement(raw.encode())
