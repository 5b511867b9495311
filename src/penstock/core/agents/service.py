"""Use cases of pairing: create a code for a device, exchange it for a token, end a pairing."""

from __future__ import annotations

import secrets

from penstock.core.actor import Actor, ActorKind
from penstock.core.agents.config import AgentsConfig
from penstock.core.agents.errors import AgentTokenInvalid, PairCodeInvalid
from penstock.core.agents.models import Agent, PairCode, Pairing, Provisioned
from penstock.core.agents.store import AgentSystemTransaction, AgentTransaction
from penstock.core.agents.tokens import AgentTokens
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import Database
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound, DevicePaused
from penstock.core.devices.models import DeviceStatus
from penstock.core.tenancy.admission import FailedCredentials
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import DeviceId, Prefix, decode, encode
from penstock.kit.secret import Pepper

CODE_BYTES = 16
"""128 random bits, written as 32 hexadecimal digits."""


class AgentService:
    """Pairing of devices with agents."""

    def __init__(
        self,
        *,
        database: Database[AgentTransaction, AgentSystemTransaction],
        directory: DeviceDirectory,
        tokens: AgentTokens,
        failed_credentials: FailedCredentials,
        trail: AuditTrail,
        pepper: Pepper,
        clock: Clock,
        config: AgentsConfig,
    ) -> None:
        self._database = database
        self._directory = directory
        self._tokens = tokens
        self._failed_credentials = failed_credentials
        self._trail = trail
        self._pepper = pepper
        self._clock = clock
        self._config = config

    async def create_pair_code(self, actor: Actor, device_id: DeviceId) -> PairCode:
        """Create a device's pair code, replacing the previous one. It is shown only in this response.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        code, now_us = secrets.token_hex(CODE_BYTES), self._clock.now_us()
        expires_us = now_us + self._config.pair_code_s * SECOND_US
        async with self._database.transaction(actor.org_id) as tx:
            target = await _target(tx, device_id)
            await tx.agents.set_code(device_id, self._pepper.digest(code.encode()), now_us, expires_us)
            await self._trail.record(tx, actor, "agent.pair_code", target)
        return PairCode(code=code, device_id=device_id, expires_us=expires_us)

    async def provision(self, code: str, macaddress: str, agent_version: str, address: str) -> Provisioned:
        """Exchange a pair code for the token of a new pairing, which replaces the device's previous pairing.

        Raises:
            PairCodeInvalid: the code is unknown, used or expired.
            DevicePaused: the code remains valid until the device is resumed.
            LimitExceeded: too many invalid codes came from this address.
        """
        # Before the transaction below: creating the first key is a transaction too, and there is one writer at a time.
        await self._tokens.prepare()
        now_us = self._clock.now_us()
        async with self._database.system() as tx:
            found = await tx.agents.use_code(self._pepper.digest(code.encode()), now_us)
            if found is not None:
                org_id, device_id = found
                own = tx.for_organization(org_id)
                device = await own.devices.find_ref(device_id)
                if device is None or device.status is not DeviceStatus.ACTIVE:
                    # Raised within the transaction, so that the use of the code is rolled back with it.
                    raise DevicePaused()
                pairing = Pairing(
                    device_id=device_id,
                    token_id=secrets.token_hex(CODE_BYTES),
                    macaddress=macaddress,
                    agent_version=agent_version,
                    paired_us=now_us,
                )
                await own.agents.pair(pairing)
                by = Actor(org_id=org_id, kind=ActorKind.DEVICE, id=device_id, address=address)
                facts = {"macaddress": macaddress, "agent_version": agent_version}
                await self._trail.record(own, by, "agent.pair", await _target(own, device_id), after=facts)
        if found is None:
            self._failed_credentials.record_failed_credential(address)
            raise PairCodeInvalid()
        self._directory.drop(device_id)  # connections that use the previous pairing are then checked again
        return Provisioned(token=self._tokens.sign(org_id, device_id, pairing.token_id), device_id=device_id)

    async def find(self, actor: Actor, device_id: DeviceId) -> Pairing | None:
        """Return the pairing of a device, or None.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await _target(tx, device_id)
            return await tx.agents.find(device_id)

    async def unpair(self, actor: Actor, device_id: DeviceId) -> None:
        """End a device's pairing; its token is invalid when this returns. Without a pairing nothing changes.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        async with self._database.transaction(actor.org_id) as tx:
            target = await _target(tx, device_id)
            if await tx.agents.unpair(device_id):
                await self._trail.record(tx, actor, "agent.unpair", target)
        self._directory.drop(device_id)

    async def authenticate(self, token: bytes) -> Agent:
        """Return the agent of a token, with the current state of its device, which may be paused.

        Raises:
            AgentTokenInvalid.
        """
        claims = await self._tokens.verify(token)
        org_id = decode(Prefix.ORGANIZATION, claims.org) if claims else None
        device_id = decode(Prefix.DEVICE, claims.sub) if claims else None
        if claims is None or org_id is None or device_id is None:
            raise AgentTokenInvalid()
        # Read at every connection and not cached: tokens have no expiry, so only the store can end one.
        async with self._database.snapshot(org_id) as tx:
            device, pairing = await tx.devices.find_ref(device_id), await tx.agents.find(device_id)
        if device is None or pairing is None or pairing.token_id != claims.jti:
            raise AgentTokenInvalid()
        return Agent(device=device, token_id=claims.jti)

    async def reload(self, agent: Agent) -> Agent:
        """Reload a connected agent after its device may have changed.

        Raises:
            AgentTokenInvalid: its pairing was ended or replaced, or the device was deleted.
        """
        async with self._database.snapshot(agent.device.org_id) as tx:
            device, pairing = await tx.devices.find_ref(agent.device.id), await tx.agents.find(agent.device.id)
        if device is None or pairing is None or pairing.token_id != agent.token_id:
            raise AgentTokenInvalid()
        return Agent(device=device, token_id=agent.token_id)


async def _target(tx: AgentTransaction, device_id: DeviceId) -> Target:
    """The device as the target of an audit entry.

    Raises:
        DeviceNotFound.
    """
    device = await tx.devices.find(device_id)
    public_id = encode(Prefix.DEVICE, device_id)
    if device is None:
        raise DeviceNotFound(device_id=public_id)
    return Target("device", public_id, device.name)
