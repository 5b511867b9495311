"""Use cases on command definitions, in CRUD order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.commands.config import CommandsConfig
from penstock.core.commands.errors import DefinitionLimitReached, DefinitionNotFound
from penstock.core.commands.models import Definition, DefinitionFilter, DefinitionPatch, NewDefinition
from penstock.core.commands.parameters import check_parameters
from penstock.core.commands.store import CommandTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Device
from penstock.core.devices.store import HasDevices
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in
from penstock.kit.ids import DefinitionId, DeviceId, IdSource, Prefix, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page, decode_cursor, page_of

MAX_PER_OWNER = 200
"""Maximum commands of one device, type or project. The list for a device is a single page."""
_ORDERING: Ordering[Definition] = by_name("-created_at")


class DefinitionService:
    """The commands of an organisation's devices."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[CommandTransaction],
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: CommandsConfig,
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config

    async def create(self, actor: Actor, new: NewDefinition) -> Definition:
        """Create a command of a device, a type or a project.

        Raises:
            InvalidInput: not exactly one of them is set, or a parameter is invalid; the field is named.
            DeviceNotFound, ProjectNotFound, DefinitionExists, DefinitionLimitReached.
        """
        if (new.device_id, new.device_type, new.project_id).count(None) != 2:
            raise InvalidInput.field("device_type", "exactly one of device_id, device_type and project_id must be set")
        check_parameters(new.parameters)
        now_us = self._clock.now_us()
        timeout_us = new.timeout_us
        definition = Definition(
            id=self._ids.next(DefinitionId),
            org_id=actor.org_id,
            device_id=new.device_id,
            device_type=new.device_type,
            project_id=new.project_id,
            name=new.name,
            description=new.description,
            parameters=new.parameters,
            transport=new.transport,
            verification=new.verification,
            timeout_us=self._config.verification_timeout_s * SECOND_US if timeout_us is None else timeout_us,
            repeatable=new.repeatable,
            created_us=now_us,
            updated_us=now_us,
        )
        async with self._database.transaction(actor.org_id) as tx:
            present = await _present(tx, new)
            if len(present) >= MAX_PER_OWNER:
                raise DefinitionLimitReached(limit=MAX_PER_OWNER)
            await tx.commands.create(definition)
            await self._trail.record(tx, actor, "command.create", _target(definition), after=_facts(definition))
        return definition

    async def get(self, actor: Actor, definition_id: DefinitionId) -> Definition:
        """Return a definition.

        Raises:
            DefinitionNotFound: the caller's organisation has no command with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, definition_id)

    async def list(
        self, actor: Actor, filters: DefinitionFilter, limit: int, cursor: str | None, view: View = WHOLE
    ) -> Page[Definition]:
        """Return a page of definitions, newest first."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.commands.list(filters, limit + 1, place)
        return _ORDERING.page(found, limit, view)

    async def list_for_device(self, actor: Actor, device_id: DeviceId) -> Sequence[Definition]:
        """Return the commands of a device, by name: its own, and those of its project and type with other names.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _all_of(tx, await device_of(tx, device_id))

    async def page_for_device(self, actor: Actor, device_id: DeviceId, limit: int, cursor: str | None) -> Page[Definition]:
        """Return a page of the same commands.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        key = decode_cursor(cursor, tuple[str])
        # The names are known only when the three lists are merged, which an organisation's plan keeps short.
        found = [one for one in await self.list_for_device(actor, device_id) if key is None or one.name > key[0]]
        return page_of(found[: limit + 1], limit, lambda last: (last.name,))

    async def get_for_device(self, actor: Actor, device_id: DeviceId, definition_id: DefinitionId) -> Definition:
        """Return a definition that a device supports.

        Raises:
            DeviceNotFound, DefinitionNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await understood(tx, await device_of(tx, device_id), definition_id)

    async def update(
        self, actor: Actor, definition_id: DefinitionId, patch: DefinitionPatch, *, device_id: DeviceId | None = None
    ) -> Definition:
        """Change the fields in the patch. Existing executions do not change. With `device_id`, only a command of that device
        itself.

        Raises:
            InvalidInput: a parameter is invalid; the field is named.
            DefinitionNotFound, DefinitionExists.
        """
        changes = changes_in(patch)
        check_parameters(changes.get("parameters", ()))
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get(tx, definition_id, device_id)
            after = msgspec.structs.replace(before, updated_us=self._clock.now_us(), **changes)
            await tx.commands.update(after)
            old, new = _facts(before), _facts(after)
            differing = [name for name in new if old[name] != new[name]]
            await self._trail.record(
                tx,
                actor,
                "command.update",
                _target(before),
                before={name: old[name] for name in differing},
                after={name: new[name] for name in differing},
            )
        return after

    async def delete(self, actor: Actor, definition_id: DefinitionId, *, device_id: DeviceId | None = None) -> None:
        """Delete a definition. Its executions are kept, and queued ones still run. With `device_id`, only a command of that
        device.

        Raises:
            DefinitionNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            definition = await _get(tx, definition_id, device_id)
            await tx.commands.delete(definition_id)
            await self._trail.record(tx, actor, "command.delete", _target(definition), before=_facts(definition))


async def device_of(tx: HasDevices, device_id: DeviceId) -> Device:
    """Return a device of the transaction's organisation.

    Raises:
        DeviceNotFound.
    """
    device = await tx.devices.find(device_id)
    if device is None:
        raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
    return device


async def understood(tx: CommandTransaction, device: Device, definition_id: DefinitionId) -> Definition:
    """Return a definition, if the device supports it.

    Raises:
        DefinitionNotFound.
    """
    found = next((one for one in await _all_of(tx, device) if one.id == definition_id), None)
    if found is None:
        raise DefinitionNotFound(definition_id=encode(Prefix.DEFINITION, definition_id))
    return found


async def _all_of(tx: CommandTransaction, device: Device) -> Sequence[Definition]:
    """The commands of a device, by name. Its own override those of its project, and these override those of its type."""
    found = {one.name: one for one in await tx.commands.list_by_type(device.type)}
    found |= {one.name: one for one in await tx.commands.list_by_project(device.project_id)}
    found |= {one.name: one for one in await tx.commands.list_by_device(device.id)}
    return [found[name] for name in sorted(found)]


async def _present(tx: CommandTransaction, new: NewDefinition) -> Sequence[Definition]:
    """The existing commands of the owner of a new definition."""
    if new.device_id is not None:
        await device_of(tx, new.device_id)
        return await tx.commands.list_by_device(new.device_id)
    if new.project_id is not None:
        if await tx.projects.find(new.project_id) is None:
            raise ProjectNotFound(project_id=encode(Prefix.PROJECT, new.project_id))
        return await tx.commands.list_by_project(new.project_id)
    return await tx.commands.list_by_type(new.device_type or "")


async def _get(tx: CommandTransaction, definition_id: DefinitionId, device_id: DeviceId | None = None) -> Definition:
    if device_id is not None:
        await device_of(tx, device_id)
    definition = await tx.commands.find(definition_id)
    if definition is None or device_id not in (None, definition.device_id):
        raise DefinitionNotFound(definition_id=encode(Prefix.DEFINITION, definition_id))
    return definition


def _target(definition: Definition) -> Target:
    return Target("command", encode(Prefix.DEFINITION, definition.id), definition.name)


def _facts(definition: Definition) -> dict[str, Any]:
    """The fields of a definition that the audit log records."""
    hidden = {"id", "org_id", "device_id", "project_id", "created_us", "updated_us"}
    facts: dict[str, Any] = msgspec.to_builtins(definition)
    device_id, project_id = definition.device_id, definition.project_id
    owner = {
        "device_id": None if device_id is None else encode(Prefix.DEVICE, device_id),
        "project_id": None if project_id is None else encode(Prefix.PROJECT, project_id),
    }
    return owner | {name: value for name, value in facts.items() if name not in hidden}
