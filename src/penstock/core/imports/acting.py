"""Who an import acts for: its rows are imported, and audited, as if that caller had sent them one by one."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.kit.ids import OrgId, RuleId


class _Stored(msgspec.Struct, frozen=True):
    kind: ActorKind
    number: int
    name: str
    address: str
    chain: tuple[RuleId, ...]


_DECODER = msgspec.json.Decoder(_Stored)


def encode_actor(actor: Actor) -> bytes:
    """What is stored of an actor. Its scopes were checked when the import was started."""
    return msgspec.json.encode(_Stored(actor.kind, actor.id, actor.name, actor.address, actor.chain))


def decode_actor(org_id: OrgId, stored: bytes) -> Actor:
    """The actor that `encode_actor` stored."""
    found = _DECODER.decode(stored)
    return Actor(org_id=org_id, kind=found.kind, id=found.number, name=found.name, address=found.address, chain=found.chain)
