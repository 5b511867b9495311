"""Use cases on sensor templates, in CRUD order, and declaring a sensor with one."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.sensor import NewSensor, written
from penstock.core.sensor_templates.errors import (
    SensorTemplateLimitReached,
    SensorTemplateNotFound,
    SensorTemplateReadOnly,
)
from penstock.core.sensor_templates.models import NewSensorTemplate, SensorDraft, SensorTemplate, SensorTemplatePatch
from penstock.core.sensor_templates.quantities import COMMON
from penstock.core.sensor_templates.store import SensorTemplateTransaction
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in
from penstock.kit.ids import IdSource, Prefix, SensorTemplateId, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page

MAX_PER_ORG = 500
READ = "sensor_templates:read"
_FACTS = ("name", "key", "unit", "value_type", "decimals", "description")
_ORDERING: Ordering[SensorTemplate] = by_name("-created_at")


class SensorTemplateService:
    """Sensor templates: those of the system, and an organisation's own."""

    def __init__(
        self, *, database: OrganizationDatabase[SensorTemplateTransaction], trail: AuditTrail, ids: IdSource, clock: Clock
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def create(self, actor: Actor, new: NewSensorTemplate) -> SensorTemplate:
        """Create a template.

        Raises:
            SensorTemplateExists, SensorTemplateLimitReached.
        """
        now_us = self._clock.now_us()
        made = SensorTemplate(
            **msgspec.structs.asdict(new), id=self._ids.next(SensorTemplateId), created_us=now_us, updated_us=now_us
        )
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.sensor_templates.count() >= MAX_PER_ORG:
                raise SensorTemplateLimitReached(limit=MAX_PER_ORG)
            await tx.sensor_templates.create(made)
            await self._trail.record(tx, actor, "sensor_template.create", _target(made), after=_facts(made))
        return made

    async def get(self, actor: Actor, template_id: SensorTemplateId) -> SensorTemplate:
        """Return a template, of the system or the organisation's own.

        Raises:
            SensorTemplateNotFound: the caller's organisation has no template with this id.
        """
        if template_id in COMMON:
            return COMMON[template_id]
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, template_id)

    async def list(self, actor: Actor, limit: int, cursor: str | None, view: View = WHOLE) -> Page[SensorTemplate]:
        """Return a page of templates: by default the organisation's own, newest first, then those of the system."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = list(await tx.sensor_templates.list(limit + 1, place))
        # Ids of the system's are smaller than any other, so that they come last in the list's own order.
        found += _ORDERING.select(COMMON.values(), place, "name", "key")
        return _ORDERING.page(_ORDERING.merge(found, view.sort)[: limit + 1], limit, view)

    async def update(self, actor: Actor, template_id: SensorTemplateId, patch: SensorTemplatePatch) -> SensorTemplate:
        """Change the fields in the patch. Sensors that were declared with the template are unchanged.

        Raises:
            SensorTemplateNotFound, SensorTemplateExists, SensorTemplateReadOnly.
        """
        _check_own(template_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get(tx, template_id)
            after = msgspec.structs.replace(before, updated_us=self._clock.now_us(), **changes_in(patch))
            await tx.sensor_templates.update(after)
            was, now = _facts(before), _facts(after)
            differing = [name for name in _FACTS if was[name] != now[name]]
            await self._trail.record(
                tx,
                actor,
                "sensor_template.update",
                _target(after),
                before={name: was[name] for name in differing},
                after={name: now[name] for name in differing},
            )
        return after

    async def delete(self, actor: Actor, template_id: SensorTemplateId) -> None:
        """Delete a template. Sensors that were declared with it are kept.

        Raises:
            SensorTemplateNotFound, SensorTemplateReadOnly.
        """
        _check_own(template_id)
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, template_id)
            await tx.sensor_templates.delete(template_id)
            await self._trail.record(tx, actor, "sensor_template.delete", _target(found), before=_facts(found))

    async def sensor(self, actor: Actor, draft: SensorDraft, template_id: SensorTemplateId | None) -> NewSensor:
        """The sensor to declare: the fields that are given, the others from the template.

        Raises:
            InvalidInput: there is no key.
            ScopeMissing: the caller must not read templates.
            SensorTemplateNotFound.
        """
        given: dict[str, Any] = changes_in(draft)
        if template_id is not None:
            actor.require(READ)
            template = await self.get(actor, template_id)
            given = {name: getattr(template, name) for name in SensorDraft.__struct_fields__} | given
        if given.get("key", UNSET) is UNSET:
            raise InvalidInput.field("key", "is required without a template", "missing")
        return NewSensor(**given)


def _check_own(template_id: SensorTemplateId) -> None:
    if template_id in COMMON:
        raise SensorTemplateReadOnly(name=COMMON[template_id].name)


async def _get(tx: SensorTemplateTransaction, template_id: SensorTemplateId) -> SensorTemplate:
    found = await tx.sensor_templates.find(template_id)
    if found is None:
        raise SensorTemplateNotFound(template_id=encode(Prefix.SENSOR_TEMPLATE, template_id))
    return found


def _target(template: SensorTemplate) -> Target:
    return Target("sensor_template", encode(Prefix.SENSOR_TEMPLATE, template.id), template.name)


def _facts(template: SensorTemplate) -> dict[str, str]:
    """The fields of a template that the audit log records."""
    return {name: written(getattr(template, name)) for name in _FACTS}
