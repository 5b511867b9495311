"""Who may connect, and who may stay: the device of an id and a token, if it is active and its organisation is answered."""

from __future__ import annotations

from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.limits.errors import LimitExceeded
from penstock.core.limits.policy import CallLimits
from penstock.core.tenancy.admission import Gate
from penstock.core.tenancy.errors import OrganizationSuspended
from penstock.ingress.mqtt.packets import Connect, Reason
from penstock.ingress.mqtt.topics import Right, route
from penstock.kit.errors import PenstockError
from penstock.kit.ids import Prefix, encode

MAX_CLIENT_ID = 256


class Refused(Exception):
    """Why a client may not connect, or may not stay."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason, self.text = reason, text


class Admission:
    """Judges clients by the device directory and the gate that HTTP uses too."""

    def __init__(self, directory: DeviceDirectory, gate: Gate, limits: CallLimits) -> None:
        self._directory = directory
        self._gate = gate
        self._limits = limits

    async def admit(self, connect: Connect, address: str) -> DeviceRef:
        """The device that connects.

        Raises:
            Refused: and why.
        """
        if len(connect.client_id) > MAX_CLIENT_ID:
            raise Refused(Reason.CLIENT_ID_NOT_VALID, f"a client id has at most {MAX_CLIENT_ID} characters")
        try:
            device = await self._find(connect, address)
            await self._gate.check_running(device.org_id)
        except LimitExceeded as error:
            raise Refused(Reason.CONNECTION_RATE_EXCEEDED, error.detail) from None
        except OrganizationSuspended as error:
            raise Refused(Reason.NOT_AUTHORIZED, error.detail) from None
        except PenstockError as error:
            raise Refused(Reason.SERVER_UNAVAILABLE, error.detail) from None
        if device.status is not DeviceStatus.ACTIVE:
            raise Refused(Reason.NOT_AUTHORIZED, "the device is paused")
        if connect.will is not None:
            where = route(encode(Prefix.DEVICE, device.id), connect.will.topic)
            if where.right not in {Right.OWN, Right.ANSWER}:
                raise Refused(Reason.TOPIC_NAME_INVALID, "a will is published on a topic of the device's own")
        return device

    async def _find(self, connect: Connect, address: str) -> DeviceRef:
        token = connect.password or b""
        device = self._directory.known_by_token(token) or await self._directory.find_by_token(token)
        if device is None or connect.user != encode(Prefix.DEVICE, device.id):
            self._limits.note_bad_credential(address)
            raise Refused(Reason.BAD_USER_OR_PASSWORD, "the device id or its access token is wrong")
        return device

    async def look_again(self, token_digest: bytes) -> DeviceRef:
        """The device of a connection, after it may have changed.

        Raises:
            Refused: it may not stay.
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
