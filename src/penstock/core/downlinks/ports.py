"""The ports to network servers and brokers. How the outcomes are handled is decided by the worker."""

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
    """The server has it in its queue, under its own name if it assigned one."""

    name: str | None = None


class Refused(msgspec.Struct, frozen=True):
    """The server rejected it permanently."""

    reason: str


class NotAccepted(msgspec.Struct, frozen=True):
    """The server certainly does not have it, but may accept it later: after `wait_us`, if it asked to wait."""

    reason: str
    wait_us: int = 0


class Unconfirmed(msgspec.Struct, frozen=True):
    """It was sent, and it is unknown whether the server has it."""

    reason: str


class NoSubscriber(msgspec.Struct, frozen=True):
    """A broker received it and dropped it, because there was no subscriber. There may be one later."""

    reason: str


Outcome = Accepted | Refused | NotAccepted | Unconfirmed | NoSubscriber


class DownlinkSender(Protocol):
    """Sends downlinks to the network servers of one kind."""

    async def find_obstacle(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> str | None:
        """Why this downlink can never be sent with these settings, without asking the server; None if nothing prevents it."""

    async def send(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> Outcome:
        """Add a downlink to the end of the device's queue at the server.

        Failures of servers and networks are outcomes, not errors.
        """


class BrokerPublisher(Protocol):
    """Publishes to the brokers of connections of type mqtt."""

    def is_connected(self, connection_id: ConnectionId) -> bool:
        """Whether the connection to the broker is open, so that messages can be published."""

    async def publish(self, connection_id: ConnectionId, message: Publication) -> Outcome:
        """Publish once, with QoS 1. Returns the broker's response. Failures of brokers and networks are outcomes, not errors."""


class SettingsOpener(Protocol):
    """Opens the settings of connections."""

    async def open_settings(self, org_id: OrgId, connection_id: ConnectionId) -> tuple[Connection, Settings]:
        """A connection, and its settings including secrets.

        Raises:
            ConnectionNotFound: it has been deleted.
            SecretsUnreadable: a secret is missing or cannot be decrypted.
            Unavailable: the vault's master key cannot be reached; retry later.
        """
