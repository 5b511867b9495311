"""Starting, reading and cancelling re-decodes: of what has a codec, within the caller's reach, and never twice at a time."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

from penstock.core.audit.models import AuditFilter
from penstock.core.codecs.errors import NoCodec
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.profiles.errors import ProfileNotFound
from penstock.core.redecodes import service
from penstock.core.redecodes.errors import RedecodeNotFound, RedecodeOverlaps, TooManyRedecodes
from penstock.core.redecodes.models import RedecodeFilter, RedecodeState, Selection
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.ids import AuditSeq, DeviceId, ProfileId, ProjectId, RedecodeId
from tests.adapters.storage.sqlite.test_profiles import profile
from tests.core.redecodes.prepared import actor_of, add_codec, add_device, prepared
from tests.support.shelf import Shelf


async def two_profiles(shelf: Shelf) -> None:
    """Devices 10 and 11 with profile 1, 12 with profile 2, 13 with a profile that has no codec, 14 without any."""
    await add_codec(shelf, 1)
    await add_codec(shelf, 2)
    async with shelf.own() as tx:
        await tx.profiles.create(profile(shelf, 3))
    for number, profile_number in ((10, 1), (11, 1), (12, 2), (13, 3), (14, None)):
        await add_device(shelf, number, profile_number)


def device(number: int, **about: Any) -> Selection:
    return Selection(device_id=DeviceId(number), **about)


def of_profile(number: int, **about: Any) -> Selection:
    return Selection(profile_id=ProfileId(number), **about)


async def test_a_redecode_is_queued_recorded_and_listed(shelf: Shelf, tmp_path: Path) -> None:
    await two_profiles(shelf)
    actor = actor_of(shelf.acme)
    with prepared(shelf, tmp_path) as ready:
        made = [await ready.service.start(actor, one) for one in (device(10), device(12, only_failed=True))]
        assert [(one.state, one.total, one.author) for one in made] == [(RedecodeState.QUEUED, None, "a key")] * 2
        assert ready.woken == 2
        assert await ready.service.get(actor, made[0].id) == made[0]
        first = await ready.service.list(actor, RedecodeFilter(), 1, None)
        assert first.items == [made[1]]
        assert (await ready.service.list(actor, RedecodeFilter(), 1, first.next_cursor)).items == [made[0]]
        assert (await ready.service.list(actor, RedecodeFilter(device_id=DeviceId(10)), 9, None)).items == [made[0]]
        assert (await ready.service.list(actor, RedecodeFilter(state=RedecodeState.DONE), 9, None)).items == []
        async with shelf.own() as tx:
            actions = [entry.action for entry in await tx.audit.oldest(AuditFilter(), 10, AuditSeq(0))]
        assert actions == ["codec.redecode", "codec.redecode"]


@pytest.mark.parametrize(
    ("selection", "error"),
    [
        (device(99), DeviceNotFound),
        (device(13), NoCodec),
        (device(14), NoCodec),
        (of_profile(3), NoCodec),
        (of_profile(99), ProfileNotFound),
        (Selection(project_id=ProjectId(99)), ProjectNotFound),
    ],
)
async def test_what_cannot_be_decoded_is_refused(shelf: Shelf, tmp_path: Path, selection: Selection, error: Any) -> None:
    await two_profiles(shelf)
    with prepared(shelf, tmp_path) as ready:
        with pytest.raises(error):
            await ready.service.start(actor_of(shelf.acme), selection)
        assert ready.woken == 0


async def test_those_of_the_same_uplinks_exclude_one_another(shelf: Shelf, tmp_path: Path) -> None:
    await two_profiles(shelf)
    project = Selection(project_id=shelf.project_id)
    january, february = {"from_us": 1, "to_us": 100}, {"from_us": 100, "to_us": 200}
    cases = [
        (device(10), device(10), True),
        (device(10), device(11), False),
        (device(10), of_profile(1), True),
        (of_profile(1), device(10), True),
        (device(12), of_profile(1), False),
        (of_profile(1), of_profile(2), False),
        (of_profile(1), of_profile(1), True),
        (project, device(10), True),
        (project, of_profile(1), True),
        (of_profile(2), project, True),
        (project, project, True),
        (of_profile(1, **january), of_profile(1, **february), False),
        (of_profile(1, **january), device(10, to_us=2), True),
    ]
    actor, wrong = actor_of(shelf.acme), []
    with prepared(shelf, tmp_path) as ready:
        for first, second, overlaps in cases:
            made = [await ready.service.start(actor, first)]
            with contextlib.suppress(RedecodeOverlaps):
                made.append(await ready.service.start(actor, second))
            if (len(made) == 1) != overlaps:
                wrong.append((first, second))
            for one in made:
                await ready.service.cancel(actor, one.id)
    assert wrong == []


async def test_a_key_of_a_project_reaches_only_its_own(shelf: Shelf, tmp_path: Path) -> None:
    await two_profiles(shelf)
    other = ProjectId(77)
    inside, outside, whole = actor_of(shelf.acme, shelf.project_id), actor_of(shelf.acme, other), actor_of(shelf.acme)
    with prepared(shelf, tmp_path) as ready:
        of_all = await ready.service.start(whole, of_profile(1))
        assert of_all.reach_id is None
        with pytest.raises(RedecodeNotFound):
            await ready.service.get(inside, of_all.id)
        await ready.service.cancel(whole, of_all.id)
        own = await ready.service.start(inside, of_profile(1))
        assert own.reach_id == shelf.project_id
        for selection, error in ((device(10), DeviceNotFound), (of_profile(1), ProfileNotFound)):
            with pytest.raises(error):
                await ready.service.start(outside, selection)
        with pytest.raises(RedecodeNotFound):
            await ready.service.cancel(outside, own.id)
        with pytest.raises(RedecodeNotFound):
            await ready.service.get(actor_of(shelf.other), own.id)
        assert (await ready.service.list(inside, RedecodeFilter(), 9, None)).items == [own]
        assert (await ready.service.list(outside, RedecodeFilter(), 9, None)).items == []


async def test_a_cancelled_one_is_over_and_stays_as_it_is(shelf: Shelf, tmp_path: Path) -> None:
    await two_profiles(shelf)
    actor = actor_of(shelf.acme)
    with prepared(shelf, tmp_path) as ready:
        made = await ready.service.start(actor, device(10))
        ended = await ready.service.cancel(actor, made.id)
        assert (ended.state, ended.finished_us) == (RedecodeState.CANCELLED, ready.clock.us)
        ready.clock.us += 1
        assert await ready.service.cancel(actor, made.id) == ended
        async with shelf.system() as tx:
            assert [entry.topic for entry in await tx.outbox.next(9)] == ["codec.redecode.finished"]
        with pytest.raises(RedecodeNotFound):
            await ready.service.cancel(actor, RedecodeId(1))


async def test_how_many_wait_and_how_many_are_kept_is_bounded(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two_profiles(shelf)
    monkeypatch.setattr(service, "MAX_ACTIVE", 1)
    monkeypatch.setattr(service, "KEPT", 2)
    actor = actor_of(shelf.acme)
    with prepared(shelf, tmp_path) as ready:
        for _ in range(4):
            made = await ready.service.start(actor, device(10))
            with pytest.raises(TooManyRedecodes):
                await ready.service.start(actor, device(11))
            await ready.service.cancel(actor, made.id)
        assert len((await ready.service.list(actor, RedecodeFilter(), 9, None)).items) == 2
