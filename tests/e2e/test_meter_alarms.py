"""Alarms of meters reach those who wait for them: webhooks, rules and the alerts that these raise, and residents."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from penstock.kit.clock import HOUR_US
from tests.security.people import Registry
from tests.support.days import NOON_US
from tests.support.metered import Building, at, metered
from tests.support.waiting import awaited


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Building]:
    with metered(tmp_path_factory.mktemp("alarms")) as found:
        yield found


def messages(building: Building, topic: str, count: int) -> list[dict[str, Any]]:
    """The messages of a topic to webhooks, oldest first, as soon as there are so many."""

    def found() -> list[dict[str, Any]]:
        rows = building.call("GET", "/api/v2/webhook-messages", topic=topic)["data"]
        return rows[::-1] if len(rows) >= count else []

    return awaited(found)


def test_webhooks_and_rules_are_told(building: Building) -> None:
    building.call("POST", "/api/v2/webhooks", {"url": "https://hooks.invalid/", "topics": ["meter.alarm.*"]})
    definition = {
        "trigger": {"type": "event", "topics": ["meter.alarm.opened"]},
        "condition": 'event.body.kind == "tamper" && event.body.customer_id != ""',
        "actions": [{"type": "raise_alert", "name": "meter", "severity": "high", "text": "{{ event.body.message }}"}],
    }
    rule = building.call("POST", "/api/v2/rules", {"name": "meters", "definition": definition})
    building.call("POST", f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy")
    meter = building.meter()
    (alarm,) = building.reported(meter, (0, {"tamper": True}))
    (opened,) = messages(building, "meter.alarm.opened", 1)
    shown = building.call("GET", f"/api/v2/webhook-messages/{opened['id']}")
    data = json.loads(shown["payload"])["data"]
    assert data["id"] == data["alarm_id"] == alarm["id"]
    same = (
        "device_id",
        "device_name",
        "customer_id",
        "kind",
        "state",
        "message",
        "since",
        "last_seen_at",
        "until",
        "value",
        "unit",
    )
    assert {name: data[name] for name in same} == {name: alarm[name] for name in same}
    (alert,) = awaited(lambda: building.call("GET", "/api/v2/alert-events", device_id=meter)["data"])
    assert alert["message"] == alarm["message"] == "The meter reports that it was tampered with (tamper)."
    building.call("POST", f"/api/v2/meter-alarms/{alarm['id']}/acknowledge", {"note": "Seen"})
    (over,) = building.reported(meter, (1, {"tamper": False}))
    assert over["until"] == at(1)
    messages(building, "meter.alarm.acknowledged", 1)
    messages(building, "meter.alarm.closed", 1)
    building.evaluate()
    assert len(messages(building, "meter.alarm.*", 3)) == 3, "each once"


@pytest.fixture
def grace(building: Building) -> Iterator[tuple[str, httpx.Client]]:
    """A resident who has signed in, and their client."""
    resident_id = building.resident()
    people = Registry(building.org.data_dir, building.org.organization_id, building.server.run)
    person = people.resident(f"g-{secrets.token_hex(4)}", resident_id)
    with building.server.socket_client() as client:
        client.headers["Authorization"] = f"Bearer {person.access_token}"
        client.headers["X-Organization-Id"] = building.org.organization_id
        yield resident_id, client


def test_residents_see_the_alarms_of_their_own_meters_since_they_moved_in(
    building: Building, grace: tuple[str, httpx.Client]
) -> None:
    resident_id, client = grace
    meter, foreign = building.meter("Flat 1"), building.meter("Flat 2")
    building.reported(meter, *[(hours, 10 + hours / 100) for hours in range(-30, 1)])
    building.reported(meter, (0.02, {"tamper": True}), (0.03, {"tamper": False}))
    building.reported(foreign, (0, {"battery": 2.1}))

    def shown(**query: str) -> list[dict[str, Any]]:
        answer = client.get("/api/v2/profile/meter-alarms", params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def seen(**query: str) -> list[tuple[str, str]]:
        return [(one["device_name"], one["message"]) for one in shown(**query)]

    assert seen() == [], "not theirs yet"
    building.clock.us = NOON_US + HOUR_US // 20
    building.call("PUT", f"/api/v2/devices/{meter}/placement", {"resident_id": resident_id, "from": at(0.05)})
    leak = ("Flat 1", "The flow does not stop. There may be a leak.")
    assert seen() == [leak], "it still runs"
    assert [(one["since"], one["last_seen_at"], one["value"]) for one in shown()] == [(at(0.05), at(0.05), None)]
    building.reported(meter, (0.1, {"tamper": True}))
    assert seen() == [("Flat 1", "The meter reports that it was tampered with (tamper)."), leak]
    assert [one["resident_id"] for one in building.alarms(device_id=meter)] == [None, None, resident_id]
    assert seen(kind="burst") == seen(device_id=foreign) == []
    assert client.get("/api/v2/meter-alarms").json()["code"] == "auth.resident_bound"
    building.call("DELETE", f"/api/v2/devices/{meter}/placement")
    assert seen() == [], "no longer theirs"


def test_a_device_is_a_meter_by_the_registers_of_its_profile(building: Building) -> None:
    register = {"name": "volume", "kind": "volume", "unit": "L", "sources": [{"field": "litres", "unit": "L"}]}
    profile = building.call("POST", "/api/v2/profiles", {"name": "litres", "registers": [register]})
    found = {}
    for name, made in (("meter", {"profile_id": profile["id"]}), ("other", {})):
        device = building.call("POST", "/api/v2/devices", {"name": name, **made})["device"]["id"]
        found[name] = building.reported(device, *[(hours, 1000 + 4 * hours) for hours in range(30)], field="litres")
    (leak,) = found.pop("meter")
    assert (leak["kind"], leak["value"], leak["customer_id"], found) == ("continuous_flow", 0.004, None, {"other": []})


BROKEN = "function decodeUplink() { return {errors: ['unknown frame']}; }"
MENDED = "function decodeUplink(input) { return {data: {consumption_m3: 10 + input.bytes[0] / 100}}; }"


def test_a_re_decode_that_changes_the_past_changes_the_alarms(building: Building) -> None:
    profile = building.call("POST", "/api/v2/profiles", {"name": "Ultrasonic"})["id"]
    building.call("POST", f"/api/v2/profiles/{profile}/codec-versions", {"script": BROKEN})
    eui = secrets.token_hex(8)
    device = {"name": "Flat 9", "profile_id": profile, "identifiers": [{"kind": "eui", "value": eui}]}
    meter = building.call("POST", "/api/v2/devices", device)["device"]["id"]
    building.call("PUT", f"/api/v2/devices/{meter}/placement", {"customer_id": building.customer_id})

    def uplink(hours: float, counted: int) -> None:
        data = base64.b64encode(bytes([counted])).decode()
        body = {
            "deduplicationId": secrets.token_hex(8),
            "time": at(hours),
            "deviceInfo": {"devEui": eui},
            "fPort": 1,
            "data": data,
        }
        building.call("POST", "/api/v1/ingest/water-consumption", body)

    for number in range(30):
        uplink(number - 30, number)
    building.evaluate()
    assert building.alarms(device_id=meter) == []
    building.call("POST", f"/api/v2/profiles/{profile}/codec-versions", {"script": MENDED})
    redecode = building.call("POST", "/api/v2/redecodes", {"profile_id": profile})["id"]
    awaited(lambda: building.call("GET", f"/api/v2/redecodes/{redecode}")["state"] == "done" or None)
    numbers = iter(range(31, 256))

    def since() -> str | None:
        """When the leak began, by the readings up to one that arrives now."""
        number = next(numbers)
        uplink((number - 30) / 100, number)
        building.evaluate()
        (leak,) = building.alarms(device_id=meter)
        assert leak["kind"] == "continuous_flow"
        return str(leak["since"]) if leak["since"] == at(-30) else None

    assert awaited(since)
