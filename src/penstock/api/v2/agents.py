"""Agents over the native API: pair codes for people, and the one call by which an agent turns its code into a token."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2 import examples
from penstock.core.agents.service import AgentService
from penstock.kit.clock import format_time
from penstock.kit.ids import DeviceId, Prefix, encode
from penstock.kit.operation import Example, operation
from penstock.kit.secret import hides

TAG = "Agents"
PATH = "/api/v2/devices/{device_id}"
CODE = "9f2c51d07be84a3cb6e0d94f17a8325c"
Word = Annotated[str, Meta(max_length=64)]


@hides("pair_code")
class PairCode(Struct, frozen=True):
    """A code for `penstock-agent provision`. It works once, and not after `expires_at`."""

    device_id: str
    pair_code: str
    expires_at: str


@hides("pair_code")
class Provision(Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent shows to be paired, and what it says of itself."""

    pair_code: Annotated[str, Meta(min_length=1, max_length=64)]
    macaddress: Word = ""
    agent_version: Word = ""


@hides("token")
class Provisioned(Struct, frozen=True):
    """The agent's token, seen only here: it opens the WebSocket at `/ws` for this device and nothing else."""

    device_id: str
    token: str


class Pairing(Struct, frozen=True):
    """Which agent speaks for a device; without one the rest is null."""

    paired: bool
    paired_at: str | None = None
    agent_version: str | None = None
    macaddress: str | None = None


class AgentEndpoints:
    """Pair, look, unpair; and provision."""

    def __init__(self, agents: AgentService) -> None:
        self._agents = agents

    @operation(
        "POST",
        f"{PATH}/pair-code",
        surface="v2",
        tag=TAG,
        summary="Make a pair code for a device",
        description="Shown once. A new code takes the place of the one before; the agent that is paired stays so until the new "
        "code is used.",
        scope="devices:write",
        status=201,
        answer=PairCode,
        example=Example(
            path=examples.DEVICE_PATH,
            answer={"device_id": "dev_0c2k9fq7w3m1x", "pair_code": CODE, "expires_at": "2026-05-02T10:15:04Z"},
        ),
    )
    async def create_pair_code(self, call: Call[None, None]) -> PairCode:
        made = await self._agents.create_pair_code(call.actor, _device_id(call))
        return PairCode(encode(Prefix.DEVICE, made.device_id), made.code, format_time(made.expires_us))

    @operation(
        "GET",
        f"{PATH}/agent",
        surface="v2",
        tag=TAG,
        summary="See which agent speaks for a device",
        scope="devices:read",
        answer=Pairing,
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
        found = await self._agents.find(call.actor, _device_id(call))
        if found is None:
            return Pairing(False)
        return Pairing(True, format_time(found.paired_us), found.agent_version, found.macaddress)

    @operation(
        "DELETE",
        f"{PATH}/agent",
        surface="v2",
        tag=TAG,
        summary="Unpair a device's agent",
        description="The agent is cut off, its token and any open pair code are dead. Answers alike when there was none.",
        scope="devices:write",
        status=204,
        example=Example(path=examples.DEVICE_PATH),
    )
    async def unpair(self, call: Call[None, None]) -> Answer:
        await self._agents.unpair(call.actor, _device_id(call))
        return Answer()

    @operation(
        "POST",
        "/api/v2/agents/provision",
        surface="v2",
        tag=TAG,
        summary="Turn a pair code into an agent's token",
        description="Called by `penstock-agent provision`; whoever has the code needs nothing else. The token is an RS256 JWT "
        "bound to the device. It replaces the device's agent before.",
        body=Provision,
        answer=Provisioned,
        refuses=(401, 403),
        example=Example(
            body={"pair_code": CODE, "macaddress": "02:5a:9e:11:20:7c", "agent_version": "1.0.0"},
            answer={"device_id": "dev_0c2k9fq7w3m1x", "token": "eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLiIsInR5cCI6IkpXVCJ9.e30.c2ln"},
        ),
    )
    async def provision(self, call: Call[None, Provision]) -> Provisioned:
        body = call.body
        made = await self._agents.provision(body.pair_code, body.macaddress, body.agent_version, call.actor.address)
        return Provisioned(encode(Prefix.DEVICE, made.device_id), made.token)


def _device_id(call: Call[Any, Any]) -> DeviceId:
    return path_id(Prefix.DEVICE, call.path["device_id"])
