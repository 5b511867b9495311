"""Share links, for those who manage them."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.dashboards import shares
from penstock.core.dashboards.errors import DashboardLimitReached, DashboardNotFound, ShareNotFound
from penstock.core.dashboards.models import NewShare
from penstock.core.dashboards.shares import MAX_AGE_US, ShareService
from penstock.kit.clock import DAY_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ProjectId, ShareId
from penstock.kit.secret import Pepper
from tests.core.dashboards.kept import Kept
from tests.support.shelf import Shelf

PEPPER = Pepper(b"p" * 32)


def service(kept: Kept) -> ShareService:
    return ShareService(database=kept.shelf.database, notes=kept.notes, pepper=PEPPER, ids=kept.ids, clock=kept.clock)


async def test_a_link_is_shown_once_and_revoked_once(shelf: Shelf) -> None:
    kept = Kept(shelf)
    made, links = await kept.board(), service(kept)
    new = NewShare(expires_us=kept.clock.now_us() + DAY_US)
    created = await links.create(kept.actor, made.id, new)
    assert created.token not in repr(created)
    async with shelf.system() as tx:
        found = await tx.dashboard_shares.find_by_digest(PEPPER.digest(created.token.encode()))
    assert found is not None
    assert (found.org_id, found.share) == (shelf.acme, created.share)
    bound = msgspec.structs.replace(kept.actor, project_id=ProjectId(9))
    for actor, share_id in ((bound, created.share.id), (kept.actor, ShareId(9))):
        with pytest.raises(ShareNotFound):
            await links.revoke(actor, share_id)
    with pytest.raises(DashboardNotFound):
        await links.list(bound, made.id, 1, None)
    second = await links.create(kept.actor, made.id, new)
    page = await links.list(kept.actor, made.id, 1, None)
    rest = await links.list(kept.actor, made.id, 1, page.next_cursor)
    assert [one.id for one in (*page.items, *rest.items)] == [second.share.id, created.share.id]
    await links.revoke(kept.actor, created.share.id)
    with pytest.raises(ShareNotFound):
        await links.revoke(kept.actor, created.share.id)


async def test_limits(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(shelf)
    made, links, now_us = await kept.board(), service(kept), kept.clock.now_us()
    wrong = {
        "expires_at": [NewShare(expires_us=now_us), NewShare(expires_us=now_us + MAX_AGE_US + 1)],
        "allow_embed[0]": [
            NewShare(expires_us=now_us + 1, allow_embed=[origin]) for origin in ("*", "https://a/b", "https://A", "x:y")
        ],
        "variables": [NewShare(expires_us=now_us + 1, variables={"room": "x"})],
    }
    for field, tries in wrong.items():
        for new in tries:
            with pytest.raises(InvalidInput) as raised:
                await links.create(kept.actor, made.id, new)
            assert raised.value.errors[0].field == field
    monkeypatch.setattr(shares, "MAX_SHARES", 0)
    with pytest.raises(DashboardLimitReached):
        await links.create(kept.actor, made.id, NewShare(expires_us=now_us + 1))
