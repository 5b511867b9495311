"""Many alert events at once: each is done or not by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.v2.alerts.room import Room

PATH = "/api/v2/alert-events/bulk"
UNKNOWN = "evt_0c2k9fq7w4b2d"


def test_each_event_has_its_outcome(room: Callable[..., Room]) -> None:
    here = room()
    here.send(7)
    found = here.wait(state="open")["id"]
    done = here.api.post(PATH, json={"action": "acknowledge", "event_ids": [UNKNOWN, found], "note": "seen"})
    assert done.status_code == 200, done.text
    shown = done.json()
    assert (shown["done"], shown["failed"]) == (1, 1)
    assert [(one["event_id"], one["done"], one["code"]) for one in shown["data"]] == [
        (UNKNOWN, False, "alerts.event_not_found"),
        (found, True, None),
    ]
    assert here.events()[0]["note"] == "seen"
    snoozed = here.api.post(PATH, json={"action": "snooze", "event_ids": [found], "for_s": 3600}).json()
    assert snoozed["done"] == 1
    assert here.events()[0]["snoozed_until"] is not None
    assert here.api.get(here.path).json()["snoozed_until"] is None, "only this device is snoozed"
    assert here.api.post(PATH, json={"action": "clear", "event_ids": [found]}).json()["done"] == 1
    assert here.events()[0]["state"] == "cleared"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "delete", "event_ids": [UNKNOWN]}, "action"),
        ({"action": "clear", "event_ids": []}, "event_ids"),
        ({"action": "clear", "event_ids": [UNKNOWN] * 501}, "event_ids"),
        ({"action": "clear", "event_ids": [UNKNOWN, "dev_1"]}, "event_ids[1]"),
        ({"action": "clear", "event_ids": [UNKNOWN], "note": "x"}, "note"),
        ({"action": "acknowledge", "event_ids": [UNKNOWN], "for_s": 5}, "for_s"),
        ({"action": "snooze", "event_ids": [UNKNOWN], "until": "soon"}, "until"),
    ],
)
def test_a_wrong_field_is_named(api: httpx.Client, body: dict[str, Any], field: str) -> None:
    answer = api.post(PATH, json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["field"] == field
