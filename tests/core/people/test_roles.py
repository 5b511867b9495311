"""Roles as sets of scopes, and who may act on whom."""

from __future__ import annotations

from itertools import pairwise

import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.people.errors import RoleNotAllowed, SessionRequired
from penstock.core.people.models import Role
from penstock.core.people.roles import LIMITED, OWN_DEVICES, SCOPES, check_person, check_reach
from penstock.core.tenancy.scopes import ALL
from penstock.kit.ids import OrgId

LADDER = (Role.VIEWER, Role.MEMBER, Role.ADMIN, Role.OWNER)


def actor(role: Role, kind: ActorKind = ActorKind.USER) -> Actor:
    return Actor(org_id=OrgId(1), kind=kind, id=7, scopes=SCOPES[role])


def reaches(by: Actor, role: Role) -> bool:
    try:
        check_reach(by, role)
    except RoleNotAllowed:
        return False
    return True


def test_each_role_may_more_than_the_one_before() -> None:
    for lower, higher in pairwise(LADDER):
        assert SCOPES[lower] < SCOPES[higher]
    assert SCOPES[Role.OWNER] == ALL
    assert SCOPES[Role.VIEWER] >= LIMITED


def test_what_stays_with_few() -> None:
    assert SCOPES[Role.OWNER] - SCOPES[Role.ADMIN] == {"billing:read", "billing:write"}
    assert not {"audit:read", "logs:read", "billing:read", "billing:write", "org:admin"} & SCOPES[Role.MEMBER]
    assert not [scope for scope in SCOPES[Role.VIEWER] if not scope.endswith(":read")]
    assert SCOPES[Role.RESIDENT] == {"profile:read", OWN_DEVICES}
    assert OWN_DEVICES not in ALL, "no key can carry it"


@pytest.mark.parametrize("by", LADDER)
@pytest.mark.parametrize("kind", [ActorKind.USER, ActorKind.KEY])
def test_nobody_hands_out_more_than_they_have(by: Role, kind: ActorKind) -> None:
    allowed = {role for role in LADDER if reaches(actor(by, kind), role)}
    assert allowed == set(LADDER[: LADDER.index(by) + 1])
    assert reaches(actor(by, kind), Role.RESIDENT)


def test_a_scope_less_is_beyond_reach() -> None:
    nearly = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=7, scopes=SCOPES[Role.ADMIN] - {"sms:send"})
    assert [reaches(nearly, role) for role in LADDER] == [True, False, False, False]
    assert reaches(Actor.system(OrgId(1)), Role.OWNER)


@pytest.mark.parametrize("kind", [kind for kind in ActorKind if kind is not ActorKind.USER])
def test_a_key_is_nobodys_self(kind: ActorKind) -> None:
    check_person(actor(Role.OWNER))
    with pytest.raises(SessionRequired):
        check_person(actor(Role.OWNER, kind))
