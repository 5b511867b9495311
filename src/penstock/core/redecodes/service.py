"""Use cases on re-decodes: start, read, cancel."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.codecs.errors import NoCodec
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.profiles.service import get_profile
from penstock.core.redecodes import events
from penstock.core.redecodes.errors import RedecodeNotFound, RedecodeOverlaps, TooManyRedecodes
from penstock.core.redecodes.models import Redecode, RedecodeFilter, RedecodeState, Selection
from penstock.core.redecodes.store import RedecodeTransaction
from penstock.core.telemetry.store import ReadingLog
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.clock import Clock
from penstock.kit.ids import MAX_ID, I, IdKind, IdSource, Prefix, ProfileId, ProjectId, RedecodeId, encode
from penstock.kit.paging import Page, decode_cursor, page_of

MAX_ACTIVE = 20
"""Re-decodes of an organisation that have not ended."""
KEPT = 1_000
"""Re-decodes of an organisation that have ended and can still be read."""


class RedecodeService:
    """Re-decodes of an organisation. `on_start` is called when one was created, to wake the worker."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[RedecodeTransaction],
        directory: DeviceDirectory,
        log: ReadingLog,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        on_start: Callable[[], None],
    ) -> None:
        self._database = database
        self._directory = directory
        self._log = log
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._on_start = on_start

    async def start(self, actor: Actor, selection: Selection) -> Redecode:
        """Create a re-decode of the uplinks that have arrived so far. It runs in the background.

        Raises:
            DeviceNotFound, ProfileNotFound, ProjectNotFound, NoCodec, RedecodeOverlaps, TooManyRedecodes.
        """
        if selection.device_id is not None:
            await self._directory.reach(actor, selection.device_id)
        async with self._database.transaction(actor.org_id) as tx:
            redecode = self._new(actor, selection, await _reach(tx, actor, selection))
            await _check_room(tx, redecode)
            await tx.redecodes.create(redecode)
            await tx.redecodes.drop_old(KEPT)
            await self._trail.record(
                tx,
                actor,
                "codec.redecode",
                target_of(redecode),
                device_id=_text(Prefix.DEVICE, selection.device_id),
                profile_id=_text(Prefix.PROFILE, selection.profile_id),
                project_id=_text(Prefix.PROJECT, selection.project_id),
                only_failed=selection.only_failed,
            )
        self._on_start()
        return redecode

    async def get(self, actor: Actor, redecode_id: RedecodeId) -> Redecode:
        """Return a re-decode with its progress.

        Raises:
            RedecodeNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, actor, redecode_id)

    async def list(self, actor: Actor, filters: RedecodeFilter, limit: int, cursor: str | None) -> Page[Redecode]:
        """Return a page of re-decodes, newest first."""
        before = decode_cursor(cursor, tuple[int])
        filters = msgspec.structs.replace(filters, reach_id=actor.project_id)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.redecodes.list(filters, limit + 1, before[0] if before else MAX_ID)
        return page_of(found, limit, lambda one: (one.id,))

    async def cancel(self, actor: Actor, redecode_id: RedecodeId) -> Redecode:
        """End a re-decode. What it has decoded stays so. One that has ended is unchanged.

        Raises:
            RedecodeNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            redecode = await _get(tx, actor, redecode_id)
            if not redecode.is_active:
                return redecode
            now_us = self._clock.now_us()
            ended = msgspec.structs.replace(redecode, state=RedecodeState.CANCELLED, finished_us=now_us)
            await tx.redecodes.update(ended)
            await tx.outbox.add(events.FINISHED, ended.id, events.finished(ended, now_us))
            await self._trail.record(tx, actor, "codec.redecode.cancel", target_of(ended), done=ended.done, total=ended.total)
        return ended

    def _new(self, actor: Actor, selection: Selection, reach_id: ProjectId | None) -> Redecode:
        return Redecode(
            id=self._ids.next(RedecodeId),
            **{name: getattr(selection, name) for name in selection.__struct_fields__},
            reach_id=reach_id,
            state=RedecodeState.QUEUED,
            until_seq=self._log.last_seq,
            author=actor.name or actor.kind.value,
            chain=actor.chain,
            created_us=self._clock.now_us(),
        )


def target_of(redecode: Redecode) -> Target:
    """The re-decode as the target of an audit entry."""
    return Target("redecode", encode(Prefix.REDECODE, redecode.id))


async def _get(tx: RedecodeTransaction, actor: Actor, redecode_id: RedecodeId) -> Redecode:
    found = await tx.redecodes.find(redecode_id)
    if found is None or actor.project_id not in (None, found.reach_id):
        raise RedecodeNotFound(redecode_id=encode(Prefix.REDECODE, redecode_id))
    return found


async def _reach(tx: RedecodeTransaction, actor: Actor, selection: Selection) -> ProjectId | None:
    """The project that a selection is limited to: what the caller cannot access is not decoded either.

    Raises:
        ProfileNotFound, ProjectNotFound, NoCodec.
    """
    if selection.project_id is not None:
        project = await tx.projects.find(selection.project_id)
        if project is None or not actor.reaches(project.id):
            raise ProjectNotFound(project_id=encode(Prefix.PROJECT, selection.project_id))
        return project.id
    if selection.profile_id is not None:
        await _check_codec(tx, actor, selection.profile_id)
        return actor.project_id
    device = None if selection.device_id is None else await tx.devices.find_ref(selection.device_id)
    if device is None or device.profile_id is None:
        raise NoCodec(reason="the device has no profile")
    profile = await tx.profiles.find(device.profile_id)
    if profile is None or profile.codec_id is None:
        raise NoCodec(reason="the device's profile has none")
    return device.project_id


async def _check_codec(tx: RedecodeTransaction, actor: Actor, profile_id: ProfileId) -> None:
    profile = await get_profile(tx, actor, profile_id)
    if profile.codec_id is None:
        raise NoCodec(reason="the profile has none")


async def _check_room(tx: RedecodeTransaction, redecode: Redecode) -> None:
    active = await tx.redecodes.active()
    if len(active) >= MAX_ACTIVE:
        raise TooManyRedecodes(limit=MAX_ACTIVE)
    for other in active:
        if other.from_us < redecode.to_us and redecode.from_us < other.to_us and await _overlap(tx, redecode, other):
            raise RedecodeOverlaps(redecode_id=encode(Prefix.REDECODE, other.id))


async def _overlap(tx: RedecodeTransaction, one: Redecode, other: Redecode) -> bool:
    """Whether a device belongs to both."""
    if None not in (one.reach_id, other.reach_id) and one.reach_id != other.reach_id:
        return False
    device_id = one.device_id or other.device_id
    if device_id is not None:
        device = await tx.devices.find_ref(device_id)
        return device is not None and all(
            each.device_id in (None, device_id)
            and each.profile_id in (None, device.profile_id)
            and each.project_id in (None, device.project_id)
            for each in (one, other)
        )
    profile_id, project_id = one.profile_id or other.profile_id, one.project_id or other.project_id
    if profile_id is not None and project_id is not None:
        return await tx.redecodes.share_devices(profile_id, project_id)
    return (one.profile_id, one.project_id) == (other.profile_id, other.project_id)


def _text(kind: IdKind[I], number: I | None) -> str | None:
    return None if number is None else encode(kind, number)
