"""Devices with profiles and codecs, a log, and the service over them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.trail import AuditTrail
from penstock.core.codecs.models import CodecVersion
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.redecodes.service import RedecodeService
from penstock.kit.ids import CodecId, DeviceId, IdSource, OrgId, ProfileId, ProjectId
from penstock.kit.secret import Pepper
from tests.adapters.storage.sqlite.test_profiles import profile
from tests.support.days import HeldClock, Log, open_log
from tests.support.shelf import Shelf

SUM = "function decodeUplink(input) { if (input.bytes[0] === 9) throw new Error('no'); return {data: {v: input.bytes[0]}}; }"


async def add_codec(shelf: Shelf, number: int, script: str = SUM) -> None:
    """A profile with this number, whose codec is in use."""
    async with shelf.own() as tx:
        await tx.profiles.create(profile(shelf, number, codec_id=CodecId(100 + number)))
        await tx.codecs.create(
            CodecVersion(
                id=CodecId(100 + number),
                profile_id=ProfileId(number),
                number=1,
                script=script,
                functions=["decodeUplink"],
                note="",
                author="",
                restored_from=None,
                created_us=1,
            )
        )


async def add_device(shelf: Shelf, number: int, profile_number: int | None = None, project_id: ProjectId | None = None) -> None:
    """A device with this number, and perhaps a profile."""
    await shelf.add_device(number)
    await set_profile(shelf, number, profile_number, project_id)


async def set_profile(shelf: Shelf, number: int, profile_number: int | None, project_id: ProjectId | None = None) -> None:
    async with shelf.own() as tx:
        device = await tx.devices.find(DeviceId(number))
        assert device is not None
        profile_id = None if profile_number is None else ProfileId(profile_number)
        await tx.devices.update(
            msgspec.structs.replace(device, profile_id=profile_id, project_id=project_id or device.project_id)
        )


def actor_of(org_id: OrgId, project_id: ProjectId | None = None) -> Actor:
    return Actor(org_id=org_id, kind=ActorKind.KEY, id=1, name="a key", project_id=project_id)


class Prepared:
    """The service, its clock, and how often it has woken the worker."""

    def __init__(self, shelf: Shelf, opened: Log, clock: HeldClock) -> None:
        self.log, self.store, self.clock = opened.log, opened.store, clock
        self.woken = 0
        self.ids, self.trail = IdSource(clock.now_us), AuditTrail(clock)
        self.service = RedecodeService(
            database=shelf.database,
            directory=DeviceDirectory(shelf.database, Pepper(b"pepper" * 6)),
            log=opened.log,
            trail=self.trail,
            ids=self.ids,
            clock=clock,
            on_start=self._wake,
        )

    def _wake(self) -> None:
        self.woken += 1


@contextmanager
def prepared(shelf: Shelf, folder: Path) -> Iterator[Prepared]:
    """The service over an open log. Needs a running event loop."""
    clock = HeldClock()
    with open_log(folder / "log", clock) as opened:
        yield Prepared(shelf, opened, clock)
