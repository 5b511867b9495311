"""What a caller may do now."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.people.models import Role
from penstock.core.people.roles import SCOPES
from penstock.core.people.standing import scopes_now
from penstock.core.tenancy.scopes import ALL
from penstock.kit.ids import KeyId, OrgId, UserId


class Found:
    """Stands for a member or a key that may be there."""

    def __init__(self, **found: object) -> None:
        self._found = found

    async def find(self, number: int) -> object:
        return self._found.get(str(number))


class Key(msgspec.Struct):
    """What is asked of a key."""

    scopes: frozenset[str]
    revoked_us: int | None = None
    replaced_by: KeyId | None = None

    def granted(self, _: object) -> frozenset[str]:
        return self.scopes


class Member(msgspec.Struct):
    """What is asked of a member."""

    role: Role


class Both(msgspec.Struct):
    """A transaction."""

    members: Found
    keys: Found


TX = Both(
    Found(**{"1": Member(Role.VIEWER)}),
    Found(
        **{"1": Key(frozenset({"a"}), replaced_by=KeyId(2)), "2": Key(frozenset({"b"})), "3": Key(frozenset({"c"}), revoked_us=1)}
    ),
)


@pytest.mark.parametrize(
    ("kind", "number", "scopes"),
    [
        (ActorKind.USER, UserId(1), SCOPES[Role.VIEWER]),
        (ActorKind.USER, UserId(2), frozenset()),
        (ActorKind.KEY, KeyId(1), frozenset({"b"})),
        (ActorKind.KEY, KeyId(3), frozenset()),
        (ActorKind.KEY, KeyId(4), frozenset()),
        (ActorKind.SYSTEM, 0, ALL),
    ],
)
async def test_what_a_caller_may_do_now(kind: ActorKind, number: int, scopes: frozenset[str]) -> None:
    assert await scopes_now(TX, Actor(org_id=OrgId(1), kind=kind, id=number)) == scopes  # type: ignore[arg-type]
