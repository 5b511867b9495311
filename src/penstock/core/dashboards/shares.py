"""Share links: a dashboard that can be read without a credential, by who has its link.

A link sees what its creator can still reach: each call is made as the creator, with the scopes that they have at that time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import id_of
from penstock.core.dashboards.access import DashboardNotes, get_dashboard
from penstock.core.dashboards.errors import DashboardLimitReached, DashboardNotFound, ShareNotFound
from penstock.core.dashboards.events import SHARED
from penstock.core.dashboards.models import MAX_SHARES, CreatedShare, Dashboard, NewShare, Share
from penstock.core.dashboards.store import DashboardTransaction
from penstock.core.database import OrganizationDatabase
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DashboardId, IdSource, Prefix, ShareId, encode
from penstock.kit.paging import Page, decode_cursor, page_of
from penstock.kit.secret import SHOWN_PREFIX, Pepper, new_credential

TOKEN_PREFIX = "dsh_"  # noqa: S105  (the prefix of a token, not a token)
MAX_AGE_US = 366 * DAY_US
_ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?", re.ASCII)


class ShareService:
    """Share links of dashboards, for those who manage them."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[DashboardTransaction],
        notes: DashboardNotes,
        pepper: Pepper,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._notes = notes
        self._pepper = pepper
        self._ids = ids
        self._clock = clock

    async def create(self, actor: Actor, dashboard_id: DashboardId, new: NewShare) -> CreatedShare:
        """Create a link with its token, which only this response contains.

        Raises:
            DashboardNotFound, DashboardLimitReached, InvalidInput.
        """
        now_us, token = self._clock.now_us(), new_credential(TOKEN_PREFIX)
        _check(new, now_us)
        async with self._database.transaction(actor.org_id) as tx:
            dashboard = await get_dashboard(tx, actor, dashboard_id)
            _check_variables(new.variables, dashboard)
            if await tx.dashboard_shares.count(dashboard_id) >= MAX_SHARES:
                raise DashboardLimitReached(limit=MAX_SHARES, what="share links of a dashboard")
            share = self._made(actor, dashboard, new, token, now_us)
            await tx.dashboard_shares.create(share, self._pepper.digest(token.encode()))
            await self._notes.event(tx, actor, SHARED, dashboard)
            details = {"dashboard": encode(Prefix.DASHBOARD, dashboard_id), "token_prefix": share.prefix}
            await self._notes.audit(tx, actor, "dashboard.share", _target(share), after=details)
        return CreatedShare(share, token)

    def _made(self, actor: Actor, dashboard: Dashboard, new: NewShare, token: str, now_us: int) -> Share:
        return Share(
            id=self._ids.next(ShareId),
            dashboard_id=dashboard.id,
            name=new.name,
            prefix=token[:SHOWN_PREFIX],
            variables=new.variables,
            allow_embed=new.allow_embed,
            expires_us=new.expires_us,
            creator_kind=actor.kind,
            creator_id=actor.id,
            created_by=id_of(actor),
            project_id=actor.project_id,
            created_us=now_us,
        )

    async def list(self, actor: Actor, dashboard_id: DashboardId, limit: int, cursor: str | None) -> Page[Share]:
        """Return a page of a dashboard's links, newest first, also of those that have expired.

        Raises:
            DashboardNotFound.
        """
        before = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            await get_dashboard(tx, actor, dashboard_id)
            found = await tx.dashboard_shares.list(dashboard_id, limit + 1, before[0] if before else 2**63 - 1)
        return page_of(found, limit, lambda one: (one.id,))

    async def revoke(self, actor: Actor, share_id: ShareId) -> None:
        """Delete a link. It no longer works from the next call on.

        Raises:
            ShareNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            share = await tx.dashboard_shares.find(share_id)
            if share is None:
                raise ShareNotFound(share_id=encode(Prefix.DASHBOARD_SHARE, share_id))
            await _check_reach(tx, actor, share)
            await tx.dashboard_shares.delete(share_id)
            await self._notes.audit(tx, actor, "dashboard.unshare", _target(share))


async def _check_reach(tx: DashboardTransaction, actor: Actor, share: Share) -> None:
    try:
        await get_dashboard(tx, actor, share.dashboard_id)
    except DashboardNotFound:
        raise ShareNotFound(share_id=encode(Prefix.DASHBOARD_SHARE, share.id)) from None


def _check(new: NewShare, now_us: int) -> None:
    if new.expires_us <= now_us:
        raise InvalidInput.field("expires_at", "must be in the future")
    if new.expires_us > now_us + MAX_AGE_US:
        raise InvalidInput.field("expires_at", "must be within a year")
    for at, origin in enumerate(new.allow_embed):
        if not _ORIGIN.fullmatch(origin):
            raise InvalidInput.field(f"allow_embed[{at}]", "must be an origin such as https://example.org")


def _check_variables(variables: Mapping[str, str], dashboard: Dashboard) -> None:
    unknown = sorted(variables.keys() - {one.name for one in dashboard.view.variables})
    if unknown:
        raise InvalidInput.field("variables", f"{unknown[0][:64]} is not a variable of the dashboard", "unknown")


def _target(share: Share) -> Target:
    return Target("dashboard_share", encode(Prefix.DASHBOARD_SHARE, share.id), share.name)
