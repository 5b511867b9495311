"""What says that a device is offline never makes it online: conventions of brokers, and a device's own status on every way in."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import paho.mqtt.publish as mqtt
import pytest

from tests.ingress.mqtt.client.conftest import ALLOWED, Shown, Site, site_of
from tests.support.brokers import Nats
from tests.support.cases import check_all
from tests.support.server import RunningServer, running_server
from tests.support.waiting import awaited

CONVENTIONS: dict[str, tuple[str, list[str], list[str]]] = {
    "Tasmota": ("tele/{}/LWT", ["Offline", "offline", " OFFLINE ", "0", "false", '"Offline"'], ["Online", '"online"']),
    "Zigbee2MQTT": (
        "zigbee2mqtt/{}/availability",
        ["offline", '{"state":"offline"}', '{"state": "OFFLINE"}', '[{"state":"offline"}]', '{"value":"offline"}'],
        ['{"state":"online"}'],
    ),
    "ESPHome": ("esp/{}/status", ["offline", "Offline"], ["online"]),
    "Shelly": ("shellies/{}/online", ["false", "False", "0"], ["true"]),
    "Homie": ("homie/{}/$state", ["lost", "disconnected", '"lost"'], ["ready"]),
    "connected": ("plant/{}/connected", ["Offline"], ["Online"]),
    "the device's own topic": ("named/{}", ["offline", "Offline"], ["online"]),
    "own words": (
        "own/{}/here",
        ["gone", "GONE", '{"a":"gone"}', '"gone"', "offline", '{"a":{"status":"offline"}}'],
        ["present"],
    ),
}
"""Topic, words for offline, words for online."""
KEYED = "keyed/{}/LWT"
UNKNOWN = {"tele/{}/LWT": "perhaps", "zigbee2mqtt/{}/availability": '{"state":"asleep"}', "own/{}/here": "perhaps"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("available") / "data", environment=ALLOWED) as running:
        yield running


@pytest.fixture(scope="module")
def site(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    broker = Nats(tmp_path_factory.mktemp("broker"))
    broker.start()
    try:
        with server.client(server.orgs["Acme"]) as api, site_of(broker, api) as found:
            connect(found)
            yield found
    finally:
        broker.stop()


def connect(site: Site) -> Shown:
    subscriptions: list[dict[str, Any]] = [
        {"topic": f"{site.topic}/{topic.format('{{deviceId}}')}"}
        for name, (topic, *_) in CONVENTIONS.items()
        if name != "own words"
    ]
    own = {"payload": "availability", "online_values": ["present"], "offline_values": ["Gone"]}
    subscriptions.append({"topic": f"{site.topic}/own/{{{{deviceId}}}}/here"} | own)
    subscriptions.append({"topic": f"{site.topic}/keyed/{{{{deviceId}}}}/{{{{key}}}}"})
    subscriptions.append({"topic": f"{site.topic}/data/{{{{deviceId}}}}/t"})
    return site.connect(*subscriptions)


def shown(site: Site, device_id: str) -> dict[str, Any]:
    found: dict[str, Any] = site.api.get(f"/api/v2/devices/{device_id}").raise_for_status().json()
    return found


def connectivity(site: Site, device_id: str) -> str:
    return str(shown(site, device_id)["connectivity"])


def changes(site: Site, device_id: str) -> list[tuple[str, str]]:
    found = site.api.get(f"/api/v2/devices/{device_id}/connectivity").json()["data"]
    return [(one["connectivity"], one["reason"]) for one in found]


def test_a_device_that_is_reported_offline_is_not_online(site: Site) -> None:
    cases = [(topic, word) for topic, words, _ in CONVENTIONS.values() for word in words] + [(KEYED, "Offline")]

    def check(case: tuple[str, str]) -> None:
        topic, word = case
        name = f"d-{secrets.token_hex(4)}"
        device_id = site.device(name)
        site.publisher.publish(f"{site.topic}/{topic.format(name)}", word)
        awaited(lambda: connectivity(site, device_id) == "offline")
        assert shown(site, device_id)["last_seen_at"] is None
        assert shown(site, device_id)["malformed"] is None
        # A reading makes it online; what is published in its place afterwards makes it offline again.
        site.publisher.publish(f"{site.topic}/data/{name}/t", "21.5")
        awaited(lambda: connectivity(site, device_id) == "online")
        site.publisher.publish(f"{site.topic}/{topic.format(name)}", word)
        awaited(lambda: connectivity(site, device_id) == "offline")
        expected = [("offline", "reported"), ("online", "reading"), ("offline", "reported")]
        awaited(lambda: changes(site, device_id) == expected, what=f"all of {expected}")
        kinds = {row["kind"] for row in site.rows(device_id)}
        assert kinds == {"status", "telemetry"}

    check_all(cases, check, str)


def test_a_device_that_is_reported_online_is_online(site: Site) -> None:
    def check(case: tuple[str, str]) -> None:
        topic, word = case
        name = f"d-{secrets.token_hex(4)}"
        device_id = site.device(name)
        site.publisher.publish(f"{site.topic}/{topic.format(name)}", word)
        awaited(lambda: connectivity(site, device_id) == "online")

    check_all([(topic, word) for topic, _, words in CONVENTIONS.values() for word in words], check, str)


def test_another_word_is_a_counted_fault_and_not_online(site: Site) -> None:
    def check(topic: str) -> None:
        name = f"d-{secrets.token_hex(4)}"
        device_id = site.device(name)
        site.publisher.publish(f"{site.topic}/{topic.format(name)}", UNKNOWN[topic])
        fault = awaited(lambda: shown(site, device_id)["malformed"])
        assert "must be online or offline" in fault["last_reason"]
        assert json.dumps(UNKNOWN[topic])[1:-1].split('\\"')[-2 if "state" in UNKNOWN[topic] else 0] in fault["last_reason"]
        assert connectivity(site, device_id) == "never"

    check_all(UNKNOWN, check)


def test_words_that_only_look_like_it_stay_values(site: Site) -> None:
    name = f"d-{secrets.token_hex(4)}"
    device_id = site.device(name)
    for word in ("heating", "7"):
        site.publisher.publish(f"{site.topic}/esp/{name}/status", word)
    site.publisher.publish(f"{site.topic}/named/{name}", '{"grid":{"status":"offline"}}')
    rows = awaited(lambda: [row for row in [site.rows(device_id)] if len(row) == 3])[0]
    values = [{"status": "heating"}, {"status": 7}, {"grid": {"status": "offline"}}]
    assert [(row["kind"], row["data"]) for row in rows] == [("telemetry", one) for one in values]
    awaited(lambda: connectivity(site, device_id) == "online")


@pytest.mark.parametrize("said", ["Offline", " offline ", '"offline"', '{"online": false}', '{"state": "OFFLINE"}'])
def test_a_device_s_own_status(server: RunningServer, site: Site, said: str) -> None:
    made = site.api.post("/api/v2/devices", json={"name": "Pump"}).json()
    device_id, token = made["device"]["id"], made["access_token"]
    auth: Any = {"username": device_id, "password": token}
    mqtt.single(f"d/{device_id}/s", said, 1, hostname="127.0.0.1", port=server.mqtt_port, client_id=device_id, auth=auth)
    awaited(lambda: connectivity(site, device_id) == "offline")
    (row,) = site.rows(device_id)
    assert row["kind"] == "status"


def test_a_status_over_http(site: Site) -> None:
    device_id = site.device(f"d-{secrets.token_hex(4)}")
    body = {"data": {"status": "offline"}, "kind": "status"}
    site.api.post(f"/api/v2/devices/{device_id}/telemetry", json=[{"data": {"t": 1}}, body]).raise_for_status()
    awaited(lambda: connectivity(site, device_id) == "offline")


def test_own_words_need_their_payload(site: Site) -> None:
    subscription = {"topic": f"x/{site.topic}/{{{{deviceId}}}}", "offline_values": ["gone"]}
    refused = site.api.post(
        "/api/v2/connections", json={"type": "mqtt", "name": "x", "settings": site.settings(subscription), "project_id": None}
    )
    assert refused.status_code == 400
    assert "offline_values" in refused.text
