"""Entries of the audit log: who did it, by which id, and no detail that there is not."""

from __future__ import annotations

import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import AuditEntry, AuditFilter, Outcome, Target
from penstock.core.audit.trail import AuditTrail
from penstock.kit.ids import DeviceId, KeyId, OrgId, Prefix, UserId, encode
from tests.support.days import HeldClock
from tests.support.shelf import Shelf


async def recorded(shelf: Shelf, actor: Actor, outcome: Outcome = Outcome.SUCCESS, **details: object) -> AuditEntry:
    clock = HeldClock()
    async with shelf.own() as tx:
        await AuditTrail(clock).record(tx, actor, "key.create", Target("key", "key_1"), outcome=outcome, **details)
        (entry,) = await tx.audit.newest(AuditFilter(), 1)
    assert entry.time_us == clock.us
    return entry


@pytest.mark.parametrize(
    ("kind", "number", "name", "shown"),
    [
        (ActorKind.USER, UserId(5), "ada@example.org", (encode(Prefix.USER, UserId(5)), "ada@example.org")),
        (ActorKind.KEY, KeyId(5), "ci", (encode(Prefix.KEY, KeyId(5)), "ci")),
        (ActorKind.DEVICE, DeviceId(5), "", (encode(Prefix.DEVICE, DeviceId(5)), "device")),
        (ActorKind.SYSTEM, 5, "rule frost", ("", "rule frost")),
        (ActorKind.SYSTEM, 0, "", ("", "system")),
    ],
)
async def test_an_actor_has_a_public_id_and_a_name(
    kind: ActorKind, number: int, name: str, shown: tuple[str, str], shelf: Shelf
) -> None:
    entry = await recorded(shelf, Actor(org_id=OrgId(shelf.acme), kind=kind, id=number, name=name, address="192.0.2.1"))
    assert (entry.actor_id, entry.actor_name) == shown
    assert (entry.actor_kind, entry.address) == (kind.value, "192.0.2.1")


async def test_a_detail_that_there_is_not_is_left_out_and_nothing_is_something(shelf: Shelf) -> None:
    entry = await recorded(shelf, Actor.system(shelf.acme), Outcome.FAILURE, reason=None, after={}, count=0)
    assert (entry.details, entry.outcome) == ({"after": {}, "count": 0}, Outcome.FAILURE)
