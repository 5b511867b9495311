"""Tokens and their seeds: limits, lists, access, and what the audit log says."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.core.tokens.errors import SeedNotGranted, TokenExists, TokenLimitReached, TokenNotFound
from penstock.core.tokens.models import NewToken, Permission, TokenFilter, TokenPatch, TokenSort
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode
from tests.core.tokens.opened import SEED, Opened
from tests.support.shelf import Shelf


@pytest.fixture
def opened(shelf: Shelf, tmp_path: Path) -> Opened:
    return Opened(shelf, tmp_path / "keys", max_tokens=4)


async def test_a_name_is_taken_once_and_only_in_its_organisation(opened: Opened) -> None:
    await opened.add()
    with pytest.raises(TokenExists):
        await opened.add()
    await opened.service.create(opened.stranger, NewToken(name="aws-prod", seed=SEED))
    await opened.add("b")
    with pytest.raises(TokenExists):
        await opened.service.update(opened.owner, "b", TokenPatch(name="aws-prod"))
    with pytest.raises(InvalidInput):
        await opened.service.update(opened.owner, "b", TokenPatch(name="B"))


async def test_the_limit_of_an_organisation(opened: Opened) -> None:
    for number in range(4):
        await opened.add(f"t{number}")
    with pytest.raises(TokenLimitReached, match="at most 4"):
        await opened.add("one-more")
    await opened.service.delete(opened.owner, "t0")
    with pytest.raises(TokenLimitReached):
        await opened.service.create_all(opened.owner, [NewToken(name=name, seed=SEED) for name in ("x", "y")])
    await opened.add("x")
    with pytest.raises(TokenLimitReached):
        await opened.service.create_all(opened.stranger, [NewToken(name=f"n{number}", seed=SEED) for number in range(5)])


async def test_of_several_all_are_created_or_none(opened: Opened) -> None:
    await opened.add("b")
    with pytest.raises(TokenExists):
        await opened.service.create_all(opened.owner, [NewToken(name=name, seed=SEED) for name in ("a", "b")])
    assert [one.token.name for one in (await opened.service.list(opened.owner, TokenFilter(), 10, None)).items] == ["b"]


async def test_every_order_has_every_token_once(opened: Opened) -> None:
    for name in ("c", "a", "d", "b"):
        opened.clock.us += 1
        await opened.add(name)
    wanted = {TokenSort.NAME: "abcd", TokenSort.NAME_REVERSED: "dcba", TokenSort.OLDEST: "cadb", TokenSort.NEWEST: "bdac"}
    for sort, names in wanted.items():
        found, cursor = "", None
        while True:
            page = await opened.service.list(opened.owner, TokenFilter(), 3, cursor, sort)
            found += "".join(one.token.name for one in page.items)
            if (cursor := page.next_cursor) is None:
                break
        assert found == names


async def test_a_cursor_belongs_to_one_order(opened: Opened) -> None:
    for name in ("a", "b"):
        await opened.add(name)
    for sort, other in ((TokenSort.NAME, TokenSort.NAME_REVERSED), (TokenSort.OLDEST, TokenSort.NEWEST)):
        cursor = (await opened.service.list(opened.owner, TokenFilter(), 1, None, sort)).next_cursor
        with pytest.raises(InvalidInput, match="in the same order"):
            await opened.service.list(opened.owner, TokenFilter(), 1, cursor, other)


async def test_filters(opened: Opened) -> None:
    await opened.add("aws-prod", issuer="AWS", account="root@example.org")
    await opened.add("git_hub", issuer="GitHub", description="100% ours")
    cases = {
        "aws-prod": TokenFilter(text="ROOT@"),
        "git_hub": TokenFilter(text="100%"),
        "git_hub ": TokenFilter(issuer="GitHub"),
        "": TokenFilter(text="gitxhub"),
        " ": TokenFilter(rotate=True),
        "aws-prod git_hub": TokenFilter(rotate=False),
    }
    for names, filters in cases.items():
        found = await opened.service.list(opened.owner, filters, 10, None)
        assert [one.token.name for one in found.items] == names.split()


async def test_who_sees_only_what_is_granted(opened: Opened) -> None:
    for name in ("a", "b"):
        await opened.add(name)
    token = (await opened.service.get(opened.owner, "a")).token
    assert (await opened.service.get(opened.owner, encode(Prefix.TOKEN, token.id))).token == token
    assert (await opened.service.list(opened.member, TokenFilter(), 10, None)).items == []
    await grant(opened, token.id)
    assert [one.token.name for one in (await opened.service.list(opened.member, TokenFilter(), 10, None)).items] == ["a"]
    opened.access.grants["a"] = Permission.CODE
    assert (await opened.service.get(opened.member, "a")).token == token
    for use in (opened.service.get, opened.service.delete, opened.service.seed, opened.service.rotate):
        with pytest.raises(TokenNotFound):
            await use(opened.member, "b")
    for use in (opened.service.seed, opened.service.rotate):
        with pytest.raises(SeedNotGranted):
            await use(opened.member, "a")
    with pytest.raises(TokenNotFound):
        await opened.service.get(opened.stranger, "a")


async def grant(opened: Opened, token_id: int) -> None:
    """A row as the noun of grants makes it, to the member."""
    values = f"1, {opened.shelf.acme}, {token_id}, 'user', {opened.member.id}, 'code', NULL, '', '', 1, NULL"
    await opened.shelf.database._writer.call(lambda c: c.execute(f"INSERT INTO token_grants VALUES ({values})"))


async def test_the_seed_is_shown_and_replaced_and_both_are_flagged(opened: Opened) -> None:
    await opened.add(algorithm="SHA256", seed=bytes(32))
    shown = await opened.service.seed(opened.owner, "aws-prod")
    assert bytes(shown.seed) == bytes(32)
    assert opened.access.asked == ["aws-prod"]
    async with opened.shelf.own() as tx:
        assert await tx.tokens.consume(shown.token.id, 7)
    await opened.shelf.database._writer.call(lambda c: c.execute("UPDATE tokens SET rotate_reason = 'someone left'"))
    opened.clock.us += 5
    new = await opened.service.rotate(opened.owner, "aws-prod")
    assert len(new.seed) == 32
    assert new.seed != shown.seed
    token = (await opened.service.get(opened.owner, "aws-prod")).token
    assert (token.last_step, token.rotate_reason, token.updated_us) == (0, None, opened.clock.us)
    assert (await opened.service.seed(opened.owner, "aws-prod")).seed == new.seed
    await opened.service.rotate(opened.owner, "aws-prod", b"ten bytes!")
    with pytest.raises(InvalidInput, match="must be 10 to 128 bytes"):
        await opened.service.rotate(opened.owner, "aws-prod", b"nine byte")
    (first, second) = await opened.entries("token.seed.rotate")
    assert (first.details, second.details) == ({"flagged": True, "supplied": False}, {"flagged": True, "supplied": True})
    assert [one.details for one in await opened.entries("token.seed.view")] == [{"flagged": True}] * 2


async def test_without_an_approval_the_seed_is_not_shown(opened: Opened) -> None:
    await opened.add()
    opened.access.approved = False
    with pytest.raises(SeedNotGranted):
        await opened.service.seed(opened.owner, "aws-prod")
    assert await opened.entries("token.seed.view") == []


async def test_what_goes_leaves_no_seed_and_every_change_has_its_entry(opened: Opened, tmp_path: Path) -> None:
    await opened.add()
    await opened.service.update(opened.owner, "aws-prod", TokenPatch(issuer="AWS"))
    await opened.service.delete(opened.owner, "aws-prod")
    for action in ("token.create", "token.update", "token.delete"):
        (entry,) = await opened.entries(action)
        assert entry.target.name == "aws-prod"
        assert "1234567890" not in str(entry.details)
    (changed,) = await opened.entries("token.update")
    assert changed.details == {"before": {"issuer": ""}, "after": {"issuer": "AWS"}}
    with sqlite3.connect(tmp_path / "data" / CONTROL_FILE) as file:
        assert file.execute("SELECT count(*) FROM secret_versions").fetchone() == (0,)
