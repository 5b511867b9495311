"""Sensor templates as rows: a name once in an organisation, by pages, and no stranger's."""

from __future__ import annotations

import pytest

from penstock.core.sensor import ValueType
from penstock.core.sensor_templates.errors import SensorTemplateExists
from penstock.core.sensor_templates.models import SensorTemplate
from penstock.kit.ids import SensorTemplateId
from tests.support.shelf import Shelf


def template(number: int, name: str) -> SensorTemplate:
    return SensorTemplate(
        id=SensorTemplateId(number),
        name=name,
        key="brine",
        unit="°C",
        value_type=ValueType.INTEGER,
        description="about",
        created_us=1,
        updated_us=2,
    )


async def test_a_name_is_there_once(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.sensor_templates.create(template(101, "brine"))
        await tx.sensor_templates.create(template(102, "sole"))
        with pytest.raises(SensorTemplateExists):
            await tx.sensor_templates.create(template(103, "brine"))
        with pytest.raises(SensorTemplateExists):
            await tx.sensor_templates.update(template(102, "brine"))
        await tx.sensor_templates.update(template(102, "Brine"))
        assert await tx.sensor_templates.find(SensorTemplateId(102)) == template(102, "Brine")
    async with shelf.strange() as tx:
        await tx.sensor_templates.create(template(104, "brine"))


async def test_pages_and_strangers(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number in (101, 102, 103):
            await tx.sensor_templates.create(template(number, f"t{number}"))
        assert [one.id for one in await tx.sensor_templates.list(2, 103)] == [102, 101]
        assert await tx.sensor_templates.count() == 3
    async with shelf.strange() as tx:
        assert (await tx.sensor_templates.list(10, 999), await tx.sensor_templates.count()) == ([], 0)
        await tx.sensor_templates.update(template(101, "stolen"))
        await tx.sensor_templates.delete(SensorTemplateId(101))
        assert await tx.sensor_templates.find(SensorTemplateId(101)) is None
    async with shelf.own() as tx:
        assert await tx.sensor_templates.find(SensorTemplateId(101)) == template(101, "t101")
        await tx.sensor_templates.delete(SensorTemplateId(101))
        assert await tx.sensor_templates.find(SensorTemplateId(101)) is None
