"""Commands over Iottly's API: dotted values become parameters, and the command waits for its device."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.dialects.iottly.conftest import World

PARAMETERS = [
    {"name": "threshold", "type": "string", "required": True},
    {"name": "mode", "type": "enum", "values": ["start", "stop"], "default": "stop"},
    {"name": "seconds", "type": "integer"},
    {"name": "factor", "type": "number"},
    {"name": "loud", "type": "boolean"},
    {"name": "limits", "type": "object"},
]


@pytest.fixture(scope="module")
def command(world: World) -> str:
    """The id of a command that every device of the project understands."""
    wanted = {"name": "set_alarm_threshold", "project_id": world.project_id, "parameters": PARAMETERS}
    answer = world.api.post("/api/v2/commands", json=wanted)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def send(world: World, values: dict[str, Any], changes: dict[str, Any] | None = None) -> tuple[int, str]:
    body = {"cmd_type": "set_alarm_threshold", "values": values} | (changes or {})
    answer = world.iottly.post(f"{world.device}/command", json=body)
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("values", "parameters"),
    [
        ({"threshold": "41.5"}, {"threshold": "41.5", "mode": "stop"}),
        ({"threshold": "41.5", "mode": "start"}, {"threshold": "41.5", "mode": "start"}),
        ({"threshold": "1", "mode": "", "seconds": None}, {"threshold": "1", "mode": "stop"}),
        (
            {"threshold": "1", "seconds": "30", "factor": "-1.5", "loud": "true"},
            {"threshold": "1", "mode": "stop", "seconds": 30, "factor": -1.5, "loud": True},
        ),
        ({"threshold": "1", "seconds": 30}, {"threshold": "1", "mode": "stop", "seconds": 30}),
        (
            {"threshold": "1", "limits.high": 3, "limits.low": 1},
            {"threshold": "1", "mode": "stop", "limits": {"high": 3, "low": 1}},
        ),
    ],
)
def test_dotted_values_become_parameters(world: World, command: str, values: dict[str, Any], parameters: dict[str, Any]) -> None:
    dotted = {f"set_alarm_threshold.{name}": value for name, value in values.items()}
    assert send(world, dotted) == (200, '{"status": 200}')
    query = {"device_id": world.device_id, "definition_id": command, "limit": 1}
    [execution] = world.api.get("/api/v2/command-executions", params=query).json()["data"]
    assert (execution["name"], execution["state"]) == ("set_alarm_threshold", "queued")
    assert execution["parameters"] == parameters


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({}, {}),
        ({"threshold": "41.5"}, {}),
        ({"other.threshold": "41.5"}, {}),
        ({"set_alarm_threshold.threshold": "1", "set_alarm_threshold.other": "1"}, {}),
        ({"set_alarm_threshold.threshold": "1", "set_alarm_threshold.mode": "pause"}, {}),
        ({"set_alarm_threshold.threshold": "1", "set_alarm_threshold.seconds": "soon"}, {}),
        ({"set_alarm_threshold.threshold": "1", "set_alarm_threshold.threshold.deep": "1"}, {}),
        ({"set_alarm_threshold.": "1"}, {}),
        ({"set_alarm_threshold.threshold": "1"}, {"cmd_type": "nonsense"}),
        ({"set_alarm_threshold.threshold": "1"}, {"cmd_type": ""}),
        ({"set_alarm_threshold.threshold": "1"}, {"more": 1}),
        ({"set_alarm_threshold.threshold": "1"}, {"values": None}),
    ],
)
def test_what_does_not_fit_is_refused(world: World, command: str, values: dict[str, Any], changes: dict[str, Any]) -> None:
    status, text = send(world, values, changes)
    assert status == 400, text
    assert text.startswith('{"error": "'), text
