"""Event types: what devices of a project tell, described beside the commands that they understand."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

PATH = "/api/v2/event-types"
FIELDS = [
    {"name": "kind", "type": "enum", "values": ["pressure"]},
    {"name": "level", "type": "enum", "values": ["low", "high"]},
    {"name": "value", "type": "number"},
]


@pytest.fixture
def project_id(api: httpx.Client) -> str:
    return str(api.post("/api/v2/projects", json={"name": "Events"}).json()["id"])


def describe(api: httpx.Client, project_id: str, name: str = "ALARM", **more: Any) -> httpx.Response:
    return api.post(PATH, json={"project_id": project_id, "name": name, **more})


def test_an_event_type_is_described_and_shows_its_format(api: httpx.Client, project_id: str) -> None:
    made = describe(api, project_id, description="out of bounds", fields=FIELDS)
    assert made.status_code == 201, made.text
    shown = made.json()
    assert shown["format"] == {"ALARM": {"kind": "pressure", "level": "<low|high>", "value": "<free value>"}}
    assert api.get(f"{PATH}/{shown['id']}").json() == shown
    assert api.get(PATH, params={"project_id": project_id}).json()["data"] == [shown]


def test_a_name_stands_once_in_a_project_and_may_stand_in_another(api: httpx.Client, project_id: str) -> None:
    assert describe(api, project_id).status_code == 201
    again = describe(api, project_id)
    assert (again.status_code, again.json()["code"]) == (409, "event_types.exists")
    other = api.post("/api/v2/projects", json={"name": "Other"}).json()["id"]
    assert describe(api, other).status_code == 201
    second = describe(api, other, "RESET").json()["id"]
    assert api.patch(f"{PATH}/{second}", json={"name": "ALARM"}).status_code == 409


def test_an_event_and_a_command_of_a_project_may_have_one_name(api: httpx.Client, project_id: str) -> None:
    assert api.post("/api/v2/commands", json={"name": "blink", "project_id": project_id}).status_code == 201
    assert describe(api, project_id, "blink").status_code == 201


def test_a_patch_changes_what_it_names(api: httpx.Client, project_id: str) -> None:
    made = describe(api, project_id, fields=FIELDS).json()
    changed = api.patch(f"{PATH}/{made['id']}", json={"name": "WARNING"}).json()
    assert (changed["name"], changed["fields"]) == ("WARNING", made["fields"])
    assert list(changed["format"]) == ["WARNING"]
    [entry] = api.get("/api/v2/logs", params={"action": "event_type.update", "limit": "1"}).json()["data"]
    assert made["id"] in str(entry)


def test_a_deleted_one_is_gone(api: httpx.Client, project_id: str) -> None:
    made = describe(api, project_id).json()
    assert api.delete(f"{PATH}/{made['id']}").status_code == 204
    assert api.get(f"{PATH}/{made['id']}").status_code == 404
    assert api.delete(f"{PATH}/{made['id']}").status_code == 404


def test_pages_follow_one_another(api: httpx.Client, project_id: str) -> None:
    names = [describe(api, project_id, f"E{number}").json()["name"] for number in range(5)]
    found: list[str] = []
    cursor = None
    while True:
        query = {"project_id": project_id, "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = api.get(PATH, params=query).json()
        found += [one["name"] for one in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == names[::-1]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "A", "fields": [{"name": "a", "type": "number"}, {"name": "a", "type": "string"}]}, "fields[1].name"),
        ({"name": "A", "fields": [{"name": "a", "type": "enum"}]}, "fields[0].values"),
        ({"name": "A", "direction": "event"}, "direction"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(api: httpx.Client, project_id: str, body: dict[str, Any], field: str) -> None:
    refused = api.post(PATH, json={"project_id": project_id} | body)
    assert refused.status_code == 400
    assert [one["field"] for one in refused.json()["errors"]] == [field]


def test_a_project_that_is_nobodys_is_not_found(api: httpx.Client) -> None:
    assert describe(api, "prj_0c2k9fq7w3b7h").status_code == 404


def test_a_device_may_say_what_nobody_described(api: httpx.Client, project_id: str) -> None:
    describe(api, project_id, fields=FIELDS)
    device = api.post("/api/v2/devices", json={"name": "Pump", "project_id": project_id}).json()["device"]
    for payload in ({"ALARM": {"level": "far too high"}}, {"UNHEARD_OF": {"value": 1}}):
        assert api.post(f"/api/v2/devices/{device['id']}/telemetry", json={"data": payload}).is_success
