"""Which grants count for a caller."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor, ScopeMissing
from penstock.core.audit.trail import AuditTrail
from penstock.core.tokens.access import GrantAccess
from penstock.core.tokens.errors import ApprovalRequired, SeedNotGranted, TokenNotFound
from penstock.core.tokens.models import Permission, SubjectKind
from penstock.core.tokens.requests import SeedGate
from tests.core.tokens.fakes import NOW_US, ORG, TOKEN, Grants, Transaction, key, user
from tests.support.days import HeldClock

CLOCK = HeldClock(NOW_US)
ACCESS = GrantAccess(SeedGate(AuditTrail(CLOCK), CLOCK), CLOCK)


async def test_the_subjects_of_a_user_are_the_user_and_the_groups() -> None:
    found = await ACCESS.subjects(Transaction(), user())
    assert found is not None
    assert found.pairs == ((SubjectKind.USER, 11), (SubjectKind.GROUP, 111), (SubjectKind.GROUP, 211))
    assert found.now_us == NOW_US


async def test_the_subjects_of_a_key_are_the_key_and_those_of_its_root() -> None:
    found = await ACCESS.subjects(Transaction(), key())
    assert found is not None
    assert found.pairs == (
        (SubjectKind.KEY, 21),
        (SubjectKind.USER, 11),
        (SubjectKind.GROUP, 111),
        (SubjectKind.GROUP, 211),
    )
    of_operator = await ACCESS.subjects(Transaction(), key(root=None))
    assert of_operator is not None
    assert of_operator.pairs == ((SubjectKind.KEY, 21),)


@pytest.mark.parametrize("actor", [user(granted_only=False), key(granted_only=False), Actor.system(ORG)])
async def test_others_reach_all_without_a_look_at_grants(actor: Actor) -> None:
    tx = Transaction()
    assert not ACCESS.is_restricted(actor)
    assert await ACCESS.subjects(tx, actor) is None
    await ACCESS.require(tx, actor, TOKEN, Permission.SEED)
    assert tx.grants.asked == []


@pytest.mark.parametrize(
    ("granted", "code", "seed"),
    [(None, TokenNotFound, TokenNotFound), (Permission.CODE, None, SeedNotGranted), (Permission.SEED, None, None)],
)
async def test_a_grant_decides(granted: Permission | None, code: type[Exception] | None, seed: type[Exception] | None) -> None:
    tx = Transaction(Grants(**({"user11": granted} if granted else {})))
    for actor in (user(), key()):
        for permission, error in ((Permission.CODE, code), (Permission.SEED, seed)):
            if error is None:
                await ACCESS.require(tx, actor, TOKEN, permission)
            else:
                with pytest.raises(error):
                    await ACCESS.require(tx, actor, TOKEN, permission)
    assert tx.grants.asked[0] == (11, None, NOW_US)
    assert tx.grants.asked[-1] == (11, 21, NOW_US)


async def test_four_eyes_are_set_by_who_may_read_the_seed() -> None:
    tx, reader = Transaction(), user(11, "tokens:seed", granted_only=False)
    await ACCESS.check_four_eyes(tx, user(), TOKEN, enabled=False)
    with pytest.raises(ScopeMissing):
        await ACCESS.check_four_eyes(tx, user(granted_only=False), TOKEN, enabled=True)
    with pytest.raises(TokenNotFound):
        await ACCESS.check_four_eyes(tx, user(11, "tokens:seed"), TOKEN, enabled=True)
    await ACCESS.check_four_eyes(tx, reader, TOKEN, enabled=True)
    with pytest.raises(ApprovalRequired):
        await ACCESS.check_four_eyes(tx, reader, msgspec.structs.replace(TOKEN, four_eyes=True), enabled=False)
