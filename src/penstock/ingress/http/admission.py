"""Decides who can send readings for a device: an API key with `telemetry:write`, or the device itself."""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.devices.directory import TOKEN_PREFIX, DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound, DeviceTokenInvalid
from penstock.core.devices.models import DeviceRef
from penstock.core.limits.models import Limit
from penstock.core.limits.policy import INGEST, CallLimits
from penstock.core.tenancy.admission import Gate, check_organization
from penstock.core.usage.service import CallCounter
from penstock.kit.client import ClientAddress
from penstock.kit.http import Headers, Scope, credential, header
from penstock.kit.ids import Prefix, decode
from penstock.kit.rate_headers import rate_headers

SCOPE = "telemetry:write"
_TOKEN_PREFIX = TOKEN_PREFIX.encode()


class Admission:
    """Authenticates devices and keys of the ingest calls."""

    def __init__(
        self, gate: Gate, clients: ClientAddress, limits: CallLimits, calls: CallCounter, devices: DeviceDirectory
    ) -> None:
        self._gate = gate
        self._clients = clients
        self._limits = limits
        self._calls = calls
        self._devices = devices

    async def device(self, token: bytes) -> DeviceRef:
        """Return the device that an access token belongs to.

        Raises:
            DeviceTokenInvalid: no device has this token.
        """
        found = self._devices.find_cached_by_token(token) or await self._devices.find_by_token(token)
        if found is None:
            raise DeviceTokenInvalid()
        await self._gate.check_running(found.org_id)
        return found

    async def device_in_path(self, scope: Scope, device_id: str, limited: Headers) -> DeviceRef:
        """Return the device of a path, if the caller can send for it. A key's remaining limits are added to `limited`.

        Raises:
            CredentialMissing, CredentialInvalid, OrganizationRequired, OrganizationMismatch, ScopeMissing,
            DeviceTokenInvalid, DeviceNotFound.
        """
        token = credential(scope)
        if token is not None and token.startswith(_TOKEN_PREFIX):
            device = await self.device(token)
            # The error of an unknown device: a token does not reveal which other devices exist.
            if decode(Prefix.DEVICE, device_id) != device.id:
                raise DeviceNotFound(device_id=device_id[:64])
            return device
        actor = await self.key(scope, limited)
        number = decode(Prefix.DEVICE, device_id)
        if number is None:
            raise DeviceNotFound(device_id=device_id[:64])
        return self.known_device(actor, device_id) or await self._devices.reach(actor, number)

    def known_device(self, actor: Actor, device_id: str) -> DeviceRef | None:
        """Return the device with this id if it is cached and the caller can access it."""
        number = decode(Prefix.DEVICE, device_id)
        found = None if number is None else self._devices.known(actor.org_id, number)
        return found if found is not None and actor.reaches(found.project_id) else None

    async def device_by_name(self, actor: Actor, device_id: str | None, identifier: str | None) -> DeviceRef:
        """Return the device of a batch row, by id or by any identifier.

        Raises:
            DeviceNotFound: the caller can access no such device.
        """
        if device_id is not None:
            number = decode(Prefix.DEVICE, device_id)
            if number is None:
                raise DeviceNotFound(device_id=device_id[:64])
            return self.known_device(actor, device_id) or await self._devices.reach(actor, number)
        found = await self._devices.get_by_name(actor.org_id, identifier or "")
        if not actor.reaches(found.project_id):
            raise DeviceNotFound(device_id=(identifier or "")[:64])
        return found

    async def key(self, scope: Scope, limited: Headers) -> Actor:
        """Return the actor of a key that can send readings. Headers with its remaining limits are added to `limited`.

        Raises:
            CredentialMissing, CredentialInvalid, LimitExceeded, OrganizationRequired, OrganizationMismatch, ScopeMissing.
        """
        address = self._clients.of(scope)
        actor = await self._gate.admit(credential(scope), address)
        left: list[tuple[Limit, int]] = []
        try:
            await self._limits.take_into(left, actor, INGEST, SCOPE)
        finally:
            if left:  # most keys have no limit of their own here
                limited += rate_headers(left)
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-organization-id"]
        if b"organizationId=" in scope["query_string"]:
            named += _in_query(scope["query_string"])
        check_organization(actor, named, required=True)
        actor.require(SCOPE)
        if actor.is_first_use:
            actor = await self._gate.use(actor, address)
        self._calls.count(actor, int(header(scope, b"content-length") or 0))
        return actor


def _in_query(query_string: bytes) -> list[str]:
    fields = (field.partition(b"=") for field in query_string.split(b"&"))
    return [value.decode("latin-1") for name, _, value in fields if name == b"organizationId"]
