"""Sensor templates over HTTP: made, listed with those of the system, and used for sensors."""

from __future__ import annotations

import httpx
import pytest

from tests.api.v2.telemetry.posted import device

PATH = "/api/v2/sensor-templates"
NEW = {"name": "Sole", "key": "sole_temperature", "unit": "°C", "description": "Of the heat pump"}


@pytest.fixture
def template(api: httpx.Client) -> httpx.Response:
    made = api.post(PATH, json=NEW)
    if made.status_code == 409:  # of another test
        [known] = [one for one in api.get(PATH).json()["data"] if one["name"] == NEW["name"]]
        api.delete(f"{PATH}/{known['id']}")
        made = api.post(PATH, json=NEW)
    return made


def test_one_is_made_changed_and_deleted(api: httpx.Client, template: httpx.Response) -> None:
    assert template.status_code == 201, template.text
    shown = template.json()
    path = f"{PATH}/{shown['id']}"
    assert api.get(path).json() == shown
    assert (shown["value_type"], shown["system"]) == ("float", False)
    again = api.post(PATH, json=NEW)
    assert (again.status_code, again.json()["code"]) == (409, "sensor_templates.exists")
    assert api.patch(path, json={"unit": "K", "value_type": "integer"}).json()["unit"] == "K"
    assert api.delete(path).status_code == 204
    gone = api.get(path)
    assert (gone.status_code, gone.json()["code"]) == (404, "sensor_templates.not_found")


def test_a_sensor_is_declared_with_one(api: httpx.Client, template: httpx.Response) -> None:
    path = device(api)
    template_id = template.json()["id"]
    made = api.post(f"{path}/sensors", json={"template_id": template_id})
    assert made.status_code == 201, made.text
    assert {name: made.json()[name] for name in ("key", "name", "unit")} == {
        "key": "sole_temperature",
        "name": "Sole",
        "unit": "°C",
    }
    own = api.post(f"{path}/sensors", json={"template_id": template_id, "key": "return", "name": "Return"}).json()
    assert (own["key"], own["name"], own["unit"]) == ("return", "Return", "°C")


def test_a_sensor_needs_a_key_or_a_template(api: httpx.Client) -> None:
    answer = api.post(f"{device(api)}/sensors", json={"name": "No key"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "key"
    unknown = api.post(f"{device(api)}/sensors", json={"template_id": "stp_0c2k9fq7w3m4t"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "sensor_templates.not_found")


def test_those_of_the_system_are_listed_and_stay(api: httpx.Client) -> None:
    listed = api.get(PATH, params={"limit": "1000"}).json()["data"]
    [battery] = [one for one in listed if one["system"] and one["key"] == "battery"]
    assert (battery["unit"], battery["created_at"]) == ("%", None)
    for answer in (api.patch(f"{PATH}/{battery['id']}", json={"unit": "V"}), api.delete(f"{PATH}/{battery['id']}")):
        assert (answer.status_code, answer.json()["code"]) == (409, "sensor_templates.read_only")
    assert api.post(f"{device(api)}/sensors", json={"template_id": battery["id"]}).json()["key"] == "battery"
