"""Re-decodes as rows: whole, by filter, with their plan and what is pending, and which are due."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.redecodes.models import NewPayload, RedecodeFilter, RedecodeState
from penstock.kit.ids import MAX_ID, CodecId, DeviceId, ProfileId, ProjectId, RedecodeId, RuleId, Seq
from tests.adapters.storage.sqlite.test_profiles import profile
from tests.core.redecodes.prepared import add_device
from tests.core.redecodes.test_models import redecode
from tests.support.shelf import Shelf

DONE = {"state": RedecodeState.DONE, "finished_us": 9}


async def test_a_redecode_comes_back_as_it_was_and_only_to_its_organisation(shelf: Shelf) -> None:
    made = redecode(1, device_id=DeviceId(10), reach_id=ProjectId(7), chain=(RuleId(4),), total=8, reason="why")
    async with shelf.own() as tx:
        await tx.redecodes.create(made)
        assert await tx.redecodes.find(made.id) == made
        changed = msgspec.structs.replace(made, state=RedecodeState.RUNNING, done=5, changed=3, failed=1, skipped=1, started_us=4)
        await tx.redecodes.update(changed)
        assert await tx.redecodes.find(made.id) == changed
    async with shelf.strange() as tx:
        assert await tx.redecodes.find(made.id) is None
        assert await tx.redecodes.active() == []
        await tx.redecodes.update(made)
        await tx.redecodes.set_plan(made.id, b"x")
        await tx.redecodes.set_pending(made.id, [NewPayload(DeviceId(1), Seq(1), b"x")])
        assert (await tx.redecodes.plan(made.id), await tx.redecodes.pending(made.id)) == (None, [])
        assert await tx.redecodes.list(RedecodeFilter(), 9, MAX_ID) == []
    async with shelf.own() as tx:
        assert await tx.redecodes.find(made.id) == changed
        assert (await tx.redecodes.plan(made.id), await tx.redecodes.pending(made.id)) == (None, [])


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (RedecodeFilter(), [3, 2, 1]),
        (RedecodeFilter(state=RedecodeState.DONE), [3]),
        (RedecodeFilter(device_id=DeviceId(10)), [1]),
        (RedecodeFilter(profile_id=ProfileId(5)), [2]),
        (RedecodeFilter(reach_id=ProjectId(7)), [3]),
    ],
)
async def test_redecodes_are_listed_newest_first(shelf: Shelf, filters: RedecodeFilter, ids: list[int]) -> None:
    async with shelf.own() as tx:
        await tx.redecodes.create(redecode(1, device_id=DeviceId(10)))
        await tx.redecodes.create(redecode(2, profile_id=ProfileId(5)))
        await tx.redecodes.create(redecode(3, reach_id=ProjectId(7), **DONE))
        assert [one.id for one in await tx.redecodes.list(filters, 9, MAX_ID)] == ids
        assert [one.id for one in await tx.redecodes.list(filters, 1, 3)] == [one for one in ids if one < 3][:1]
        assert [one.id for one in await tx.redecodes.active()] == [1, 2]
        await tx.redecodes.drop_old(0)
        assert [one.id for one in await tx.redecodes.list(RedecodeFilter(), 9, MAX_ID)] == [2, 1]


async def test_only_ones_own_old_ones_are_counted_and_dropped(shelf: Shelf) -> None:
    for opened, numbers in ((shelf.strange, (1, 4, 5)), (shelf.own, (2, 3))):
        async with opened() as tx:
            for number in numbers:
                await tx.redecodes.create(redecode(number, **DONE))
    async with shelf.own() as tx:
        await tx.redecodes.drop_old(1)
        assert [one.id for one in await tx.redecodes.list(RedecodeFilter(), 9, MAX_ID)] == [3]
    async with shelf.strange() as tx:
        assert [one.id for one in await tx.redecodes.list(RedecodeFilter(), 9, MAX_ID)] == [5, 4, 1]


async def test_a_plan_ends_with_its_redecode_and_pending_payloads_do_not(shelf: Shelf) -> None:
    made, pending = redecode(1), [NewPayload(DeviceId(10), Seq(3), b"{}")]
    async with shelf.own() as tx:
        await tx.redecodes.create(made)
        await tx.redecodes.set_plan(made.id, b"plan")
        await tx.redecodes.set_pending(made.id, pending)
        assert (await tx.redecodes.plan(made.id), await tx.redecodes.pending(made.id)) == (b"plan", pending)
        await tx.redecodes.update(msgspec.structs.replace(made, **DONE))
        assert (await tx.redecodes.plan(made.id), await tx.redecodes.pending(made.id)) == (None, pending)
        await tx.redecodes.drop_old(0)
        assert await tx.redecodes.find(made.id) is not None, "it is still to be written"
        await tx.redecodes.set_pending(made.id, ())
        assert await tx.redecodes.pending(made.id) == []


async def test_the_oldest_of_each_organisation_is_due_and_what_is_pending(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number in (1, 4, 5):
            await tx.redecodes.create(redecode(number, total=10, done=4))
        await tx.redecodes.update(redecode(1, **DONE))
        await tx.redecodes.set_pending(RedecodeId(1), [NewPayload(DeviceId(10), Seq(3), b"{}")])
    async with shelf.strange() as tx:
        await tx.redecodes.create(redecode(3))
        await tx.redecodes.create(redecode(6, **DONE))
    async with shelf.system() as tx:
        due = {(one.org_id, one.id) for one in await tx.redecodes.due()}
        assert due == {(shelf.acme, 1), (shelf.acme, 4), (shelf.other, 3)}
        assert [one.id for one in await tx.redecodes.due() if one.org_id == shelf.acme] == [1, 4], "what is pending comes first"
        assert await tx.redecodes.backlog() == (3, 12)


async def test_devices_of_a_selection_have_a_codec(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.profiles.create(profile(shelf, 1, codec_id=CodecId(101)))
        await tx.profiles.create(profile(shelf, 2, codec_id=CodecId(102)))
        await tx.profiles.create(profile(shelf, 3))
    for number, profile_number in ((10, 1), (11, 1), (12, 2), (13, 3), (14, None)):
        await add_device(shelf, number, profile_number)
    own = {"project_id": shelf.project_id}
    cases: list[tuple[dict[str, object], set[int]]] = [
        ({"device_id": DeviceId(10)}, {10}),
        ({"device_id": DeviceId(13)}, set()),
        ({"profile_id": ProfileId(1)}, {10, 11}),
        ({"profile_id": ProfileId(1), "reach_id": ProjectId(77)}, set()),
        (own, {10, 11, 12}),
        ({"project_id": ProjectId(77)}, set()),
    ]
    async with shelf.own() as tx:
        for about, found in cases:
            assert set(await tx.redecodes.devices(redecode(1, **about))) == found, about
        assert await tx.redecodes.share_devices(ProfileId(1), shelf.project_id)
        assert not await tx.redecodes.share_devices(ProfileId(1), ProjectId(77))
        assert await tx.redecodes.routed([DeviceId(10)]) == frozenset()
    async with shelf.strange() as tx:
        assert await tx.redecodes.devices(redecode(1, profile_id=ProfileId(1))) == []
