"""Use cases on a profile's codec versions: save, read, restore, and stop using one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.codecs.errors import CodecLimitReached, CodecNotFound
from penstock.core.codecs.models import CodecVersion
from penstock.core.codecs.ports import Call, CodecRunner, Script
from penstock.core.codecs.results import functions_of
from penstock.core.codecs.store import CodecTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.profiles.models import Profile
from penstock.core.profiles.service import get_profile, target_of
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CodecId, IdSource, OrgId, Prefix, ProfileId, encode
from penstock.kit.paging import Page, decode_cursor, page_of

MAX_VERSIONS = 1_000
MAX_SCRIPT_BYTES = 262_144


class CodecService:
    """Codec versions of an organisation's profiles. `on_change` is called when a profile's codec changes."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[CodecTransaction],
        runner: CodecRunner,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        on_change: Callable[[], None],
    ) -> None:
        self._database = database
        self._runner = runner
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._on_change = on_change

    async def save(self, actor: Actor, profile_id: ProfileId, script: str, note: str) -> CodecVersion:
        """Save a script as the next version of a profile's codec. Uplinks are decoded with it from now on.

        Raises:
            ProfileNotFound, CodecLimitReached, CodecsBusy.
            InvalidInput: it cannot be loaded, or defines none of the functions of a codec.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_profile(tx, actor, profile_id)
        # Between two transactions: a script may run for long, and there is one writer.
        functions = await self._inspect(actor.org_id, script)
        async with self._database.transaction(actor.org_id) as tx:
            # Read again: the profile may have been changed or deleted while the script ran.
            profile = await get_profile(tx, actor, profile_id)
            version = await self._add(tx, actor, profile, script, functions, note)
            await self._trail.record(tx, actor, "codec.save", target_of(profile), version=version.number)
        self._on_change()
        return version

    async def list(self, actor: Actor, profile_id: ProfileId, limit: int, cursor: str | None) -> Page[CodecVersion]:
        """Return the versions of a profile's codec without their scripts, newest first.

        Raises:
            ProfileNotFound.
        """
        below = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            await get_profile(tx, actor, profile_id)
            found = await tx.codecs.list(profile_id, limit + 1, below[0] if below else MAX_VERSIONS + 1)
        return page_of(found, limit, lambda one: (one.number,))

    async def get(self, actor: Actor, profile_id: ProfileId, codec_id: CodecId) -> CodecVersion:
        """Return a version with its script.

        Raises:
            ProfileNotFound, CodecNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_profile(tx, actor, profile_id)
            return await _get(tx, profile_id, codec_id)

    async def restore(self, actor: Actor, profile_id: ProfileId, codec_id: CodecId, note: str) -> CodecVersion:
        """Save an old version's script as the next version.

        Raises:
            ProfileNotFound, CodecNotFound, CodecLimitReached.
        """
        async with self._database.transaction(actor.org_id) as tx:
            profile = await get_profile(tx, actor, profile_id)
            old = await _get(tx, profile_id, codec_id)
            # Not inspected again: the script was valid when it was saved, and a version never changes.
            version = await self._add(tx, actor, profile, old.script, old.functions, note, old.number)
            target, number = target_of(profile), version.number
            await self._trail.record(tx, actor, "codec.restore", target, version=number, restored_from=old.number)
        self._on_change()
        return version

    async def remove(self, actor: Actor, profile_id: ProfileId) -> None:
        """Remove the codec of a profile. Its versions are kept and can be restored.

        Raises:
            ProfileNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            profile = await get_profile(tx, actor, profile_id)
            if profile.codec_id is not None:
                await tx.profiles.update(msgspec.structs.replace(profile, codec_id=None, updated_us=self._clock.now_us()))
                await self._trail.record(tx, actor, "codec.remove", target_of(profile))
        self._on_change()

    async def _inspect(self, org_id: OrgId, script: str) -> Sequence[str]:
        if len(script.encode()) > MAX_SCRIPT_BYTES:
            raise InvalidInput.field("script", f"must be at most {MAX_SCRIPT_BYTES} bytes", "too_long")
        functions = functions_of(await self._runner.run(org_id, Script.from_text(script), Call.INSPECT, b"{}"))
        if not functions:
            raise InvalidInput.field("script", "must define decodeUplink, encodeDownlink or decodeDownlink", "script")
        return functions

    async def _add(
        self,
        tx: CodecTransaction,
        actor: Actor,
        profile: Profile,
        script: str,
        functions: Sequence[str],
        note: str,
        restored_from: int | None = None,
    ) -> CodecVersion:
        number = await tx.codecs.last_number(profile.id) + 1
        if number > MAX_VERSIONS:
            raise CodecLimitReached(limit=MAX_VERSIONS)
        now_us = self._clock.now_us()
        version = CodecVersion(
            id=self._ids.next(CodecId),
            profile_id=profile.id,
            number=number,
            script=script,
            functions=[*functions],
            note=note,
            author=actor.name or actor.kind.value,
            restored_from=restored_from,
            created_us=now_us,
        )
        await tx.codecs.create(version)
        await tx.profiles.update(msgspec.structs.replace(profile, codec_id=version.id, updated_us=now_us))
        return version


async def _get(tx: CodecTransaction, profile_id: ProfileId, codec_id: CodecId) -> CodecVersion:
    version = await tx.codecs.find(codec_id)
    if version is None or version.profile_id != profile_id:
        raise CodecNotFound(codec_id=encode(Prefix.CODEC, codec_id))
    return version
