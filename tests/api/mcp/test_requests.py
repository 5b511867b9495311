"""Arguments become requests; what cannot is told by its name."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.api.mcp.errors import ArgumentInvalid
from penstock.api.mcp.requests import request_of
from penstock.api.mcp.tools import build_tools
from penstock.bootstrap.dialects import CHOICES
from tests.security.table import operations

TOOLS = build_tools(operations(), CHOICES)


def request(name: str, /, **arguments: Any) -> tuple[str, str, str, Any]:
    made = request_of(TOOLS[name], arguments)
    return made.method, made.path, made.query, msgspec.json.decode(made.body) if made.body is not None else None


def test_path_query_and_body() -> None:
    assert request("device_list", label=["a:b", "c:d"], has_alert=True, q=None) == (
        "GET",
        "/api/v2/devices",
        "limit=25&has_alert=true&label=a%3Ab&label=c%3Ad",
        None,
    )
    assert request("device_sensor_get", device_id="dev_1", key="a/b?") == (
        "GET",
        "/api/v2/devices/dev_1/sensors/a%2Fb%3F",
        "",
        None,
    )
    assert request("rule_simulate", rule_id="rul_1", **{"from": "2026-01-01T00:00:00Z", "to": 5}) == (
        "POST",
        "/api/v2/rules/rul_1/rehearse",
        "",
        {"from": "2026-01-01T00:00:00Z", "to": 5},
    )
    assert request("rule_version_differences_get", rule_id="r", version_id="v", query_version_id="w")[1:3] == (
        "/api/v2/rules/r/versions/v/differences",
        "version_id=w",
    )
    assert request("connection_create", body={"type": "custom", "name": "n"})[3] == {"type": "custom", "name": "n"}
    assert request("rule_stop", rule_id="r")[3] == {}
    made = request("device_provision_lorawan", name="n", dev_eui="00")[3]
    assert made == {"name": "n", "identifiers": [{"kind": "eui", "value": "00"}]}


def test_a_list_is_short() -> None:
    assert request("device_list", limit=5)[2] == "limit=5"
    assert request("device_list", limit=1000)[2] == "limit=100"
    assert request("device_list", limit="many")[2] == "limit=many"  # the operation says what is wrong


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("device_list", {"limt": 1}, "no argument 'limt'; the nearest is limit"),
        ("device_get", {}, "needs the argument device_id"),
        ("device_get", {"device_id": None}, "needs the argument device_id"),
        ("device_get", {"device_id": ""}, "device_id must not be empty"),
        ("device_get", {"device_id": {"a": 1}}, "device_id must be a text"),
        ("device_list", {"label": [["a"]]}, "label must be a text"),
        ("device_provision_lorawan", {"name": "n"}, "needs the argument dev_eui"),
    ],
)
def test_what_is_wrong_is_named(name: str, arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(ArgumentInvalid, match=told):
        request_of(TOOLS[name], arguments)


def test_a_body_is_not_shown() -> None:
    assert "hidden" not in repr(request_of(TOOLS["alarm_acknowledge"], {"event_id": "e", "note": "hidden"}))
