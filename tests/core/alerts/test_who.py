"""Who did something, as it is stored."""

from __future__ import annotations

from penstock.core.actor import Actor, ActorKind
from penstock.core.alerts.who import who
from penstock.kit.ids import OrgId, Prefix, UserId, encode


def test_a_caller_has_a_public_id_and_the_server_has_none() -> None:
    ada = Actor(org_id=OrgId(1), kind=ActorKind.USER, id=7)
    assert who(ada) == encode(Prefix.USER, UserId(7))
    assert who(Actor.system(OrgId(1))) == ""
