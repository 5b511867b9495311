"""What asks network servers to send. How each outcome is taken is decided elsewhere."""

from __future__ import annotations

from typing import Protocol

import msgspec

from penstock.core.connections.models import Connection
from penstock.core.connections.publishing import Publication
from penstock.core.connections.settings import ChirpStackApi, ChirpStackMqtt, ChirpStackRest, Settings, ThingsStackDownlink
from penstock.core.downlinks.models import OutgoingDownlink
from penstock.kit.ids import ConnectionId, OrgId

DownlinkSettings = ChirpStackApi | ChirpStackRest | ChirpStackMqtt | ThingsStackDownlink


class Accepted(msgspec.Struct, frozen=True):
    """The server has it in its queue, under a name of its own if it gave one."""

    name: str | None = None


class Refused(msgspec.Struct, frozen=True):
    """The server will not have it, however often it is asked."""

    reason: str


class NotTaken(msgspec.Struct, frozen=True):
    """The server does not have it, which is certain, and may have it later."""

    reason: str


class InDoubt(msgspec.Struct, frozen=True):
    """It was asked, and nobody knows whether the server has it."""

    reason: str


class Unheard(msgspec.Struct, frozen=True):
    """A broker was given it and dropped it, as nobody listened. Somebody may later."""

    reason: str


Outcome = Accepted | Refused | NotTaken | InDoubt | Unheard


class DownlinkSender(Protocol):
    """Asks the network servers of one kind."""

    async def send(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> Outcome:
        """Put a downlink at the end of the device's queue at the server. Raises nothing for what servers and networks do."""


class BrokerPublisher(Protocol):
    """Publishes to the brokers of connections of type mqtt."""

    def is_connected(self, connection_id: ConnectionId) -> bool:
        """Whether the broker could be given something now."""

    async def publish(self, connection_id: ConnectionId, message: Publication) -> Outcome:
        """Publish once, with QoS 1; the broker's word. Raises nothing for what brokers and networks do."""


class SettingsOpener(Protocol):
    """Opens the settings of connections."""

    async def open_settings(self, org_id: OrgId, connection_id: ConnectionId) -> tuple[Connection, Settings]:
        """A connection, and its settings with the secrets in them.

        Raises:
            ConnectionNotFound: it is gone.
            ValueError: they were sealed under another pepper.
        """
