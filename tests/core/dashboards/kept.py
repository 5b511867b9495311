"""Services of dashboards over a shelf, and devices to show."""

from __future__ import annotations

from typing import Any

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.dashboards.access import DashboardNotes
from penstock.core.dashboards.config import DashboardConfig
from penstock.core.dashboards.folders import FolderService
from penstock.core.dashboards.models import Dashboard, NewDashboard, NewWidget, View, WidgetImage
from penstock.core.dashboards.options import TextOptions
from penstock.core.dashboards.service import DashboardService
from penstock.core.dashboards.widgets import WidgetService
from penstock.core.devices.models import Device, DeviceStatus
from penstock.kit.ids import DeviceId, IdSource, ProjectId
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

CONFIG = DashboardConfig(max_dashboards=3, shared_calls_per_minute=5)
TEXT = NewWidget(options=TextOptions(text="x"))


class Images:
    """Reads every image as the same."""

    async def read(self, content: bytes) -> WidgetImage:
        return WidgetImage("image/png", content, 1, 1)


class Kept:
    """The services over one shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.clock = shelf, HeldClock()
        self.ids, database = IdSource(self.clock.now_us), shelf.database
        self.notes = DashboardNotes(AuditTrail(self.clock), self.clock)
        self.boards = DashboardService(database=database, notes=self.notes, ids=self.ids, clock=self.clock, config=CONFIG)
        self.folders = FolderService(database=database, notes=self.notes, ids=self.ids, clock=self.clock)
        self.widgets = WidgetService(
            database=database, dashboards=self.boards, notes=self.notes, images=Images(), clock=self.clock
        )
        self.actor = Actor.system(shelf.acme)

    async def board(self, **fields: Any) -> Dashboard:
        return await self.boards.create(self.actor, NewDashboard(**{"name": "Board"} | fields))

    async def viewed(self, **view: Any) -> Dashboard:
        return await self.board(view=View(**view))

    async def device(self, number: int, name: str = "Meter", project_id: ProjectId | None = None, **labels: str) -> Device:
        made = Device(
            id=DeviceId(number),
            org_id=self.shelf.acme,
            project_id=project_id or self.shelf.project_id,
            name=name,
            type="sensor",
            description="",
            status=DeviceStatus.ACTIVE,
            settings={},
            labels=labels,
            location=None,
            identifiers=[],
            token_prefix="tok_0000",
            last_seen_us=None,
            created_us=1,
            updated_us=1,
        )
        async with self.shelf.own() as tx:
            await tx.devices.create(made, number.to_bytes(32, "big"))
        return made
