"""Agents over the native API: pair codes for users, and the call in which an agent exchanges its code for a token."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import device_id_of
from penstock.api.shared.routes import Routes
from penstock.api.v2.agents.examples import CODE, JWT
from penstock.api.v2.agents.wire import Confirm, PairCode, Pairing, Provision, Provisioned
from penstock.api.v2.devices import examples
from penstock.core.agents.models import AgentDescription
from penstock.core.agents.service import AgentService
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example


class AgentEndpoints:
    """Pair, read and unpair; and provision."""

    routes = Routes("/api/v2", surface="v2", tag="Agents")

    def __init__(self, agents: AgentService) -> None:
        self._agents = agents

    @routes.post(
        "/devices/{device_id}/pair-code",
        scope="devices:write",
        status=201,
        example=Example(
            path=examples.DEVICE_PATH,
            answer={"device_id": "dev_0c2k9fq7w3m1x", "pair_code": CODE, "expires_at": "2026-05-02T10:15:04Z"},
        ),
    )
    async def create_pair_code(self, call: Call[None, None]) -> PairCode:
        """Create a pair code for a device.

        The code is returned once. It replaces any earlier code. The paired agent stays paired until the new code is used.
        """
        made = await self._agents.create_pair_code(call.actor, device_id_of(call))
        return PairCode(encode(Prefix.DEVICE, made.device_id), made.code, format_time(made.expires_us))

    @routes.get(
        "/devices/{device_id}/agent",
        scope="devices:read",
        example=Example(
            path=examples.DEVICE_PATH,
            answer={
                "paired": True,
                "paired_at": "2026-05-02T09:15:04Z",
                "agent_version": "1.0.0",
                "macaddress": "02:5a:9e:11:20:7c",
            },
        ),
    )
    async def get(self, call: Call[None, None]) -> Pairing:
        """Get the agent that is paired with a device."""
        found = await self._agents.find(call.actor, device_id_of(call))
        if found is None:
            return Pairing(False)
        return Pairing(True, format_time(found.paired_us), found.agent_version, found.macaddress)

    @routes.delete(
        "/devices/{device_id}/agent",
        scope="devices:write",
        example=Example(path=examples.DEVICE_PATH),
    )
    async def unpair(self, call: Call[None, None]) -> None:
        """Unpair a device's agent.

        The agent is disconnected, and its token and any open pair code become invalid. Succeeds also if no agent is paired.
        """
        await self._agents.unpair(call.actor, device_id_of(call))

    @routes.post(
        "/agents/provision",
        scope=None,
        refuses=(401, 403),
        example=Example(
            body={
                "pair_code": CODE,
                "macaddress": "02:5a:9e:11:20:7c",
                "agent_version": "1.0.0",
                "agent_id": "6e1f0c9ab8d24f71",
            },
            answer={"device_id": "dev_0c2k9fq7w3m1x", "token": JWT},
        ),
    )
    async def provision(self, call: Call[None, Provision]) -> Provisioned:
        """Exchange a pair code for an agent's token.

        Called by `penstock-agent provision`; the code is the only credential. The token is an RS256 JWT bound to the device. The
        new agent replaces the one that was paired before.

        With `agent_id`, the same agent gets the same token again until it confirms that it has stored it, or connects: an agent
        that ends in between can still be paired with its code.
        """
        body = call.body
        about = AgentDescription(agent_id=body.agent_id, macaddress=body.macaddress, agent_version=body.agent_version)
        made = await self._agents.provision(body.pair_code, about, call.actor.address)
        return Provisioned(encode(Prefix.DEVICE, made.device_id), made.token)

    @routes.post(
        "/agents/confirm",
        scope=None,
        status=204,
        refuses=(401,),
        example=Example(body={"token": JWT}),
    )
    async def confirm(self, call: Call[None, Confirm]) -> None:
        """Confirm that an agent has stored its token.

        Called by `penstock-agent provision`; the token is the only credential. The pair code is used then. Can be repeated.
        """
        await self._agents.confirm(call.body.token, call.actor.address)
