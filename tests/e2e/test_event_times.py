"""One policy for event times on every way in: what can be read is read alike, and what cannot is said, never taken for now.

Every way is combined with every form. A caller who waits for an answer is refused with what was sent; of all others the device's
page says it. Only a network server's time, which is not the device's own, costs no values.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import paho.mqtt.publish as mqtt
import pytest

from penstock.core.telemetry.models import Source
from penstock.kit.clock import format_time
from penstock.kit.event_time import shown
from tests.house.tree import SRC, python_files
from tests.ingress.mqtt.client.conftest import ALLOWED, Site, site_of
from tests.support.agents import RawAgent, pair
from tests.support.brokers import Nats
from tests.support.cases import check_all
from tests.support.server import Org, RunningServer, running_server
from tests.support.waiting import awaited

READ = {
    "2026-05-02T09:15:04Z": "2026-05-02T09:15:04Z",
    "2026-05-02t11:15:04.120+02:00": "2026-05-02T09:15:04.120Z",
    "2026-05-02 09:15:04.000001Z": "2026-05-02T09:15:04.000001Z",
    1777713304: "2026-05-02T09:15:04Z",
    1777713304.5: "2026-05-02T09:15:04.500Z",
    1777713304120: "2026-05-02T09:15:04.120Z",
}
UNREAD: list[Any] = [
    "2026-11-29T10:00:00",
    "2026-11-29",
    "1777713304",
    "yesterday",
    "Sun, 29 Nov 2026 10:00:00 GMT",
    "2026-02-30T10:00:00Z",
    "2151-01-01T00:00:00Z",
    1777713304000000,
    1777713304000000000,
    -1,
    5_000_000_000,
    True,
    [1777713304],
    {"seconds": 1777713304},
    2**63,
]


@dataclass
class Place:
    """Everything that a way needs to send."""

    server: RunningServer
    org: Org
    site: Site
    secret: str
    connection: str

    @property
    def api(self) -> httpx.Client:
        return self.site.api


@dataclass
class Sender:
    """A device on a way, with its names."""

    place: Place
    eui: str = field(default_factory=lambda: secrets.token_hex(8))
    id: str = ""
    token: str = ""

    def __post_init__(self) -> None:
        body = {"name": "Pump", "identifiers": [{"kind": "eui", "value": self.eui}]}
        made = self.place.api.post("/api/v2/devices", json=body).raise_for_status().json()
        self.id, self.token = made["device"]["id"], made["access_token"]

    @property
    def path(self) -> str:
        return f"/api/v2/devices/{self.id}"

    def rows(self) -> list[dict[str, Any]]:
        """What the device sent. That its agent connected is a reading too, whose time is the server's."""
        params = {"from": "1970-01-01T00:00:00Z"}
        found: list[dict[str, Any]] = self.place.api.get(f"{self.path}/telemetry", params=params).json()["data"]
        return [row for row in found if "connectionstatus" not in row["data"]]

    def fault(self) -> str:
        found = self.place.api.get(self.path).json()["malformed"]
        return str(found["last_reason"]) if found else ""


def by_http(one: Sender, time: Any) -> httpx.Response:
    return one.place.api.post(f"{one.path}/telemetry", json={"data": {"v": 1}, "time": time})


def by_http_batch(one: Sender, time: Any) -> httpx.Response:
    return one.place.api.post("/api/v2/telemetry", json=[{"device_id": one.id, "data": {"v": 1}, "time": time}])


def by_lines(one: Sender, time: Any) -> httpx.Response:
    line = json.dumps({"device": one.eui, "data": {"v": 1}, "time": time})
    return one.place.api.post("/api/v2/telemetry", content=line, headers={"Content-Type": "application/x-ndjson"})


def by_siliconwit(one: Sender, time: Any) -> httpx.Response:
    body = {"device_id": one.id, "access_token": one.token, "data": {"v": 1}, "timestamp": time}
    return one.place.api.post("/api/devices/ingest", json=body, headers={"Authorization": ""})


def by_datakubo(one: Sender, time: Any) -> httpx.Response:
    body = {"dev_eui": one.eui, "consumption_m3": 1, "timestamp": time}
    headers = {"X-API-Key": one.place.org.api_key}
    return httpx.post(f"{one.place.server.base_url}/api/v1/ingest/water-consumption", json=body, headers=headers)


def posted(one: Sender, body: dict[str, Any], event: str = "") -> httpx.Response:
    """A network server's call."""
    place = one.place
    path, headers = f"/api/v2/ingest/{place.connection}{event}", {"X-Connection-Secret": place.secret}
    return httpx.post(f"{place.server.base_url}{path}", json=body, headers=headers)


def by_connection(one: Sender, time: Any) -> httpx.Response:
    return posted(one, {"dev_eui": one.eui, "v": 1, "timestamp": time})


def by_chirpstack_v4(one: Sender, time: Any) -> None:
    posted(one, {"deviceInfo": {"devEui": one.eui}, "time": time, "object": {"v": 1}}, "?event=up").raise_for_status()


def by_chirpstack_v3(one: Sender, time: Any) -> None:
    posted(one, {"devEUI": one.eui, "rxInfo": [{"time": time}], "object": {"v": 1}}, "?event=up").raise_for_status()


def by_things_stack(one: Sender, time: Any) -> None:
    content = {"decoded_payload": {"v": 1}, "received_at": time}
    posted(one, {"end_device_ids": {"dev_eui": one.eui}, "uplink_message": content}).raise_for_status()


def by_mqtt(one: Sender, time: Any, name: str = "timestamp") -> None:
    mqtt.single(
        f"d/{one.id}/t",
        json.dumps({"v": 1, name: time}),
        qos=1,
        hostname="127.0.0.1",
        port=one.place.server.mqtt_port,
        client_id=one.id,
        auth={"username": one.id, "password": one.token},
    )


def by_mqtt_ts(one: Sender, time: Any) -> None:
    by_mqtt(one, time, "ts")


def by_broker(one: Sender, time: Any) -> None:
    one.place.site.publisher.publish(f"{one.place.site.topic}/{one.id}", json.dumps({"v": 1, "timestamp": time}))


def by_broker_path(one: Sender, time: Any) -> None:
    one.place.site.publisher.publish(f"{one.place.site.topic}/at/{one.id}", json.dumps({"v": 1, "at": {"t": time}}))


def by_broker_lorawan(one: Sender, time: Any) -> None:
    """A custom form on the topics of a network server."""
    body = {"dev_eui": one.eui, "v": 1, "timestamp": time}
    one.place.site.publisher.publish(f"{one.place.site.topic}/network/event/up", json.dumps(body))


def by_broker_payload(one: Sender, time: Any) -> None:
    """The payload and not the topic names the device."""
    rows = [{"id": one.id, "v": 1, "ts": time}, {"id": one.id, "good": 1, "ts": "2020-01-01T00:00:00Z"}]
    one.place.site.publisher.publish(f"{one.place.site.topic}/gateway/all/x", json.dumps(rows))


def by_agent(one: Sender, time: Any) -> None:
    agent = RawAgent(one.place.server, token=pair(one.place.server, one.place.api, one.id).token)
    agent.greet(secrets.token_hex(4))
    agent.send({"data": [{"seq": 1, "devicetimestamp": time, "payload": {"v": 1}}]})
    agent.acknowledged()
    agent.close()


Way = Callable[[Sender, Any], httpx.Response | None]
WAYS: dict[Way, Source] = {
    by_http: Source.HTTP,
    by_http_batch: Source.HTTP,
    by_lines: Source.HTTP,
    by_siliconwit: Source.HTTP,
    by_datakubo: Source.LORAWAN,
    by_connection: Source.LORAWAN,
    by_chirpstack_v4: Source.LORAWAN,
    by_chirpstack_v3: Source.LORAWAN,
    by_things_stack: Source.LORAWAN,
    by_mqtt: Source.MQTT,
    by_mqtt_ts: Source.MQTT,
    by_broker: Source.MQTT,
    by_broker_path: Source.MQTT,
    by_broker_payload: Source.MQTT,
    by_broker_lorawan: Source.LORAWAN,
    by_agent: Source.AGENT,
}
KEEPING_VALUES = {by_chirpstack_v4, by_chirpstack_v3, by_things_stack}
"""The time is the network server's: the values are stored at the time of arrival, and the fault is counted."""
TOO_LARGE = "must be an integer of at most 64 bits"
ONLY_TEXT = KEEPING_VALUES
"""Network servers write times as text only; a number there is no time."""
BY_DEVICE = {by_http, by_siliconwit}
"""Calls that name their device before the body is read: nobody but the device may see their answer, so it is counted too."""
NO_TIMES = {
    Source.RULE: "computed at the time of its cause",
    Source.REDECODE: "stored with times that were read when the uplink came",
    Source.MIOTY: "not received yet",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    broker = Nats(tmp_path_factory.mktemp("broker"))
    broker.start()
    environment = ALLOWED | {"PENSTOCK_LIMITS_BACKFILL_OLDER_THAN_S": "315360000"}
    try:
        with running_server(tmp_path_factory.mktemp("times") / "data", environment=environment) as server:
            org = server.orgs["Acme"]
            with server.client(org) as api, site_of(broker, api) as site:
                site.connect(
                    {"topic": f"{site.topic}/{{{{deviceId}}}}"},
                    {"topic": f"{site.topic}/at/{{{{deviceId}}}}", "time_path": "at.t"},
                    {"topic": f"{site.topic}/gateway/all/x", "device_id_path": "id"},
                    {"topic": f"{site.topic}/network/event/+", "payload": "lorawan"},
                )
                made = api.post("/api/v2/connections", json={"type": "lorawan_http", "name": "Networks"}).json()
                yield Place(server, org, site, made["secret"], made["connection"]["id"])
    finally:
        broker.stop()


def name_of(case: tuple[Way, Any]) -> str:
    return f"{case[0].__name__}: {case[1]!r}"


def test_a_time_that_can_be_read_is_read_alike_on_every_way(place: Place) -> None:
    cases = [(way, sent) for way in WAYS for sent in READ if way not in ONLY_TEXT or isinstance(sent, str)]

    def check(case: tuple[Way, Any]) -> None:
        way, sent = case
        one = Sender(place)
        answer = way(one, sent)
        assert answer is None or answer.is_success, answer.text
        rows = awaited(one.rows)
        assert rows[0]["time"] == READ[sent]
        assert one.fault() == ""

    check_all(cases, check, name_of)


def test_a_time_that_cannot_be_read_is_said_on_every_way(place: Place) -> None:
    # A number that no JSON decoder holds spoils the whole body of a network server.
    cases = [(way, sent) for way in WAYS for sent in UNREAD if sent != 2**63 or way not in KEEPING_VALUES]
    senders = {name_of(case): Sender(place) for case in cases}
    answers = {name_of(case): case[0](senders[name_of(case)], case[1]) for case in cases}

    def check(case: tuple[Way, Any]) -> None:
        way, one, answer = case[0], senders[name_of(case)], answers[name_of(case)]
        if answer is not None:
            assert answer.status_code == 400, answer.text
            assert_names_the_time(answer, case[1])
            assert one.rows() == []
            if way in BY_DEVICE:
                awaited(one.fault)
            return
        assert (TOO_LARGE if case[1] == 2**63 else shown(case[1])) in awaited(one.fault)
        if case[0] in KEEPING_VALUES:
            (row,) = one.rows()
            assert (row["data"]["v"], row["time"]) == (1, row["received_at"])
            return
        assert [row["data"] for row in one.rows() if "good" not in row["data"]] == []
        (kept,) = place.api.get(f"{one.path}/telemetry/quarantined").json()["data"]
        assert (TOO_LARGE if case[1] == 2**63 else shown(case[1])) in kept["data"]["reason"]
        assert '"v"' in kept["data"]["payload"], "the values are in quarantine"

    check_all(cases, check, name_of)


def assert_names_the_time(answer: httpx.Response, sent: Any) -> None:
    said = answer.text.replace("\\", "")
    if sent == 2**63 or not isinstance(sent, str | int | float) or isinstance(sent, bool):
        assert "time: must be" in said or "timestamp: must be" in said
    else:
        assert shown(sent).strip('"') in said


def test_a_time_in_the_future_is_said_on_every_way(place: Place) -> None:
    sent = format_time(time.time_ns() // 1000 + 3600 * 1_000_000)
    senders = {way: Sender(place) for way in WAYS}
    answers = {way: way(one, sent) for way, one in senders.items()}

    def check(way: Way) -> None:
        one, answer = senders[way], answers[way]
        assert answer is None or answer.is_success, "the reading is on disk, in quarantine"
        assert sent in awaited(one.fault)
        if way in KEEPING_VALUES:
            (row,) = one.rows()
            assert (row["data"]["v"], row["time"]) == (1, row["received_at"])
            return
        assert [row["data"] for row in one.rows() if "good" not in row["data"]] == []
        (kept,) = place.api.get(f"{one.path}/telemetry/quarantined").json()["data"]
        assert kept["time"] == sent

    check_all(list(WAYS), check, lambda way: way.__name__)


def test_a_time_of_a_device_that_is_not_registered_is_said_on_its_connection(place: Place) -> None:
    eui, path = secrets.token_hex(8), f"/api/v2/connections/{place.connection}"
    for sent in ("nope", "2098-01-01T00:00:00Z"):
        body = {"deviceInfo": {"devEui": eui}, "time": sent, "object": {"v": 1}}
        answer = httpx.post(
            f"{place.server.base_url}/api/v2/ingest/{place.connection}?event=up",
            json=body,
            headers={"X-Connection-Secret": place.secret},
        )
        assert answer.json()["status"] == "unregistered"
        awaited(lambda: sent in (place.api.get(path).json()["last_error"] or ""))  # noqa: B023


def test_no_time_and_null_are_now(place: Place) -> None:
    for way in WAYS:
        one = Sender(place)
        answer = way(one, None)
        assert answer is None or answer.is_success
        (row,) = awaited(lambda: [row for row in one.rows() if "good" not in row["data"]])  # noqa: B023
        assert row["time"] == row["received_at"], way.__name__
        assert one.fault() == ""


def test_every_source_of_readings_has_its_way_here() -> None:
    assert set(WAYS.values()) | NO_TIMES.keys() == set(Source)


def test_every_way_in_reads_times_by_the_one_policy() -> None:
    """Who parses a time on a way in and deals with what cannot be read in a manner of its own is found here."""
    own = [path for path in python_files("src/penstock/ingress") if "parse_time" in path.read_text("utf-8")]
    assert own == []
    assert (SRC / "kit" / "event_time.py").is_file()
