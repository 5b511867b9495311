"""Commands between wire and core: places, times in seconds, and states in one word."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from penstock.api.v2.commands import wire
from penstock.api.v2.commands.translate import (
    from_core_parameters,
    status_of,
    to_core_definition,
    to_core_definition_patch,
    to_core_execution_filter,
    to_core_parameters,
)
from penstock.core.commands.models import Execution, State, Verification
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DefinitionId, DeviceId, ExecutionId, OrgId, Prefix, ProjectId, encode

TEN = encode(Prefix.DEVICE, DeviceId(10))


def execution(state: State, **about: Any) -> Execution:
    known: dict[str, Any] = {
        "id": ExecutionId(1),
        "org_id": OrgId(1),
        "device_id": DeviceId(10),
        "definition_id": DefinitionId(2),
    }
    known |= {"name": "go", "parameters": {}, "transport": "any", "verification": Verification.ACKNOWLEDGEMENT, "timeout_us": 1}
    return Execution(**known | {"repeatable": False, "created_by": "", "created_us": 1, "expires_us": 2, "state": state} | about)


@pytest.mark.parametrize(
    ("state", "about", "words"),
    [
        (State.QUEUED, {}, "Pending"),
        (State.SENT, {}, "Pending"),
        (State.RECEIVED, {}, "Pending"),
        (State.DONE, {}, "Confirmed"),
        (State.DONE, {"verification": Verification.NONE}, "Delivered"),
        (State.EXPIRED, {"received_us": 0}, "Soft warning"),
        (State.EXPIRED, {}, "Failed"),
        (State.CANCELLED, {}, "Failed"),
        (State.FAILED, {"received_us": 5}, "Failed"),
    ],
)
def test_states_in_one_word(state: State, about: dict[str, Any], words: str) -> None:
    assert status_of(execution(state, **about)) == words


def test_a_place_is_that_of_the_path_or_of_the_body() -> None:
    plain = wire.DeviceCommandCreate(name="go", timeout_s=5)
    found = to_core_definition(plain, device_id=DeviceId(10))
    assert (found.device_id, found.device_type, found.project_id, found.timeout_us) == (10, None, None, 5_000_000)
    sent = wire.CommandCreate(name="go", project_id=encode(Prefix.PROJECT, ProjectId(3)))
    assert (to_core_definition(sent).device_id, to_core_definition(sent).project_id) == (None, 3)
    with pytest.raises(InvalidInput):
        to_core_definition(wire.CommandCreate(name="go", device_id="nonsense"))


def test_a_patch_holds_what_was_sent() -> None:
    found = to_core_definition_patch(wire.CommandPatch(timeout_s=5, verification="none", parameters=[]))
    assert (found.timeout_us, found.verification, found.parameters) == (5_000_000, Verification.NONE, ())
    assert found.name is found.transport is found.repeatable is UNSET


def test_parameters_come_back_as_they_were_sent() -> None:
    sent = [
        wire.Parameter(name="mode", type="enum", values=["eco", "boost"], default="eco"),
        wire.Parameter(name="seconds", type="integer", required=True, minimum=1, maximum=60),
    ]
    assert from_core_parameters(to_core_parameters(sent)) == sent


def test_filters_name_what_is_wrong() -> None:
    good = msgspec.convert({"device_id": TEN, "state": "done", "from": "2026-05-02T12:00:00Z"}, wire.ExecutionQuery)
    assert (to_core_execution_filter(good).device_id, to_core_execution_filter(good).state) == (10, State.DONE)
    for query, field in (({"definition_id": TEN}, "definition_id"), ({"to": "soon"}, "to")):
        with pytest.raises(InvalidInput) as refused:
            to_core_execution_filter(msgspec.convert(query, wire.ExecutionQuery))
        assert refused.value.errors[0].field == field
