"""Decides who can connect and stay connected: an active device with its id and token, or a program with an API key.

The organisation of either must be active.
"""

from __future__ import annotations

from penstock.core.actor import Actor, ActorKind
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.limits.errors import LimitExceeded
from penstock.core.limits.policy import CallLimits
from penstock.core.tenancy.admission import Gate
from penstock.core.tenancy.errors import OrganizationSuspended, ProjectBound
from penstock.ingress.mqtt.live import SCOPE
from penstock.ingress.mqtt.protocol.packets import Connect, Reason
from penstock.ingress.mqtt.topics import MAX_TOPIC_SHOWN, Right, route
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import Prefix, decode, encode

MAX_CLIENT_ID = 256
_REFUSED = {
    Kind.UNAUTHENTICATED: Reason.BAD_USER_OR_PASSWORD,
    Kind.FORBIDDEN: Reason.NOT_AUTHORIZED,
    Kind.EXHAUSTED: Reason.CONNECTION_RATE_EXCEEDED,
}


class Refused(Exception):
    """A client must not connect, or must not stay connected."""

    def __init__(self, reason: Reason, text: str, device: DeviceRef | None = None) -> None:
        super().__init__(text)
        self.reason, self.text = reason, text
        self.device = device
        """The device, if the client proved to be it."""


class Admission:
    """Authenticates clients with the device directory and the gate that HTTP also uses."""

    def __init__(self, directory: DeviceDirectory, gate: Gate, limits: CallLimits, *, refuses_foreign: bool) -> None:
        self._directory = directory
        self._gate = gate
        self._limits = limits
        self._refuses_foreign = refuses_foreign
        """Whether a client is rejected whose will has a topic of another device."""

    async def admit(self, connect: Connect, address: str) -> DeviceRef | Actor:
        """Return the device that connects, or the API key if the user name is not a device id.

        Raises:
            Refused: the client must not connect.
        """
        if len(connect.client_id) > MAX_CLIENT_ID:
            raise Refused(Reason.CLIENT_ID_NOT_VALID, f"the client id must have at most {MAX_CLIENT_ID} characters")
        # The form of the user name decides, before any secret is checked: a device's token is never tried as a key.
        if decode(Prefix.DEVICE, connect.user or "") is None:
            return await self._admit_key(connect, address)
        return await self._admit_device(connect, address)

    async def _admit_key(self, connect: Connect, address: str) -> Actor:
        try:
            actor = await self._gate.admit(connect.password, address)
            if actor.kind is not ActorKind.KEY:
                raise Refused(Reason.NOT_AUTHORIZED, "the user name must be a device id or an API key id")
            actor.require(SCOPE)
            if actor.project_id is not None:  # topics distinguish devices, not projects
                raise ProjectBound()
            await self._limits.take(actor, "v2", SCOPE)
        except PenstockError as error:
            raise Refused(_REFUSED.get(error.kind, Reason.SERVER_UNAVAILABLE), error.detail) from None
        if connect.will is not None:
            raise Refused(Reason.NOT_AUTHORIZED, "a client with an API key must not publish or set a will")
        return actor

    async def use(self, actor: Actor, address: str) -> Actor:
        """Let a program in after all checks: it uses up a single-use key.

        Raises:
            Refused: another client was the first to use the key.
        """
        try:
            return await self._gate.use(actor, address)
        except PenstockError as error:
            raise Refused(_REFUSED.get(error.kind, Reason.SERVER_UNAVAILABLE), error.detail) from None

    async def _admit_device(self, connect: Connect, address: str) -> DeviceRef:
        device: DeviceRef | None = None
        try:
            device = await self._find(connect, address)
            await self._gate.check_running(device.org_id)
        except LimitExceeded as error:
            raise Refused(Reason.CONNECTION_RATE_EXCEEDED, error.detail) from None
        except OrganizationSuspended as error:
            raise Refused(Reason.NOT_AUTHORIZED, error.detail, device) from None
        except PenstockError as error:
            raise Refused(Reason.SERVER_UNAVAILABLE, error.detail) from None
        if device.status is not DeviceStatus.ACTIVE:
            raise Refused(Reason.NOT_AUTHORIZED, "the device is paused", device)
        if connect.will is not None:
            where, topic = route(encode(Prefix.DEVICE, device.id), connect.will.topic), connect.will.topic[:MAX_TOPIC_SHOWN]
            # If foreign topics are ignored, so is this one when it is published.
            if where.right is Right.UNKNOWN or (where.right is Right.FOREIGN and self._refuses_foreign):
                text = f"the will topic must be one of the device's own topics; {topic} was sent"
                raise Refused(Reason.TOPIC_NAME_INVALID, text, device)
        return device

    async def _find(self, connect: Connect, address: str) -> DeviceRef:
        token = connect.password or b""
        device = self._directory.find_cached_by_token(token) or await self._directory.find_by_token(token)
        if device is None or connect.user != encode(Prefix.DEVICE, device.id):
            # An unknown token and a wrong id get the same text, so that the response does not reveal which devices exist.
            self._limits.record_failed_credential(address)
            raise Refused(Reason.BAD_USER_OR_PASSWORD, "the device id or its access token is wrong")
        return device

    async def reload(self, token_digest: bytes) -> DeviceRef:
        """Load the device of a connection again, after it may have changed.

        Raises:
            Refused: the client must not stay connected.
        """
        try:
            device = await self._directory.find_by_digest(token_digest)
        except PenstockError as error:
            raise Refused(Reason.SERVER_UNAVAILABLE, error.detail) from None
        if device is None:
            raise Refused(Reason.NOT_AUTHORIZED, "the device was deleted or has a new access token")
        if device.status is not DeviceStatus.ACTIVE:
            raise Refused(Reason.ADMINISTRATIVE_ACTION, "the device is paused")
        return device
