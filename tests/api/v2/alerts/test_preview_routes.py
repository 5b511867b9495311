"""Previews of alerts over sockets."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.api.v2.alerts.room import WARM, Room

PREVIEW = "/api/v2/alerts/preview"


def test_a_definition_that_is_not_stored_is_tried_with_stored_readings(room: Callable[..., Room]) -> None:
    here = room(enabled=False)
    here.send(5, 7, 8, 5, 9)
    found = here.api.post(PREVIEW, json={"device_id": here.id, "condition": WARM, "range": "1h"}).json()
    assert (found["raised"], found["readings"], found["suppressed"]) == (2, 5, 0)
    assert [(one["value"], one["clear_reason"], one["clear_value"]) for one in found["times"]] == [
        (7, "condition", 5),
        (9, None, None),
    ]
    assert here.events() == [], "nothing was raised"


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"condition": WARM | {"operator": "between"}}, "condition.value"),
        ({"device_id": "nonsense"}, "device_id"),
        ({"range": "1h", "from": "2026-01-01T00:00:00Z"}, "range"),
        ({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "to"),
        ({"hysteresis": -1}, "hysteresis"),
    ],
)
def test_bad_input_is_refused_by_name(room: Callable[..., Room], about: dict[str, object], field: str) -> None:
    here = room(enabled=False)
    answer = here.api.post(PREVIEW, json={"device_id": here.id, "condition": WARM} | about)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_devices_of_others_do_not_exist(room: Callable[..., Room], other_api: httpx.Client) -> None:
    answer = other_api.post(PREVIEW, json={"device_id": room(enabled=False).id, "condition": WARM})
    assert (answer.status_code, answer.json()["code"]) == (404, "devices.not_found")


def test_a_key_sees_no_more_than_it_may_read(room: Callable[..., Room], api: httpx.Client) -> None:
    here = room(enabled=False)
    key = api.post("/api/v2/keys", json={"name": f"k {here.id}", "scopes": ["alerts:read"]}).json()["value"]
    answer = api.post(PREVIEW, json={"device_id": here.id, "condition": WARM}, headers={"X-API-Key": key})
    assert answer.status_code == 403
    assert "telemetry:read" in answer.text
