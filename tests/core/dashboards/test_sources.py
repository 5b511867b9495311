"""The devices of a widget: by id, by variable and by labels, within what the caller reaches."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.dashboards.models import Variable
from penstock.core.dashboards.options import Source
from penstock.core.dashboards.sources import Finder
from penstock.core.tenancy.models import Project
from penstock.kit.ids import Prefix, ProjectId, encode
from tests.core.dashboards.kept import Kept
from tests.support.shelf import Shelf

ROOF = ProjectId(5)
ROOM = Variable(name="room", kind="device", labels={"site": "n"})
FLOOR = Variable(name="floor", kind="label", label_key="floor", labels={"site": "n"})


async def test_devices_are_found(shelf: Shelf) -> None:
    kept = Kept(shelf)
    async with shelf.own() as tx:
        await tx.projects.create(Project(id=ROOF, name="Roof", is_default=False, created_us=1, alias="a" * 24))
    one, two = await kept.device(1, "One", site="n", floor="1"), await kept.device(2, "Two", ROOF, site="n", floor="2")
    first, second = (encode(Prefix.DEVICE, device.id) for device in (one, two))

    async def found(source: Source, limit: int = 9, actor: Actor = kept.actor, **chosen: str) -> list[tuple[str | None, bool]]:
        async with shelf.own() as tx:
            shown, more = await Finder(tx, actor, [ROOM, FLOOR], chosen).find(source, limit)
        return [*((each.device_id, each.missing) for each in shown), *([("more", True)] if more else [])]

    bound = msgspec.structs.replace(kept.actor, project_id=ROOF)
    assert await found(Source(device_id=first)) == [(first, False)]
    assert await found(Source(device_id=first), actor=bound) == [(first, True)]
    assert await found(Source(device_ids=[first, "nonsense"])) == [(first, False), ("nonsense", True)]
    assert await found(Source(device_ids=[first, second]), 1) == [(first, False), ("more", True)]
    assert await found(Source(labels={"site": "n"})) == [(first, False), (second, False)]
    assert await found(Source(labels={"site": "n"}), 1) == [(first, False), ("more", True)]
    assert await found(Source(labels={"site": "n"}), actor=bound) == [(second, False)]
    assert await found(Source(variable="room")) == [(None, True)]
    assert await found(Source(variable="other"), other=first) == [(None, True)]
    assert await found(Source(variable="room"), room=second) == [(second, False)]
    assert await found(Source(variable="floor")) == [(first, False), (second, False)]
    assert await found(Source(variable="floor"), floor="2") == [(second, False)]
    async with shelf.own() as tx:
        finder = Finder(tx, kept.actor, [], {})
        assert await finder.options(ROOM, 9) == [(first, "One"), (second, "Two")]
        assert await finder.options(FLOOR, 9) == [("1", "1"), ("2", "2")]


async def test_names_and_labels_need_the_scope(shelf: Shelf) -> None:
    kept = Kept(shelf)
    device = encode(Prefix.DEVICE, (await kept.device(1, "One")).id)
    blind = Actor(org_id=shelf.acme, kind=ActorKind.KEY, id=1)
    async with shelf.own() as tx:
        (shown,), _ = await Finder(tx, blind, [], {}).find(Source(device_id=device), 1)
        assert (shown.name, shown.missing) == ("", False)
        with pytest.raises(ScopeMissing):
            await Finder(tx, blind, [], {}).find(Source(labels={"a": "b"}), 1)
