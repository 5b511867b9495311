"""What visitors with a share link read: as its creator could at that time, and limited by address."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.dashboards.data import WidgetDataService
from penstock.core.dashboards.errors import SharedNotFound, WidgetImageNotFound
from penstock.core.dashboards.models import NewShare, NewWidget
from penstock.core.dashboards.options import CommandButtonOptions, GaugeOptions, Source
from penstock.core.dashboards.shared import SharedDashboards
from penstock.core.dashboards.sources import Requested
from penstock.core.limits.errors import LimitExceeded
from penstock.core.people.models import Role, User
from penstock.core.tenancy.admission import Gate
from penstock.core.tenancy.errors import OrganizationSuspended
from penstock.kit.clock import DAY_US
from penstock.kit.ids import OrgId, UserId, WidgetId
from tests.core.dashboards.kept import CONFIG, TEXT, Kept
from tests.core.dashboards.test_shares import PEPPER, service
from tests.support.shelf import Shelf

ADA, HERE = UserId(77), "192.0.2.1"
REQUESTED = Requested(zone=ZoneInfo("UTC"), variables={"room": "theirs"})


class Doors:
    """An organisation that runs, until it is suspended; and data that tells who asks for it."""

    suspended = refuses = False

    async def check_running(self, org_id: OrgId) -> None:
        if self.suspended:
            raise OrganizationSuspended()

    async def of_options(self, actor: Actor, options: object, dashboard: object, requested: Requested) -> Any:
        if self.refuses:
            raise ScopeMissing(scope="telemetry:read")
        return actor, requested


async def opened(shelf: Shelf) -> tuple[Kept, Doors, SharedDashboards, str, WidgetId]:
    """A dashboard that Ada, an owner, shares, with a text and a button."""
    kept, doors = Kept(shelf), Doors()
    async with shelf.system() as tx:
        await tx.users.create(User(id=ADA, email="ada@example.org", name="Ada", password_hash="", created_us=1))
    async with shelf.own() as tx:
        await tx.members.create(ADA, Role.OWNER, 1)
    made = await kept.board()
    text = await kept.widgets.create(kept.actor, made.id, TEXT)
    async with shelf.own() as tx:
        button = NewWidget(options=CommandButtonOptions(device_id="dev_1", command_id="def_1"))
        await tx.widgets.create(kept.boards.widget_of(made, button, text.place))
    ada = Actor(org_id=shelf.acme, kind=ActorKind.USER, id=ADA)
    link = await service(kept).create(ada, made.id, NewShare(expires_us=kept.clock.now_us() + DAY_US))
    shared = SharedDashboards(
        database=shelf.database,
        data=cast(WidgetDataService, doors),
        gate=cast(Gate, doors),
        pepper=PEPPER,
        clock=kept.clock,
        config=msgspec.structs.replace(CONFIG, shared_calls_per_minute=100),
    )
    return kept, doors, shared, link.token, text.id


async def test_a_link_shows_what_its_creator_reaches(shelf: Shelf) -> None:
    kept, doors, shared, token, text = await opened(shelf)
    share, dashboard, widgets = await shared.open(HERE, token)
    assert (share.created_by[:4], dashboard.name, [one.id for one in widgets]) == ("usr_", "Board", [text])
    actor, requested = cast(tuple[Actor, Requested], await shared.data(HERE, token, text, REQUESTED))
    assert (actor.id, actor.allows("telemetry:read"), requested.variables) == (ADA, True, {})
    with pytest.raises(WidgetImageNotFound):
        await shared.image(HERE, token, text)
    made = NewWidget(options=GaugeOptions(source=Source(device_id="dev_1"), field="t"))
    async with shelf.own() as tx:
        await tx.widgets.create(kept.boards.widget_of(dashboard, made, widgets[0].place))
    (gauge,) = await shared.data_together(HERE, token, (), REQUESTED)
    assert cast(tuple[Actor, Requested], gauge.data)[1].variables == {}
    assert await shared.data_together(HERE, token, {text}, REQUESTED) == [], "a text has no values"
    doors.refuses = True
    (gauge,) = await shared.data_together(HERE, token, (), REQUESTED)
    assert getattr(gauge.fault, "code", "") == SharedNotFound.code, "not what its creator lacks"
    for call in (shared.data(HERE, token, text, REQUESTED), shared.data(HERE, token, WidgetId(text + 1), REQUESTED)):
        with pytest.raises(SharedNotFound):
            await call


@pytest.mark.parametrize("end", ["expired", "suspended", "removed", "downgraded", "organization"])
async def test_a_link_ends(shelf: Shelf, end: str) -> None:
    kept, doors, shared, token, _ = await opened(shelf)
    doors.suspended = end == "organization"
    if end == "expired":
        kept.clock.us += DAY_US
    async with shelf.own() as tx:
        if end == "removed":
            await tx.members.delete(ADA)
        if end == "downgraded":
            await tx.members.set_role(ADA, Role.RESIDENT)
    if end == "suspended":
        async with shelf.system() as system:
            ada = await system.users.find(ADA)
            assert ada is not None
            await system.users.update(msgspec.structs.replace(ada, suspended_us=1))
    with pytest.raises(SharedNotFound):
        await shared.open(HERE, token)


async def test_visitors_of_an_address_are_limited(shelf: Shelf) -> None:
    _, _, shared, token, _ = await opened(shelf)
    for _ in range(100):
        with pytest.raises(SharedNotFound):
            await shared.open(HERE, "dsh_guess")
    with pytest.raises(LimitExceeded):
        await shared.open(HERE, token)
    assert (await shared.open("192.0.2.2", token))[1].name == "Board"
