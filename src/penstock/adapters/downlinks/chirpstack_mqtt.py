"""ChirpStack 4 and 3: downlinks through the command topic of its MQTT integration, over a connection to its broker.

Both accept the same JSON: version 3 ignores unknown fields and compares names case-insensitively. Version 4 uses Penstock's id
for the item, so that a downlink published twice is queued once. The broker's acknowledgement confirms only that the broker has
it.
Source: chirpstack-docs `integrations/mqtt.md`; chirpstack `integration.proto`, `integration/mqtt.rs`;
chirpstack-application-server `integration/mqtt/mqtt.go`, `models.go`; read 2026-11-21.
"""

from __future__ import annotations

import base64

import msgspec

from penstock.core.connections.errors import ConnectionNotFound
from penstock.core.connections.models import Connection, ConnectionStatus
from penstock.core.connections.publishing import Publication
from penstock.core.connections.settings import ChirpStackMqtt, MqttSettings
from penstock.core.connections.topics import fill_topic
from penstock.core.downlinks.models import OutgoingDownlink
from penstock.core.downlinks.ports import (
    BrokerPublisher,
    DownlinkSettings,
    NoSubscriber,
    NotAccepted,
    Outcome,
    Refused,
    SettingsOpener,
)
from penstock.core.vault.errors import SecretsUnreadable
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput, Unavailable
from penstock.kit.ids import ConnectionId, Prefix, decode


class _Prepared(msgspec.Struct, frozen=True):
    """A message, and the connection to the broker that it is published through."""

    connection_id: ConnectionId
    message: Publication


class ChirpStackMqttSender:
    """Implements `DownlinkSender`."""

    def __init__(self, opener: SettingsOpener, publisher: BrokerPublisher) -> None:
        self._opener = opener
        self._publisher = publisher

    async def find_obstacle(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> str | None:
        found = await self._prepare(settings, downlink)
        return found.reason if isinstance(found, Refused) else None

    async def send(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> Outcome:
        found = await self._prepare(settings, downlink)
        if not isinstance(found, _Prepared):
            return found
        outcome = await self._publisher.publish(found.connection_id, found.message)
        return NotAccepted("ChirpStack is not subscribed at its broker") if isinstance(outcome, NoSubscriber) else outcome

    async def _prepare(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> _Prepared | Refused | NotAccepted:
        assert isinstance(settings, ChirpStackMqtt)
        connection_id = decode(Prefix.CONNECTION, settings.connection_id) or ConnectionId(0)
        try:
            connection, found = await self._opener.open_settings(downlink.org_id, connection_id)
        except (ConnectionNotFound, SecretsUnreadable):
            return Refused("the connection to ChirpStack's broker was deleted or cannot be opened")
        except Unavailable as error:
            return NotAccepted(error.detail)
        if not isinstance(found, MqttSettings) or not _reaches(connection, downlink):
            return Refused(
                "the connection to ChirpStack's broker is not an MQTT connection, or does not cover the device's project"
            )
        if connection.status is not ConnectionStatus.ACTIVE:
            return NotAccepted("the connection to ChirpStack's broker is paused")
        try:
            topic = fill_topic(settings.topic, {"deviceId": downlink.eui, "applicationId": downlink.application_id})
        except InvalidInput as error:
            return Refused(error.detail)
        return _Prepared(connection_id, Publication(topic, _body(downlink), downlink.expires_us))


def _reaches(connection: Connection, downlink: OutgoingDownlink) -> bool:
    return connection.project_id in (None, downlink.project_id)


def _body(downlink: OutgoingDownlink) -> bytes:
    return msgspec.json.encode(
        {
            "id": downlink.item_id,
            "devEui": downlink.eui,
            "confirmed": downlink.confirmed,
            "fPort": downlink.f_port,
            "data": base64.b64encode(downlink.payload).decode(),
            "expiresAt": format_time(downlink.expires_us),
        }
    )
