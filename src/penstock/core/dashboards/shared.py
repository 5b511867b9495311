"""What visitors with a share link read. Each call is made as the link's creator, with the scopes that they have at that time."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.dashboards.config import DashboardConfig
from penstock.core.dashboards.data import WidgetDataService
from penstock.core.dashboards.errors import SharedNotFound
from penstock.core.dashboards.models import Dashboard, FoundShare, Share, Widget, WidgetImage
from penstock.core.dashboards.options import CommandButtonOptions
from penstock.core.dashboards.shares import TOKEN_PREFIX
from penstock.core.dashboards.shown import WidgetData
from penstock.core.dashboards.sources import Requested
from penstock.core.dashboards.store import SharedSystemTransaction, SharedTransaction
from penstock.core.dashboards.together import Fault, ShownWidget, shown_together
from penstock.core.dashboards.widgets import image_of
from penstock.core.database import Database
from penstock.core.limits.errors import LimitExceeded
from penstock.core.limits.limiter import Limiter
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.core.people.models import Role
from penstock.core.people.roles import SCOPES, SCOPES_OF_ROLES
from penstock.core.signup.service import site_of
from penstock.core.tenancy.admission import Gate
from penstock.core.tenancy.errors import OrganizationSuspended
from penstock.core.tenancy.restrictions import allows
from penstock.kit.clock import Clock
from penstock.kit.ids import KeyId, UserId, WidgetId
from penstock.kit.secret import Pepper, well_formed

READ = "dashboards:read"


class SharedDashboards:
    """Dashboards by the tokens of their share links."""

    def __init__(
        self,
        *,
        database: Database[SharedTransaction, SharedSystemTransaction],
        data: WidgetDataService,
        gate: Gate,
        pepper: Pepper,
        clock: Clock,
        config: DashboardConfig,
    ) -> None:
        self._database = database
        self._data = data
        self._gate = gate
        self._pepper = pepper
        self._clock = clock
        self._limiter = Limiter(clock)
        count = config.shared_calls_per_minute
        self._limit = Limit("shared_dashboards", LimitScope.ADDRESS, count, Window.MINUTE, "calls of shared dashboards")

    async def open(self, address: str, token: str) -> tuple[Share, Dashboard, Sequence[Widget]]:
        """Return a shared dashboard with its widgets, without buttons of commands, and count the use.

        Raises:
            LimitExceeded, SharedNotFound.
        """
        found, actor = await self._admit(address, token)
        async with self._database.transaction(found.org_id) as tx:
            dashboard = await _dashboard(tx, actor, found.share)
            widgets = await tx.widgets.list(dashboard.id)
            await tx.dashboard_shares.note_use(found.share.id, self._clock.now_us())
        shown = [one for one in widgets if not isinstance(one.options, CommandButtonOptions)]
        return found.share, dashboard, shown

    async def data(self, address: str, token: str, widget_id: WidgetId, requested: Requested) -> WidgetData:
        """What a widget of a shared dashboard shows, with the link's values of the variables.

        Raises:
            LimitExceeded, SharedNotFound.
        """
        found, actor = await self._admit(address, token)
        async with self._database.snapshot(found.org_id) as tx:
            dashboard = await _dashboard(tx, actor, found.share)
            widget = await _widget(tx, dashboard, widget_id)
        requested = msgspec.structs.replace(requested, variables=found.share.variables)
        try:
            return await self._data.of_options(actor, widget.options, dashboard, requested)
        except ScopeMissing:  # the creator could read it when the link was made
            raise SharedNotFound() from None

    async def data_together(
        self, address: str, token: str, chosen: Collection[WidgetId], requested: Requested
    ) -> list[ShownWidget]:
        """What the chosen widgets of a shared dashboard show, or all; with the link's values of the variables.

        Raises:
            LimitExceeded, SharedNotFound.
        """
        found, actor = await self._admit(address, token)
        async with self._database.snapshot(found.org_id) as tx:
            dashboard = await _dashboard(tx, actor, found.share)
            widgets = await tx.widgets.list(dashboard.id)
        widgets = [one for one in widgets if not chosen or one.id in chosen]
        requested = msgspec.structs.replace(requested, variables=found.share.variables)
        shown = await shown_together(self._data, actor, dashboard, widgets, requested)
        # Visitors do not learn what the creator of their link may do.
        gone = Fault(SharedNotFound.code, SharedNotFound.message)
        return [one if one.fault is None else msgspec.structs.replace(one, fault=gone) for one in shown]

    async def image(self, address: str, token: str, widget_id: WidgetId) -> WidgetImage:
        """The image of a widget of a shared dashboard.

        Raises:
            LimitExceeded, SharedNotFound, WidgetImageNotFound.
        """
        found, actor = await self._admit(address, token)
        async with self._database.snapshot(found.org_id) as tx:
            dashboard = await _dashboard(tx, actor, found.share)
            widget = await _widget(tx, dashboard, widget_id)
            return await image_of(tx, widget.id)

    async def _admit(self, address: str, token: str) -> tuple[FoundShare, Actor]:
        verdict = self._limiter.consume([(self._limit, site_of(address))])
        if verdict.refused is not None:
            raise LimitExceeded.by(verdict)
        if not well_formed(token, TOKEN_PREFIX):
            raise SharedNotFound()
        async with self._database.system_snapshot() as tx:
            found = await tx.dashboard_shares.find_by_digest(self._pepper.digest(token.encode()))
            if found is None or found.share.expires_us <= self._clock.now_us():
                raise SharedNotFound()
            scopes = await self._scopes(tx, found, address)
        try:
            await self._gate.check_running(found.org_id)
        except OrganizationSuspended:
            raise SharedNotFound() from None
        if READ not in scopes:
            raise SharedNotFound()
        share = found.share
        actor = Actor(
            org_id=found.org_id,
            kind=share.creator_kind,
            id=share.creator_id,
            scopes=scopes,
            address=address,
            project_id=share.project_id,
        )
        return found, actor

    async def _scopes(self, tx: SharedSystemTransaction, found: FoundShare, address: str) -> frozenset[str]:
        """The scopes that the creator of a link has now: none if they were suspended or removed, or for a key's link from an
        address where the key cannot be used.
        """
        own, share = tx.for_organization(found.org_id), found.share
        if share.creator_kind is ActorKind.KEY:
            key = await own.keys.find(KeyId(share.creator_id))
            usable = key is not None and key.is_usable(self._clock.now_us()) and allows(key, address)
            return key.granted(SCOPES_OF_ROLES) if key is not None and usable else frozenset()
        if share.creator_kind is not ActorKind.USER:
            return frozenset()
        user = await tx.users.find(UserId(share.creator_id))
        member = await own.members.find(UserId(share.creator_id))
        if user is None or user.suspended_us is not None or member is None:
            return frozenset()
        return SCOPES[Role(member.role)]


async def _dashboard(tx: SharedTransaction, actor: Actor, share: Share) -> Dashboard:
    dashboard = await tx.dashboards.find(share.dashboard_id)
    outside = actor.project_id is not None and dashboard is not None and dashboard.project_id != actor.project_id
    if dashboard is None or outside:
        raise SharedNotFound()
    return dashboard


async def _widget(tx: SharedTransaction, dashboard: Dashboard, widget_id: WidgetId) -> Widget:
    widget = await tx.widgets.find(widget_id)
    if widget is None or widget.dashboard_id != dashboard.id or isinstance(widget.options, CommandButtonOptions):
        raise SharedNotFound()
    return widget
