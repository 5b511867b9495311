"""Share links of dashboards over the native API, and what their visitors read."""

from __future__ import annotations

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.dashboards import data_wire
from penstock.api.v2.dashboards import share_wire as wire
from penstock.api.v2.dashboards.data_translate import from_core_data, from_core_together, requested_of, widget_ids_in
from penstock.api.v2.dashboards.examples import (
    CREATED_SHARE,
    DASHBOARD_PATH,
    NEW_SHARE,
    SHARE,
    SHARE_PATH,
    SHARED,
    SHARED_BOARD_DATA,
    SHARED_DATA,
    SHARED_PATH,
    SHARED_WIDGET_PATH,
)
from penstock.api.v2.dashboards.routes import READ, WRITE, dashboard_id_of
from penstock.api.v2.dashboards.share_translate import from_core_created, from_core_share, from_core_shared, to_core_share
from penstock.api.v2.dashboards.widget_routes import image_stream
from penstock.api.v2.wire import ListOf, Page
from penstock.core.dashboards.errors import SharedNotFound
from penstock.core.dashboards.shared import SharedDashboards
from penstock.core.dashboards.shares import ShareService
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, WidgetId, decode
from penstock.kit.operation import Example


class ShareEndpoints:
    """Create, list and revoke share links."""

    routes = Routes("/api/v2", surface="v2", tag="Dashboards")

    def __init__(self, shares: ShareService, clock: Clock) -> None:
        self._shares = shares
        self._clock = clock

    @routes.get(
        "/dashboards/{dashboard_id}/shares",
        scope=READ,
        of_project=True,
        example=Example(path=DASHBOARD_PATH, answer={"data": [SHARE], "next_cursor": None}),
    )
    async def list(self, call: Call[Page, None]) -> ListOf[wire.Share]:
        """List the share links of a dashboard.

        Newest first, also those that have expired; without their tokens.
        """
        page = await self._shares.list(call.actor, dashboard_id_of(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_share(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/dashboards/{dashboard_id}/shares",
        scope=WRITE,
        of_project=True,
        status=201,
        refuses=(429,),
        example=Example(path=DASHBOARD_PATH, body=NEW_SHARE, answer=CREATED_SHARE),
    )
    async def create(self, call: Call[None, wire.ShareCreate]) -> wire.CreatedShare:
        """Share a dashboard by a link.

        Who has the link can read the dashboard without signing in, until it expires or is revoked. It shows what its creator can
        reach, and stops when they lose access. The token is returned once.
        """
        return from_core_created(
            await self._shares.create(call.actor, dashboard_id_of(call), to_core_share(call.body, self._clock.now_us()))
        )

    @routes.delete("/dashboard-shares/{share_id}", scope=WRITE, of_project=True, status=204, example=Example(path=SHARE_PATH))
    async def revoke(self, call: Call[None, None]) -> None:
        """Revoke a share link.

        It no longer works from the next call on.
        """
        await self._shares.revoke(call.actor, path_id(Prefix.DASHBOARD_SHARE, call.path["share_id"]))


class SharedEndpoints:
    """What visitors with a share link read."""

    routes = Routes("/api/v2/shared/dashboards/{share_token}", surface="v2", tag="Dashboards")

    def __init__(self, shared: SharedDashboards, clock: Clock) -> None:
        self._shared = shared
        self._clock = clock

    @routes.get(scope=None, refuses=(404, 429), example=Example(path=SHARED_PATH, answer=SHARED))
    async def open(self, call: Call[None, None]) -> wire.SharedDashboard:
        """Get a shared dashboard with its widgets.

        Requires no credential, only the token of the link. Buttons that send commands are left out.
        """
        share, dashboard, widgets = await self._shared.open(call.actor.address, call.path["share_token"])
        return from_core_shared(share, dashboard, widgets)

    @routes.get(
        "/data",
        scope=None,
        refuses=(404, 429),
        example=Example(path=SHARED_PATH, query={"range": "24h"}, answer=SHARED_BOARD_DATA),
    )
    async def data_together(self, call: Call[data_wire.SharedBoardQuery, None]) -> data_wire.DashboardData:
        """Get what all widgets of a shared dashboard show.

        The same as one call for each widget, and counted as one. A widget that can no longer be shown has an `error`.
        """
        requested = requested_of(call.query, {}, self._clock)
        chosen = widget_ids_in(call.query.widget_ids)
        found = await self._shared.data_together(call.actor.address, call.path["share_token"], chosen, requested)
        return from_core_together(found, with_ids=False)

    @routes.get(
        "/widgets/{widget_id}/data",
        scope=None,
        refuses=(404, 429),
        example=Example(path=SHARED_WIDGET_PATH, query={"range": "24h"}, answer=SHARED_DATA),
    )
    async def data(self, call: Call[data_wire.SharedQuery, None]) -> data_wire.WidgetData:
        """Get what a widget of a shared dashboard shows.

        With the link's values of the variables, and without the ids of devices.
        """
        requested = requested_of(call.query, {}, self._clock)
        widget_id = _widget_id(call.path["widget_id"])
        found = await self._shared.data(call.actor.address, call.path["share_token"], widget_id, requested)
        return from_core_data(found, with_ids=False)

    @routes.get(
        "/widgets/{widget_id}/image",
        scope=None,
        media_type="image/png",
        other_media_types=("image/jpeg", "image/webp"),
        refuses=(404, 429),
        example=Example(path=SHARED_WIDGET_PATH, answer="(the image)"),
    )
    async def image(self, call: Call[None, None]) -> Stream:
        """Get the image of a widget of a shared dashboard."""
        widget_id = _widget_id(call.path["widget_id"])
        return image_stream(await self._shared.image(call.actor.address, call.path["share_token"], widget_id))


def _widget_id(text: str) -> WidgetId:
    found = decode(Prefix.WIDGET, text)
    if found is None:
        raise SharedNotFound()
    return found
