"""A rule with versions, runs, a hook, and a rehearsal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.waiting import awaited

PATIENCE_S = 60


def make_rules(call: Callable[..., Any], device_id: str, name: str) -> dict[str, str]:
    """One rule of the device that acted twice and rests now. Its rehearsal is over."""
    trigger = {"type": "reading", "device_ids": [device_id], "sensors": ["rule_holding"]}
    action = {"type": "label", "key": "rule", "value": f"{name[:40]} {{{{ reading.values.rule_holding }}}}"}
    definition = {"trigger": trigger, "condition": "reading.values.rule_holding > 0.0", "actions": [action]}
    rule = call("POST", "/api/v2/rules", {"name": f"{name} rule", "definition": definition})
    path = f"/api/v2/rules/{rule['id']}"
    call("POST", f"{path}/versions/{rule['newest']['id']}/deploy")
    call("POST", f"/api/v2/devices/{device_id}/telemetry", [{"data": {"rule_holding": 1}} for _ in range(2)])
    runs = awaited(lambda: found if len(found := _ended(call("GET", f"{path}/executions")["data"])) == 2 else [], PATIENCE_S)
    call("POST", f"{path}/stop", {})
    call("POST", f"{path}/versions/{rule['newest']['id']}/restore", {})
    hook = call("POST", f"{path}/hook")
    span = {"from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z"}
    rehearsal = call("POST", f"{path}/rehearse", span)
    awaited(lambda: call("GET", f"/api/v2/rehearsals/{rehearsal['id']}")["state"] == "done", PATIENCE_S)
    return {
        "rule_id": rule["id"],
        "version_id": rule["newest"]["id"],
        "run_id": runs[0]["id"],
        "rehearsal_id": rehearsal["id"],
        "hook_id": hook["hook_id"],
        "hook_secret": hook["secret"],
    }


def _ended(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in runs if one["outcome"] == "done"]
