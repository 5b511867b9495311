"""Use cases of pairing: create a code for a device, exchange it for a token, end a pairing."""

from __future__ import annotations

import secrets

from penstock.core.actor import Actor, ActorKind
from penstock.core.agents.config import AgentsConfig
from penstock.core.agents.errors import AgentTokenInvalid, PairCodeInvalid
from penstock.core.agents.models import Agent, AgentDescription, OpenCode, PairCode, Pairing, Provisioned
from penstock.core.agents.store import AgentSystemTransaction, AgentTransaction
from penstock.core.agents.tokens import AgentTokens
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import Database
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound, DevicePaused
from penstock.core.devices.models import DeviceStatus, NewDevice
from penstock.core.devices.service import DeviceService
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
        devices: DeviceService,
        directory: DeviceDirectory,
        tokens: AgentTokens,
        failed_credentials: FailedCredentials,
        trail: AuditTrail,
        pepper: Pepper,
        clock: Clock,
        config: AgentsConfig,
    ) -> None:
        self._database = database
        self._devices = devices
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
        async with self._database.transaction(actor.org_id) as tx:
            return await self._create_pair_code(tx, actor, device_id)

    async def create_device(self, actor: Actor, new: NewDevice) -> PairCode:
        """Create a device together with its pair code. Its access token is shown to no one: its agent gets one of its own.

        Raises:
            ProjectNotFound, ProfileNotFound, IdentifierTaken, DeviceLimitReached: nothing was created.
        """
        async with self._database.transaction(actor.org_id) as tx:
            created = await self._devices.create_in(tx, actor, new)
            return await self._create_pair_code(tx, actor, created.device.id)

    async def _create_pair_code(self, tx: AgentTransaction, actor: Actor, device_id: DeviceId) -> PairCode:
        code, now_us = secrets.token_hex(CODE_BYTES), self._clock.now_us()
        expires_us = now_us + self._config.pair_code_s * SECOND_US
        target = await _target(tx, device_id)
        await tx.agents.set_code(device_id, self._pepper.digest(code.encode()), now_us, expires_us)
        await self._trail.record(tx, actor, "agent.pair_code", target)
        return PairCode(code=code, device_id=device_id, expires_us=expires_us)

    async def provision(self, code: str, about: AgentDescription, address: str) -> Provisioned:
        """Exchange a pair code for the token of a new pairing, which replaces the device's previous pairing.

        An agent that names itself (`agent_id`) can exchange the code again, for the same token, until it confirms that it has
        stored the token (`confirm`, or its first connection). Without a name the code is used at once.

        Raises:
            PairCodeInvalid: the code is unknown, expired, or used (also by another agent).
            DevicePaused: the code remains valid until the device is resumed.
            LimitExceeded: too many invalid codes came from this address.
        """
        # Before the transaction below: creating the first key is a transaction too, and there is one writer at a time.
        await self._tokens.prepare()
        pairing: Pairing | None = None
        async with self._database.system() as tx:
            found = await tx.agents.find_code(self._pepper.digest(code.encode()), self._clock.now_us())
            if found is not None and (not found.token_id or found.agent_id == about.agent_id):
                pairing = await self._exchange(tx.for_organization(found.org_id), found, about, address)
        if found is None or pairing is None:
            self._failed_credentials.record_failed_credential(address)
            raise PairCodeInvalid()
        self._directory.drop(found.device_id)  # connections that use the previous pairing are then checked again
        return Provisioned(token=self._tokens.sign(found.org_id, pairing), device_id=found.device_id)

    async def _exchange(self, tx: AgentTransaction, code: OpenCode, about: AgentDescription, address: str) -> Pairing:
        """The pairing of a code: the one that was made for it before, else a new one.

        Raises:
            DevicePaused: nothing is written.
        """
        device_id = code.device_id
        device = await tx.devices.find_ref(device_id)
        if device is None or device.status is not DeviceStatus.ACTIVE:
            raise DevicePaused()
        known = await tx.agents.find(device_id) if code.token_id else None
        if known is not None and known.token_id == code.token_id:
            return known
        pairing = Pairing(
            device_id=device_id,
            token_id=secrets.token_hex(CODE_BYTES),
            macaddress=about.macaddress,
            agent_version=about.agent_version,
            paired_us=self._clock.now_us(),
        )
        await tx.agents.pair(pairing)
        if about.agent_id:
            await tx.agents.issue_code(device_id, about.agent_id, pairing.token_id)
        else:
            await tx.agents.drop_code(device_id)
        by = Actor(org_id=code.org_id, kind=ActorKind.DEVICE, id=device_id, address=address)
        facts = {"macaddress": about.macaddress, "agent_version": about.agent_version}
        await self._trail.record(tx, by, "agent.pair", await _target(tx, device_id), after=facts)
        return pairing

    async def confirm(self, token: str, address: str) -> None:
        """The agent has stored its token, so its pair code is used. Can be repeated.

        Raises:
            AgentTokenInvalid.
            LimitExceeded: too many invalid tokens came from this address.
        """
        try:
            agent = await self.authenticate(token.encode())
        except AgentTokenInvalid:
            self._failed_credentials.record_failed_credential(address)
            raise
        async with self._database.transaction(agent.device.org_id) as tx:
            await tx.agents.drop_code(agent.device.id, agent.token_id)

    async def introduce(self, agent: Agent, macaddress: str, agent_version: str) -> None:
        """Record what a connected agent reports about itself. It has its token, so its pair code is used.

        Writes only what has changed: thousands of agents can connect in the same second.
        """
        device_id, org_id = agent.device.id, agent.device.org_id
        async with self._database.snapshot(org_id) as snapshot:
            known = await snapshot.agents.find(device_id)
            has_code = await snapshot.agents.has_issued_code(device_id, agent.token_id)
        if known is None or known.token_id != agent.token_id:
            return
        macaddress = macaddress or known.macaddress  # an agent that cannot read it has not lost it
        if has_code or (known.macaddress, known.agent_version) != (macaddress, agent_version):
            async with self._database.transaction(org_id) as tx:
                await tx.agents.describe(device_id, agent.token_id, macaddress, agent_version)
                await tx.agents.drop_code(device_id, agent.token_id)

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
