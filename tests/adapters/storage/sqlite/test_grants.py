"""The stores of grants beside another organisation that has the same numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from penstock.bootstrap import DataDir, open_control
from penstock.bootstrap.server import Control
from penstock.core.actor import Actor, ActorKind
from penstock.core.tokens.grant_models import Purpose, RequestState, Subject
from penstock.core.tokens.models import Grant, Permission, SubjectKind, Token
from penstock.core.tokens.ports import Subjects
from penstock.core.tokens.requests import new_request
from penstock.kit.ids import GrantId, OrgId, SeedRequestId, TokenId, UserId
from penstock.settings import load_settings
from tests.support.days import HeldClock

NOW_US = 1_000
USER = UserId(11)


class Two:
    """Two organisations: what is asked of the first, and what the second has."""

    def __init__(self, control: Control, first: OrgId, second: OrgId) -> None:
        self.database, self.first, self.second = control.database, first, second


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with open_control(DataDir(tmp_path / "data"), load_settings(environment={}), HeldClock()) as control:
        orgs = [(await control.tenancy.bootstrap(name, f"{name}@example.org")).organization.id for name in ("a", "b")]
        found = Two(control, *orgs)
        for at, org_id in enumerate(orgs):
            async with found.database.transaction(org_id) as tx:
                await tx.tokens.create(token(at + 1))
        yield found


def token(number: int) -> Token:
    return Token(id=TokenId(number), name="aws-prod", created_by="", created_us=0, updated_us=0)


def grant(number: int, of: int, subject: Subject, permission: Permission = Permission.CODE, end: int | None = None) -> Grant:
    return Grant(
        id=GrantId(number),
        token_id=TokenId(of),
        subject_kind=subject.kind,
        subject_id=subject.id,
        permission=permission,
        expires_us=end,
        reason="",
        created_by="",
        created_us=0,
    )


GROUP, LENA, KEY = Subject(SubjectKind.GROUP, 4), Subject(SubjectKind.USER, USER), Subject(SubjectKind.KEY, 5)


async def test_grants_of_one_organisation(two: Two) -> None:
    async with two.database.transaction(two.second) as tx:
        for number, subject in enumerate((GROUP, LENA, KEY)):
            await tx.grants.create(grant(20 + number, 2, subject, Permission.SEED))
        elevation = msgspec.structs.replace(grant(23, 2, GROUP), elevates=GrantId(20))
        await tx.grants.create(elevation)
        assert [one.grant for one in await tx.grants.elevations(grant(20, 2, GROUP))] == [elevation]
    async with two.database.transaction(two.first) as tx:
        store = tx.grants
        assert await store.find(GrantId(20)) is None
        assert await store.find_like(TokenId(2), GROUP, Permission.SEED) is None
        assert await store.count(TokenId(2)) == 0
        assert await store.permission(TokenId(2), USER, None, NOW_US) is None
        assert await store.of_subject(GROUP) == await store.delete_of(GROUP) == []
        assert await store.page_of_token(TokenId(2), 10, 0, None) == []
        assert await store.elevations(grant(20, 2, GROUP)) == []
        assert await store.mark_of([GROUP, LENA, KEY], "gone", NOW_US) == 0
        assert not await store.delete(GrantId(20))
        await store.set_end(GrantId(20), 5)
        assert await store.mark_all("gone", NOW_US) == 1
    async with two.database.snapshot(two.second) as tx:
        found = await tx.grants.find(GrantId(20))
        assert found is not None
        assert found.grant.expires_us is None
        assert (await tx.tokens.find(TokenId(2))).rotate_reason is None


async def test_the_most_that_is_granted_now_counts(two: Two) -> None:
    async with two.database.transaction(two.first) as tx:
        store = tx.grants
        await store.create(grant(10, 1, LENA, end=NOW_US + 1))
        await store.create(grant(11, 1, LENA, Permission.SEED, end=NOW_US))
        await store.create(grant(12, 1, KEY, Permission.SEED))
        asked = [(USER, None), (USER, 5), (None, 5), (UserId(12), None), (None, None)]
        found = [await store.permission(TokenId(1), user, key, NOW_US) for user, key in asked]  # type: ignore[arg-type]
        assert found == [Permission.CODE, Permission.SEED, Permission.SEED, None, None]
        assert await store.permission(TokenId(1), USER, None, NOW_US - 1) is Permission.SEED
        assert await store.permission(TokenId(1), USER, None, NOW_US + 1) is None
        assert await store.mark_of([LENA], "gone", NOW_US) == 0
        assert await store.mark_of([LENA], "gone", NOW_US - 1) == 1


async def test_pages_and_subjects(two: Two) -> None:
    async with two.database.transaction(two.first) as tx:
        for number, subject in enumerate((GROUP, LENA, KEY)):
            await tx.grants.create(grant(10 + number, 1, subject))
        own = Subjects(pairs=((SubjectKind.USER, USER), (SubjectKind.GROUP, 4)), now_us=NOW_US)
        numbers = [one.grant.id for one in await tx.grants.page_of_token(TokenId(1), 10, 0, own)]
        assert numbers == [10, 11]
        assert [one.grant.id for one in await tx.grants.page_of_token(TokenId(1), 1, 10, None)] == [11]
        assert [one.grant.id for one in await tx.grants.delete_of(KEY)] == [12]
        assert await tx.grants.count(TokenId(1)) == 2
        assert await tx.grants.groups_of(USER) == []
        assert await tx.grants.subjects_of(USER) == [LENA]
    async with two.database.system_snapshot() as system:
        assert await system.grants.ended(NOW_US, 10) == []


async def test_requests_of_one_organisation(two: Two) -> None:
    lena = Actor(org_id=two.second, kind=ActorKind.USER, id=USER)
    made = new_request(SeedRequestId(9), lena, token(2), Purpose.READ, "why", 0, NOW_US + 1)
    async with two.database.transaction(two.second) as tx:
        await tx.seed_requests.create(made)
    async with two.database.transaction(two.first) as tx:
        store = tx.seed_requests
        assert await store.find(made.id) is None
        assert await store.count_open(made.token_id, USER, NOW_US) == 0
        assert not await store.decide(made, RequestState.APPROVED, NOW_US + 1, "ada", 8, NOW_US)
        assert await store.end_of(USER) == 0
        assert await store.list(None, None, 10, 100, None, NOW_US) == []
    async with two.database.transaction(two.second) as tx:
        assert await tx.seed_requests.count_open(made.token_id, USER, NOW_US) == 1
        assert await tx.seed_requests.decide(made, RequestState.APPROVED, NOW_US + 1, "ada", 8, NOW_US)
        assert not await tx.seed_requests.decide(made, RequestState.DENIED, NOW_US + 1, "ada", 8, NOW_US)
    async with two.database.transaction(two.first) as tx:
        assert await tx.seed_requests.find_approved(made, NOW_US) is None
        assert not await tx.seed_requests.use(made.id, NOW_US)
        assert await tx.seed_requests.end_approvals_of(8) == 0
    async with two.database.transaction(two.second) as tx:
        assert await tx.seed_requests.end_approvals_of(USER) == 0, "another person's"
        found = await tx.seed_requests.find_approved(made, NOW_US)
        assert found == msgspec.structs.replace(made, state=RequestState.APPROVED, decided_by="ada", decided_us=NOW_US)
        assert await tx.seed_requests.find_approved(made, NOW_US + 1) is None
        assert not await tx.seed_requests.use(made.id, NOW_US + 1)
        assert await tx.seed_requests.use(made.id, NOW_US)
        assert not await tx.seed_requests.use(made.id, NOW_US)
