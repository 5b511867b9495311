"""The stores of dashboards. They see only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.alerts.store import HasOccurrences
from penstock.core.audit.store import HasAudit
from penstock.core.commands.store import HasCommands
from penstock.core.dashboards.models import (
    Dashboard,
    DashboardFilter,
    DashboardSort,
    Folder,
    FoundShare,
    Place,
    Share,
    Widget,
    WidgetImage,
)
from penstock.core.database import OpensOrganizations
from penstock.core.devices.store import HasDevices, HasSensors
from penstock.core.outbox import HasOutbox
from penstock.core.people.standing import StandingTransaction
from penstock.core.people.store import HasUsers
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import DashboardId, FolderId, ShareId, WidgetId


class DashboardStore(Protocol):
    """Dashboards and their folders."""

    async def create_folder(self, folder: Folder) -> None:
        """Add a folder."""

    async def find_folder(self, folder_id: FolderId) -> Folder | None:
        """A folder, or None."""

    async def list_folders(self, limit: int, after_id: int) -> list[Folder]:
        """Folders oldest first, with ids above `after_id`."""

    async def update_folder(self, folder: Folder) -> None:
        """Store name and parent of a folder."""

    async def delete_folder(self, folder_id: FolderId) -> None:
        """Delete an empty folder."""

    async def contents(self, folder_id: FolderId) -> tuple[int, int]:
        """How many folders and dashboards a folder contains."""

    async def create(self, dashboard: Dashboard) -> None:
        """Add a dashboard."""

    async def find(self, dashboard_id: DashboardId) -> Dashboard | None:
        """A dashboard, or None."""

    async def list(
        self, filters: DashboardFilter, sort: DashboardSort, limit: int, after: tuple[int | str, int] | None
    ) -> list[Dashboard]:
        """Dashboards in an order, after the value and id of the last one that was listed."""

    async def count(self) -> int:
        """How many dashboards there are."""

    async def update(self, dashboard: Dashboard) -> None:
        """Store the changeable fields of a dashboard."""

    async def delete(self, dashboard_id: DashboardId) -> None:
        """Delete a dashboard with its widgets and share links."""


class WidgetStore(Protocol):
    """Widgets and their images."""

    async def create(self, widget: Widget) -> None:
        """Add a widget."""

    async def find(self, widget_id: WidgetId) -> Widget | None:
        """A widget, or None."""

    async def list(self, dashboard_id: DashboardId) -> list[Widget]:
        """The widgets of a dashboard, oldest first."""

    async def update(self, widget: Widget) -> None:
        """Store the changeable fields of a widget."""

    async def place(self, widget_id: WidgetId, place: Place) -> None:
        """Move a widget."""

    async def delete(self, widget_id: WidgetId) -> None:
        """Delete a widget."""

    async def find_image(self, widget_id: WidgetId) -> WidgetImage | None:
        """The image of a widget, or None."""

    async def set_image(self, widget_id: WidgetId, image: WidgetImage, at_us: int) -> None:
        """Replace the image of a widget."""

    async def delete_image(self, widget_id: WidgetId) -> bool:
        """Remove the image of a widget; False if it has none."""


class DashboardShareStore(Protocol):
    """Share links of dashboards."""

    async def create(self, share: Share, digest: bytes) -> None:
        """Add a share link with the keyed hash of its token."""

    async def find(self, share_id: ShareId) -> Share | None:
        """A share link, or None."""

    async def list(self, dashboard_id: DashboardId, limit: int, before_id: int) -> list[Share]:
        """Share links of a dashboard, newest first, with ids below `before_id`."""

    async def count(self, dashboard_id: DashboardId) -> int:
        """How many share links a dashboard has."""

    async def note_use(self, share_id: ShareId, now_us: int) -> None:
        """Count a use of a share link."""

    async def delete(self, share_id: ShareId) -> None:
        """Delete a share link."""


class SystemDashboardShareStore(Protocol):
    """Share links of all organisations."""

    async def find_by_digest(self, digest: bytes) -> FoundShare | None:
        """The share link whose token has this keyed hash, and whose it is: the organisation is the result, not the filter."""


class HasDashboards(Protocol):
    """A transaction with dashboards."""

    @property
    def dashboards(self) -> DashboardStore:
        """Dashboards and their folders."""

    @property
    def widgets(self) -> WidgetStore:
        """Widgets and their images."""

    @property
    def dashboard_shares(self) -> DashboardShareStore:
        """Share links of dashboards."""


class DashboardTransaction(HasDashboards, HasDevices, HasSensors, HasCommands, HasProjects, HasOutbox, HasAudit, Protocol):
    """The transaction of the use cases on dashboards."""


class WidgetDataTransaction(HasDashboards, HasDevices, HasSensors, HasOccurrences, Protocol):
    """The transaction that reads what widgets show."""


class SharedTransaction(DashboardTransaction, StandingTransaction, Protocol):
    """The transaction that opens share links."""


class SharedSystemTransaction(HasUsers, OpensOrganizations[SharedTransaction], Protocol):
    """The transaction that finds share links by their tokens."""

    @property
    def dashboard_shares(self) -> SystemDashboardShareStore:
        """Share links of all organisations."""


Widgets = Sequence[Widget]
