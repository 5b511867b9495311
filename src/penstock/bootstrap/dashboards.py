"""Builds the services for dashboards."""

from __future__ import annotations

from penstock.adapters.documents.typesetting import Typesetter
from penstock.adapters.documents.widget_image import PillowImages
from penstock.adapters.storage.data_dir import DataDir
from penstock.api.v2.dashboards.data_routes import WidgetDataEndpoints
from penstock.api.v2.dashboards.folder_routes import FolderEndpoints
from penstock.api.v2.dashboards.routes import DashboardEndpoints
from penstock.api.v2.dashboards.share_routes import SharedEndpoints, ShareEndpoints
from penstock.api.v2.dashboards.widget_routes import WidgetEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.dashboards.access import DashboardNotes
from penstock.core.dashboards.data import WidgetDataService
from penstock.core.dashboards.folders import FolderService
from penstock.core.dashboards.service import DashboardService
from penstock.core.dashboards.shared import SharedDashboards
from penstock.core.dashboards.shares import ShareService
from penstock.core.dashboards.states import StateReader
from penstock.core.dashboards.together import DashboardDataService
from penstock.core.dashboards.transfers import TransferService
from penstock.core.dashboards.widgets import WidgetService
from penstock.settings import Settings


def build_dashboards(services: Services, data_dir: DataDir, settings: Settings, typesetter: Typesetter) -> Part:
    """Build the services for dashboards, and their endpoints."""
    database, clock, ids, pepper = services.database, services.clock, services.ids, data_dir.pepper()
    notes = DashboardNotes(services.trail, clock)
    dashboards = DashboardService(database=database, notes=notes, ids=ids, clock=clock, config=settings.dashboards)
    data = _data(services)
    images = PillowImages(typesetter)
    widgets = WidgetService(database=database, dashboards=dashboards, notes=notes, images=images, clock=clock)
    shared = SharedDashboards(
        database=database, data=data, gate=services.gate, pepper=pepper, clock=clock, config=settings.dashboards
    )
    return Part(
        endpoints=(
            FolderEndpoints(FolderService(database=database, notes=notes, ids=ids, clock=clock)),
            DashboardEndpoints(dashboards, TransferService(database=database, dashboards=dashboards), data),
            WidgetEndpoints(widgets),
            WidgetDataEndpoints(data, DashboardDataService(database, data), clock),
            ShareEndpoints(ShareService(database=database, notes=notes, pepper=pepper, ids=ids, clock=clock), clock),
            SharedEndpoints(shared, clock),
        )
    )


def _data(services: Services) -> WidgetDataService:
    states = StateReader(
        database=services.database,
        telemetry=services.telemetry,
        latest=services.latest,
        clock=services.clock,
        offline_after_us=services.devices.offline_after_us,
    )
    return WidgetDataService(database=services.database, telemetry=services.telemetry, states=states, clock=services.clock)
