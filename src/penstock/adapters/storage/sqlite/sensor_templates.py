"""Sensor templates: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.sensor import ValueType
from penstock.core.sensor_templates.errors import SensorTemplateExists
from penstock.core.sensor_templates.models import SensorTemplate
from penstock.kit.ids import OrgId, SensorTemplateId
from penstock.kit.ordering import After


class SqliteSensorTemplates:
    """Implements `SensorTemplateStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, template: SensorTemplate) -> None:
        await self._write("create_sensor_template", template)

    async def find(self, template_id: SensorTemplateId) -> SensorTemplate | None:
        row = await self._session.one("find_sensor_template", {"org_id": self._org_id, "id": template_id})
        return _template(row) if row else None

    async def list(self, limit: int, after: After) -> Sequence[SensorTemplate]:
        own = {"org_id": self._org_id}
        return [_template(row) for row in await rows_from(self._session, "list_sensor_templates", after, limit, own)]

    async def count(self) -> int:
        row = await self._session.one("count_sensor_templates", {"org_id": self._org_id})
        return int(row["present"]) if row else 0

    async def update(self, template: SensorTemplate) -> None:
        await self._write("update_sensor_template", template)

    async def delete(self, template_id: SensorTemplateId) -> None:
        await self._session.run("delete_sensor_template", {"org_id": self._org_id, "id": template_id})

    async def _write(self, statement: str, template: SensorTemplate) -> None:
        try:
            await self._session.run(statement, msgspec.structs.asdict(template) | {"org_id": self._org_id})
        except sqlite3.IntegrityError as error:
            raise SensorTemplateExists(name=template.name) from error


def _template(row: sqlite3.Row) -> SensorTemplate:
    return SensorTemplate(**{**dict(row), "value_type": ValueType(row["value_type"])})
