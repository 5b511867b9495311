"""The store of event types. Every method sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.event_types.models import EventType
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import EventTypeId, ProjectId
from penstock.kit.ordering import After


class EventTypeStore(Protocol):
    """Event types of projects."""

    async def create(self, event_type: EventType) -> None:
        """Add an event type.

        Raises:
            EventTypeExists: the project already has one with this name.
        """

    async def find(self, event_type_id: EventTypeId) -> EventType | None:
        """The event type with this id."""

    async def list(self, project_id: ProjectId | None, limit: int, after: After) -> Sequence[EventType]:
        """Event types of one project, or of all projects, by default newest first, after a place or an id."""

    async def count(self, project_id: ProjectId) -> int:
        """The number of event types of a project."""

    async def update(self, event_type: EventType) -> None:
        """Replace the fields that can change.

        Raises:
            EventTypeExists: the project has another one with this name.
        """

    async def delete(self, event_type_id: EventTypeId) -> None:
        """Remove an event type."""


class HasEventTypes(Protocol):
    """A transaction with event types."""

    @property
    def event_types(self) -> EventTypeStore:
        """Event types of projects."""


class EventTypeTransaction(HasEventTypes, HasProjects, HasAudit, Protocol):
    """The transaction of the use cases on event types."""
