"""ChirpStack's command topic: published over a connection that covers the device, under an id that is queued once."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from penstock.adapters.downlinks.chirpstack_mqtt import ChirpStackMqttSender
from penstock.core.connections.errors import ConnectionNotFound
from penstock.core.connections.models import ConnectionStatus
from penstock.core.connections.publishing import Publication
from penstock.core.connections.settings import ChirpStackMqtt, CustomSettings
from penstock.core.downlinks.ports import Accepted, NoSubscriber, NotAccepted, Outcome, Refused, Unconfirmed
from penstock.core.vault.errors import SecretsUnreadable
from penstock.kit.errors import Unavailable
from penstock.kit.ids import ConnectionId, OrgId, Prefix, encode
from tests.adapters.downlinks.asked import EUI, downlink
from tests.adapters.storage.sqlite.test_connections import connection
from tests.core.connections.broker import BROKER

TOPIC = "application/{{applicationId}}/device/{{deviceId}}/command/down"
SETTINGS = ChirpStackMqtt(connection_id=encode(Prefix.CONNECTION, ConnectionId(1)), topic=TOPIC)


class Broker:
    """A connection that is opened as a test says, and a broker behind it."""

    def __init__(self, opened: Any = BROKER, says: Outcome | None = None, **about: Any) -> None:
        self._opened, self._says = opened, says or Accepted()
        self._connection = connection(SimpleNamespace(acme=OrgId(1)), 1, **about)  # type: ignore[arg-type]
        self.published: list[Publication] = []

    async def open_settings(self, org_id: OrgId, connection_id: ConnectionId) -> Any:
        if isinstance(self._opened, Exception):
            raise self._opened
        return self._connection, self._opened

    async def publish(self, connection_id: ConnectionId, message: Publication) -> Outcome:
        self.published.append(message)
        return self._says

    async def outcome(self, **about: Any) -> Outcome:
        return await ChirpStackMqttSender(self, self).send(SETTINGS, downlink(**about))  # type: ignore[arg-type]


async def test_the_item_has_our_id_and_its_end() -> None:
    broker = Broker()
    assert await broker.outcome() == Accepted()
    (message,) = broker.published
    assert message.topic == f"application/app-1/device/{EUI}/command/down"
    assert json.loads(message.payload) == {
        "id": "4f2d0a8e-7c11-4b8e-9d1c-5a2b3c4d5e6f",
        "devEui": EUI,
        "confirmed": True,
        "fPort": 3,
        "data": "Bw==",
        "expiresAt": "2026-05-02T12:00:00Z",
    }


@pytest.mark.parametrize(
    ("broker", "kind"),
    [
        (Broker(ConnectionNotFound(connection_id="x")), Refused),
        (Broker(SecretsUnreadable(reason="sealed elsewhere")), Refused),
        (Broker(Unavailable(reason="no master key")), NotAccepted),
        (Broker(CustomSettings()), Refused),
        (Broker(project_id=3), Refused),
        (Broker(status=ConnectionStatus.PAUSED), NotAccepted),
    ],
)
async def test_a_connection_that_will_not_do(broker: Broker, kind: type[Outcome]) -> None:
    assert isinstance(await broker.outcome(), kind)
    assert broker.published == []


@pytest.mark.parametrize("application", [None, "a/b", "#"])
async def test_an_application_that_would_be_another_topic(application: str | None) -> None:
    broker = Broker(project_id=2)
    assert isinstance(await broker.outcome(application_id=application), Refused)
    assert broker.published == []


async def test_a_broker_without_a_subscriber_is_tried_again() -> None:
    assert isinstance(await Broker(says=NoSubscriber("nobody")).outcome(), NotAccepted)
    assert await Broker(says=Unconfirmed("lost")).outcome() == Unconfirmed("lost")
