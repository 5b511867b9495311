"""Effects of the engine as they are written: what people did meanwhile goes before."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.alerts.actions import EmailAction, EscalationStep
from penstock.core.alerts.keeping import AlertNotes
from penstock.core.alerts.machine import Cleared, Effect, Escalated, Raised, Repeated
from penstock.core.alerts.models import Alert, ClearReason, End
from penstock.kit.ids import AlertId, DeviceId, EventId, FiringId, IdSource
from tests.core.alerts.watch import a_device, an_alert, us
from tests.support.shelf import Shelf

ONE, TEN = EventId(1), DeviceId(10)
SEEN_BY_OTHERS = ("alert.raised", "alert.cleared", "alert.escalated", "alert.repeated")


@pytest.fixture(autouse=True)
async def alert(shelf: Shelf) -> None:
    await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.alerts.create(alert_of(shelf))


def alert_of(shelf: Shelf) -> Alert:
    mails = (EmailAction(to=("a@b.example",)), EmailAction(to=("c@d.example",), on_clear=True))
    steps = (EscalationStep(60, (EmailAction(to=("boss@b.example",)),)),)
    known = an_alert(actions=mails, escalation=steps, revision=5)
    return msgspec.structs.replace(known, id=AlertId(1), org_id=shelf.acme)


class Notes:
    """Writes effects of the one alert on the one device, and shows what came of it."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.notes = shelf, AlertNotes(IdSource(lambda: us(0)))
        self.alert, self.device = alert_of(shelf), a_device(10, org_id=shelf.acme)

    async def write(self, *effects: Effect) -> list[str]:
        """The topics that are told of, and how many actions wait."""
        async with self.shelf.own() as tx:
            for effect in effects:
                await self.notes.write(tx, effect)
        async with self.shelf.system() as tx:
            told = [entry.topic for entry in await tx.outbox.next(100) if entry.topic in SEEN_BY_OTHERS]
            return [*told, f"{len(await tx.alerts.due_jobs(us(10_000), 100))} actions"]

    def raised(self, revision: int = 5, device_id: DeviceId = TEN) -> Raised:
        alert = msgspec.structs.replace(self.alert, revision=revision)
        return Raised(alert, msgspec.structs.replace(self.device, id=device_id), ONE, us(0), us(0), 7, 3, 2)

    def cleared(self) -> Cleared:
        return Cleared(self.alert, self.device, ONE, us(9), ClearReason.CONDITION, 1, 4)

    def escalated(self) -> Escalated:
        return Escalated(self.alert, self.device, ONE, us(9), 0)

    def repeated(self) -> Repeated:
        return Repeated(self.alert, self.device, ONE, FiringId(50), us(9), 8, 4)


async def test_the_life_of_an_occurrence_is_told_with_its_actions(shelf: Shelf) -> None:
    notes = Notes(shelf)
    assert await notes.write(notes.raised()) == ["alert.raised", "2 actions"]
    assert (await notes.write(notes.repeated(), notes.escalated()))[1:] == ["alert.repeated", "alert.escalated", "3 actions"]
    assert (await notes.write(notes.cleared()))[3:] == ["alert.cleared", "4 actions"]
    async with shelf.own() as tx:
        found = await tx.occurrences.find(ONE)
        assert found is not None
        assert (found.suppressed, found.value, found.clear_value, found.escalations) == (2, 7, 1, (us(9),))
        assert [one.value for one in await tx.occurrences.firings(AlertId(1), 10)] == [8, 7]


async def test_what_a_changed_definition_or_a_deleted_device_found_is_not_raised(shelf: Shelf) -> None:
    notes = Notes(shelf)
    assert await notes.write(notes.raised(revision=4), notes.raised(device_id=DeviceId(11))) == ["0 actions"]
    async with shelf.own() as tx:
        assert await tx.occurrences.find(ONE) is None


async def test_what_was_cleared_by_hand_is_neither_cleared_nor_repeated_nor_escalated(shelf: Shelf) -> None:
    notes = Notes(shelf)
    before = await notes.write(notes.raised())
    async with shelf.own() as tx:
        await tx.occurrences.clear(ONE, End(at_us=us(5), reason=ClearReason.MANUAL, by="ada"))
    assert await notes.write(notes.repeated(), notes.escalated(), notes.cleared()) == before
    async with shelf.own() as tx:
        found = await tx.occurrences.find(ONE)
        assert found is not None
        assert (found.clear_reason, found.cleared_us) == (ClearReason.MANUAL, us(5))


async def test_what_somebody_took_note_of_does_not_escalate(shelf: Shelf) -> None:
    notes = Notes(shelf)
    before = await notes.write(notes.raised())
    async with shelf.own() as tx:
        await tx.occurrences.acknowledge(ONE, us(5), "ada", None)
    assert await notes.write(notes.escalated()) == before
