"""The store of sensor templates. Every method sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.sensor_templates.models import SensorTemplate
from penstock.kit.ids import SensorTemplateId
from penstock.kit.ordering import After


class SensorTemplateStore(Protocol):
    """The organisation's own templates."""

    async def create(self, template: SensorTemplate) -> None:
        """Add a template.

        Raises:
            SensorTemplateExists: there is one with this name.
        """

    async def find(self, template_id: SensorTemplateId) -> SensorTemplate | None:
        """The template with this id."""

    async def list(self, limit: int, after: After) -> Sequence[SensorTemplate]:
        """Templates after a place or an id, by default newest first."""

    async def count(self) -> int:
        """The number of templates."""

    async def update(self, template: SensorTemplate) -> None:
        """Replace the fields that can change.

        Raises:
            SensorTemplateExists: there is another one with this name.
        """

    async def delete(self, template_id: SensorTemplateId) -> None:
        """Remove a template."""


class HasSensorTemplates(Protocol):
    """A transaction with sensor templates."""

    @property
    def sensor_templates(self) -> SensorTemplateStore:
        """The organisation's own templates."""


class SensorTemplateTransaction(HasSensorTemplates, HasAudit, Protocol):
    """The transaction of the use cases on sensor templates."""
