"""Preferences as rows: replaced as a whole, and gone with the membership."""

from __future__ import annotations

from penstock.core.preferences.models import Density, Preferences, Theme
from penstock.kit.ids import UserId
from tests.support.shelf import Shelf

SOME = Preferences(
    time_zone="Asia/Kolkata",
    locale="en-IN",
    theme=Theme.CONTRAST,
    density=Density.COMPACT,
    start_page="/alerts",
    pinned=("dev_1", "dsh_2"),
    lists={"devices": {"columns": ["name", {"width": 3}]}},
)


async def test_they_return_as_they_were_and_end_with_the_membership(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        [owner] = await tx.members.list(1, UserId(0))
        assert await tx.preferences.find(owner.user_id) is None
        await tx.preferences.save(owner.user_id, Preferences(), 1)
        await tx.preferences.save(owner.user_id, SOME, 2)
        assert await tx.preferences.find(owner.user_id) == SOME
    async with shelf.strange() as tx:
        assert await tx.preferences.find(owner.user_id) is None
    async with shelf.own() as tx:
        await tx.members.delete(owner.user_id)
        assert await tx.preferences.find(owner.user_id) is None
