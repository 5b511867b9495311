"""Use cases that take dashboards out of one organisation and into another, as documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from penstock.core.actor import Actor
from penstock.core.dashboards.access import check_ids, get_dashboard, id_of
from penstock.core.dashboards.models import MAX_WIDGETS, Dashboard, Draft, Widget
from penstock.core.dashboards.options import check_options, device_ids_of
from penstock.core.dashboards.service import DashboardService
from penstock.core.dashboards.store import DashboardTransaction
from penstock.core.dashboards.widgets import below, check_place
from penstock.core.database import OrganizationDatabase
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DashboardId, Prefix

FORMAT: Final = "penstock-dashboard"
VERSION: Final = 1


class TransferService:
    """Exports and imports dashboards. Images and share links are not part of a document."""

    def __init__(self, *, database: OrganizationDatabase[DashboardTransaction], dashboards: DashboardService) -> None:
        self._database = database
        self._dashboards = dashboards

    async def export(self, actor: Actor, dashboard_id: DashboardId) -> tuple[Dashboard, list[Widget]]:
        """Return a dashboard with its widgets.

        Raises:
            DashboardNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_dashboard(tx, actor, dashboard_id), await tx.widgets.list(dashboard_id)

    async def load(self, actor: Actor, draft: Draft) -> tuple[Dashboard, list[str]]:
        """Create the dashboard of a document, and return it with the ids of the devices that do not exist here.

        Raises:
            FolderNotFound, ProjectNotFound, DashboardLimitReached, InvalidInput.
        """
        if len(draft.widgets) > MAX_WIDGETS:
            raise InvalidInput.field("document.widgets", f"must have at most {MAX_WIDGETS} entries", "too_many")
        for at, new in enumerate(draft.widgets):
            _check_widget(new.options, at)
            if new.place is not None:
                check_place(new.place, f"document.widgets[{at}].")
        async with self._database.transaction(actor.org_id) as tx:
            made = await self._dashboards.create_in(tx, actor, draft.new)
            widgets: list[Widget] = []
            for new in draft.widgets:
                widgets.append(self._dashboards.widget_of(made, new, new.place or below(widgets, new.size)))
                await tx.widgets.create(widgets[-1])
            missing = await _missing(tx, actor, widgets)
        return msgspec.structs.replace(made, widget_count=len(widgets)), missing


def _check_widget(options: object, at: int) -> None:
    try:
        check_options(options)  # type: ignore[arg-type]  # the options of a widget
        check_ids(options)  # type: ignore[arg-type]
    except InvalidInput as error:
        found = error.errors[0]
        field, detail, code = f"document.widgets[{at}].{found.field}", found.detail, found.code
    else:
        return
    raise InvalidInput.field(field, detail, code)


async def _missing(tx: DashboardTransaction, actor: Actor, widgets: Sequence[Widget]) -> list[str]:
    named = dict.fromkeys(text for widget in widgets for _, text in device_ids_of(widget.options))
    missing = []
    for text in named:
        device = await tx.devices.find(id_of(Prefix.DEVICE, text, "device_id"))
        if device is None or not actor.reaches(device.project_id):
            missing.append(text)
    return missing
