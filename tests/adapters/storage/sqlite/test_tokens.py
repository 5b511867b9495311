"""Tokens as rows: whole, only for their organisation, with the groups to which they are granted now."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.people.models import Group
from penstock.core.tokens.errors import TokenExists
from penstock.core.tokens.models import SubjectKind, Token, TokenFilter, TokenGroup, TokenSort
from penstock.core.tokens.ports import Subjects
from penstock.kit.ids import GroupId, OrgId, TokenId
from tests.support.shelf import Shelf

BY_NAME = (TokenFilter(), 10, None, TokenSort.NAME)


def made(number: int, name: str = "", **fields: object) -> Token:
    whole = {"issuer": "AWS", "account": "a@b", "description": "d", "algorithm": "SHA512", "digits": 8, "period_s": 60}
    values = whole | {"four_eyes": True, "created_by": "usr_1", "created_us": number, "updated_us": number} | fields
    return Token(id=TokenId(number), name=name or f"t{number}", **values)  # type: ignore[arg-type]


async def grant(shelf: Shelf, number: int, token_id: int, subject: tuple[str, int], until_us: int | None, org_id: OrgId) -> None:
    values = (number, org_id, token_id, *subject, "seed" if number % 2 else "code", until_us, "", "", 1, None)
    await shelf.database._writer.call(lambda c: c.execute("INSERT INTO token_grants VALUES (?,?,?,?,?,?,?,?,?,?,?)", values))


async def test_a_token_comes_back_as_it_was_and_only_to_its_organisation(shelf: Shelf) -> None:
    token = made(1)
    async with shelf.own() as tx:
        await tx.tokens.create(token)
        assert await tx.tokens.find(token.id) == await tx.tokens.find_by_name("t1") == token
        with pytest.raises(TokenExists):
            await tx.tokens.create(made(2, "t1"))
        changed = msgspec.structs.replace(token, name="t2", issuer="", four_eyes=False, updated_us=5)
        await tx.tokens.update(changed)
        assert await tx.tokens.find(token.id) == changed
        assert (await tx.tokens.are_more_than(0), await tx.tokens.are_more_than(1)) == (True, False)
    async with shelf.strange() as tx:
        await tx.tokens.update(msgspec.structs.replace(token, name="theirs"))
        await tx.tokens.reseed(msgspec.structs.replace(token, updated_us=9))
        await tx.tokens.delete(token.id)
        assert not await tx.tokens.consume(token.id, 8)
        assert (await tx.tokens.find(token.id), await tx.tokens.find_by_name("t2")) == (None, None)
        assert not await tx.tokens.are_more_than(0)
        for sort in TokenSort:
            assert await tx.tokens.list(TokenFilter(), 10, None, sort, None) == []
        await tx.tokens.create(made(3, "t2"))
    async with shelf.own() as tx:
        assert await tx.tokens.find(token.id) == changed
        await tx.tokens.delete(token.id)
        assert await tx.tokens.find(token.id) is None


async def test_a_step_is_consumed_once_and_in_order(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.tokens.create(made(1, rotate_reason="someone left"))
        assert [await tx.tokens.consume(TokenId(1), step) for step in (7, 7, 6, 8, 8)] == [True, False, False, True, False]
        found = await tx.tokens.find(TokenId(1))
        assert found is not None
        assert found.last_step == 8
        await tx.tokens.reseed(msgspec.structs.replace(found, updated_us=99))
        after = await tx.tokens.find(TokenId(1))
    assert after == msgspec.structs.replace(found, last_step=0, rotate_reason=None, updated_us=99)


async def test_lists_of_what_is_granted_and_until_when(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number in range(1, 6):
            await tx.tokens.create(made(number))
    async with shelf.strange() as tx:
        await tx.tokens.create(made(9))
    for number, token_id, subject, until_us in (
        (1, 1, ("user", 5), None),
        (2, 1, ("user", 5), None),  # twice: for the seed and for codes
        (3, 2, ("group", 6), 1_001),
        (5, 3, ("group", 6), 1_000),  # ended
        (7, 4, ("user", 6), None),  # another kind of the same number
    ):
        await grant(shelf, number, token_id, subject, until_us, shelf.acme)
    await grant(shelf, 11, 9, ("user", 5), None, shelf.other)
    asked = Subjects(pairs=((SubjectKind.USER, 5), (SubjectKind.GROUP, 6)), now_us=1_000)
    async with shelf.own() as tx:
        assert [one.name for one in await tx.tokens.list(*BY_NAME, asked)] == ["t1", "t2"]
        assert await tx.tokens.list(*BY_NAME, Subjects(pairs=(), now_us=1)) == []
        assert len(await tx.tokens.list(*BY_NAME, None)) == 5
        await tx.tokens.delete(TokenId(1))
        assert [one.name for one in await tx.tokens.list(*BY_NAME, asked)] == ["t2"]


async def test_the_groups_of_tokens(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.tokens.create(made(1))
        for number, name in ((6, "Ops"), (7, "Audit"), (8, "Former")):
            await tx.groups.create(Group(id=GroupId(number), name=name, members=0, created_us=1))
    ends = {6: None, 7: 2_000, 8: 1_000}
    for number, (group, until_us) in enumerate(ends.items()):
        await grant(shelf, number * 2, 1, ("group", group), until_us, shelf.acme)
    await grant(shelf, 13, 1, ("group", 6), None, shelf.acme)
    await grant(shelf, 15, 1, ("user", 7), None, shelf.acme)
    async with shelf.own() as tx:
        found = await tx.tokens.groups([TokenId(1), TokenId(2)], 1_000)
    assert found == {1: [TokenGroup(GroupId(7), "Audit"), TokenGroup(GroupId(6), "Ops")]}
    async with shelf.strange() as tx:
        assert await tx.tokens.groups([TokenId(1)], 1_000) == {}
