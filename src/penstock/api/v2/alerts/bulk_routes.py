"""Many alert events at once, over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.alerts import event_wire as wire
from penstock.api.v2.alerts.event_translate import to_core_snooze
from penstock.api.v2.alerts.examples import BULK, BULK_DONE
from penstock.api.v2.alerts.routes import WRITE
from penstock.core.actor import Actor
from penstock.core.alerts.occurrences import OccurrenceService
from penstock.core.alerts.snoozes import SnoozeService
from penstock.kit.errors import InvalidInput, PenstockError
from penstock.kit.ids import EventId, Prefix
from penstock.kit.operation import Example


class AlertBulkEndpoints:
    """Acknowledge, clear and snooze many alert events."""

    routes = Routes("/api/v2/alert-events/bulk", surface="v2", tag="Alerts")

    def __init__(self, occurrences: OccurrenceService, snoozes: SnoozeService) -> None:
        self._occurrences = occurrences
        self._snoozes = snoozes

    @routes.post(scope=WRITE, example=Example(body=BULK, answer=BULK_DONE))
    async def act(self, call: Call[None, wire.BulkAct]) -> wire.BulkDone:
        """Acknowledge, clear or snooze many alert events.

        Up to 500, each done or not by itself; the response has the outcome of each. To snooze an event is to snooze its alert on
        its device.
        """
        body = call.body
        _check(body)
        event_ids = [body_id(Prefix.EVENT, one, f"event_ids[{at}]") for at, one in enumerate(body.event_ids)]
        outcomes = [
            await self._tried(call.actor, body, event_id, text) for event_id, text in zip(event_ids, body.event_ids, strict=True)
        ]
        done = sum(one.done for one in outcomes)
        return wire.BulkDone(done, len(outcomes) - done, outcomes)

    async def _tried(self, actor: Actor, body: wire.BulkAct, event_id: EventId, text: str) -> wire.BulkOutcome:
        try:
            await self._act(actor, body, event_id)
        except PenstockError as error:
            if error.of_server or isinstance(error, InvalidInput):
                raise  # the same for all of them
            return wire.BulkOutcome(text, False, error.code, error.detail)
        return wire.BulkOutcome(text, True, None, None)

    async def _act(self, actor: Actor, body: wire.BulkAct, event_id: EventId) -> None:
        match body.action:
            case "acknowledge":
                await self._occurrences.acknowledge(actor, event_id, body.note)
            case "clear":
                await self._occurrences.clear(actor, event_id)
            case "snooze":
                request = to_core_snooze(body.until, body.for_s, body.note or "")
                await self._snoozes.snooze_event(actor, event_id, request)


def _check(body: wire.BulkAct) -> None:
    """Check that no field is sent that the action does not use.

    Raises:
        InvalidInput: the field is named.
    """
    for name in ("until", "for_s"):
        if body.action != "snooze" and getattr(body, name) is not None:
            raise InvalidInput.field(name, "is for the action snooze")
    if body.action == "clear" and body.note is not None:
        raise InvalidInput.field("note", "is not for the action clear")
