"""Brokers, a server that may connect to them, and what the API shows of its connections."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.support.brokers import MISSING, MOSQUITTO, PASSWORD, USER, Broker, Mosquitto, Nats, Publisher
from tests.support.server import RunningServer, running_server
from tests.support.waiting import CEILING_S, eventually

ALLOWED = {
    "PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.0/8,localhost",
    "PENSTOCK_BROKERS_RECONNECT_MIN_S": "0.1",
    "PENSTOCK_BROKERS_RECONNECT_MAX_S": "0.5",
    "PENSTOCK_BROKERS_MAX_PACKET_BYTES": "65536",
    "PENSTOCK_DOWNLINKS_RETRY_S": "0.2",
    "PENSTOCK_DOWNLINKS_LOOK_INTERVAL_S": "0.2",
}
PATIENCE_S = CEILING_S
PATH = "/api/v2/connections"


@dataclass
class Shown:
    """A connection as its organisation sees it."""

    api: httpx.Client
    id: str

    @property
    def path(self) -> str:
        return f"{PATH}/{self.id}"

    def now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(self.path).raise_for_status().json()
        return found

    def state(self) -> str | None:
        link = self.now()["link"]
        return link and str(link["state"])

    def until(self, state: str | None) -> None:
        assert eventually(lambda: self.state() == state, PATIENCE_S), self.now()

    def until_counted(self, **wanted: int) -> None:
        assert eventually(lambda: self.counts(wanted) == wanted, PATIENCE_S), self.now()

    def counts(self, names: Mapping[str, int]) -> dict[str, int]:
        now = self.now()
        return {name: now[name] for name in names}


@dataclass
class Site:
    """A broker, an organisation's client of the API, and names that no other test has."""

    broker: Broker
    api: httpx.Client
    publisher: Publisher
    topic: str = field(default_factory=lambda: f"t{secrets.token_hex(4)}")
    name: str = field(default_factory=lambda: f"pump-{secrets.token_hex(4)}")
    eui: str = field(default_factory=lambda: secrets.token_hex(8))
    mac: str = field(default_factory=lambda: secrets.token_bytes(6).hex(":"))

    def device(self, name: str | None = None, kind: str = "external", **more: Any) -> str:
        body = {"name": "Pump", "identifiers": [{"kind": kind, "value": name or self.name}]} | more
        return str(self.api.post("/api/v2/devices", json=body).raise_for_status().json()["device"]["id"])

    def settings(self, *subscriptions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        wanted = list(subscriptions) or [{"topic": f"{self.topic}/{{{{deviceId}}}}/{{{{key}}}}"}]
        at = {"host": "127.0.0.1", "port": self.broker.port, "username": USER, "password": PASSWORD}
        return at | {"protocol": self.broker.versions[0], "subscriptions": wanted} | more

    def connect(self, *subscriptions: Mapping[str, Any], project_id: str | None = None, **more: Any) -> Shown:
        """A connection that stands."""
        shown = self.make(self.settings(*subscriptions, **more), project_id)
        shown.until("connected")
        return shown

    def make(self, settings: Mapping[str, Any], project_id: str | None = None) -> Shown:
        body = {"type": "mqtt", "name": "Broker", "settings": settings, "project_id": project_id}
        made = self.api.post(PATH, json=body)
        assert made.status_code == 201, made.text
        return Shown(self.api, made.json()["connection"]["id"])

    def values(self, device_id: str) -> list[dict[str, Any]]:
        """All readings of a device, in the order of arrival."""
        return [row["data"] for row in self.rows(device_id)]

    def rows(self, device_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        params: dict[str, Any] = {"from": "1970-01-01T00:00:00Z", "limit": 1000}
        while True:
            page = self.api.get(f"/api/v2/devices/{device_id}/telemetry", params=params).raise_for_status().json()
            found += page["data"]
            if not page.get("next_cursor"):
                return sorted(found, key=lambda row: int(row["seq"]))
            params["cursor"] = page["next_cursor"]

    def until_values(self, device_id: str, *wanted: dict[str, Any]) -> None:
        assert eventually(lambda: self.values(device_id) == list(wanted), PATIENCE_S), self.values(device_id)


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that may connect to this machine."""
    with running_server(tmp_path_factory.mktemp("server") / "data", orgs=("Acme", "Other"), environment=ALLOWED) as running:
        yield running


def needs(kind: type[Broker]) -> None:
    if kind is Mosquitto and MOSQUITTO is None:
        pytest.skip(MISSING)


@contextmanager
def running(broker: Broker) -> Iterator[Broker]:
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@pytest.fixture(scope="module", params=[Nats, Mosquitto])
def broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    needs(request.param)
    with running(request.param(tmp_path_factory.mktemp("broker"))) as found:
        yield found


@contextmanager
def site_of(broker: Broker, api: httpx.Client) -> Iterator[Site]:
    publisher = Publisher(broker)
    try:
        yield Site(broker, api, publisher)
    finally:
        publisher.close()
        for one in api.get(PATH).json()["data"]:
            api.delete(f"{PATH}/{one['id']}")


@pytest.fixture
def site(own_server: RunningServer, broker: Broker) -> Iterator[Site]:
    with own_server.client(own_server.orgs["Acme"]) as api, site_of(broker, api) as found:
        yield found
