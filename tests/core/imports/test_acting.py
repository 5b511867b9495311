"""Who an import acts for."""

from __future__ import annotations

from penstock.core.actor import Actor, ActorKind
from penstock.core.imports.acting import decode_actor, encode_actor
from penstock.kit.ids import OrgId, RuleId


def test_an_import_acts_for_its_caller_without_their_scopes() -> None:
    actor = Actor(
        org_id=OrgId(3),
        kind=ActorKind.USER,
        id=7,
        name="ada@example.org",
        address="192.0.2.1",
        scopes=frozenset({"x"}),
        chain=(RuleId(1),),
    )
    stored = decode_actor(OrgId(3), encode_actor(actor))
    assert (stored.kind, stored.id, stored.name, stored.address, stored.chain) == (
        ActorKind.USER,
        7,
        actor.name,
        actor.address,
        (1,),
    )
    assert stored.scopes == frozenset()
