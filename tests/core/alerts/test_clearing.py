"""What an occurrence leaves when it is cleared: once, with its event, its actions, and the name of a device that is gone."""

from __future__ import annotations

import msgspec

from penstock.core.alerts.clearing import Clearing
from penstock.core.alerts.events import AlertMoved
from penstock.core.alerts.models import ClearReason, End
from penstock.kit.ids import AlertId, DeviceId, EventId, RuleId
from tests.core.alerts.test_events import occurrence
from tests.core.alerts.test_keeping import alert_of
from tests.core.alerts.watch import us
from tests.support.shelf import Shelf

END = End(at_us=us(9), time_us=us(8), reason=ClearReason.DEVICE_DELETED)


async def test_it_is_cleared_once_and_told_with_the_actions_for_the_end(shelf: Shelf) -> None:
    alert = alert_of(shelf)
    found = occurrence(org_id=shelf.acme, alert_id=AlertId(1), device_id=DeviceId(10), device_name="Room", act="a")
    async with shelf.own() as tx:
        await tx.alerts.create(alert)
        await tx.occurrences.create(found)
        clearing = Clearing(lambda: 77)
        over = await clearing.clear(tx, alert, found, END, chain=(RuleId(3),))
        assert over is not None
        assert await tx.occurrences.find(EventId(1)) == over
        assert await clearing.clear(tx, alert, found, END) is None
        await clearing.clear_of_device(tx, DeviceId(10), END)
    async with shelf.system() as tx:
        (entry,) = await tx.outbox.next(10)
        assert [job.id for job in await tx.alerts.due_jobs(us(10), 10)] == [77], "one of the two mails is for the end too"
    told = msgspec.json.decode(entry.body, type=AlertMoved)
    assert (told.device_name, told.reason, told.chain) == ("Room", "device_deleted", (RuleId(3),))
    assert (told.cleared_us, told.cleared_received_us, told.at_us) == (us(8), us(9), us(9))


async def test_all_of_a_device_are_cleared(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.alerts.create(alert_of(shelf))
        for number in (1, 2):
            known = {"org_id": shelf.acme, "alert_id": AlertId(1), "device_id": DeviceId(10)}
            await tx.occurrences.create(occurrence(id=EventId(number), **known))
        await Clearing(iter(range(100, 200)).__next__).clear_of_device(tx, DeviceId(10), END)
        assert await tx.occurrences.list_open_by_device(DeviceId(10)) == []
