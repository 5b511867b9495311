"""`client.alert_events`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class AlertEvents(Resource):
    """Conditions that are monitored on devices, their events, and the actions when an alert is raised."""

    def acknowledge(
        self,
        event_id: str,
        *,
        note: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.AlertEvent:
        """Acknowledge an alert event.

        Stops its escalation. A cleared event can be acknowledged too. Repeating the call has no effect; the first note
        is kept.

        Requires the scope `alerts:write`.

        `event_id`: The id of an alert event (`evt_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/alert-events/{quoted(event_id)}/acknowledge",
            body=present({"note": note}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.AlertEvent = self._call(request)
        return answer

    def change_many(
        self,
        *,
        action: Literal["acknowledge", "clear", "snooze"],
        event_ids: Sequence[str],
        note: str | Unset | None = UNSET,
        until: str | datetime | Unset | None = UNSET,
        for_s: int | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.BulkDone:
        """Acknowledge, clear or snooze many alert events.

        Up to 500, each done or not by itself; the response has the outcome of each. To snooze an event is to snooze its
        alert on its device.

        Requires the scope `alerts:write`.
        """
        request = Request(
            "POST",
            "/api/v2/alert-events/bulk",
            body=present({"action": action, "event_ids": event_ids, "note": note, "until": until, "for_s": for_s}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.BulkDone = self._call(request)
        return answer

    def clear(
        self, event_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.AlertEvent:
        """Clear an alert event manually.

        It is raised again if the condition is true at a later reading. Repeating the call has no effect.

        Requires the scope `alerts:write`.

        `event_id`: The id of an alert event (`evt_…`).
        """
        request = Request(
            "POST", f"/api/v2/alert-events/{quoted(event_id)}/clear", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.AlertEvent = self._call(request)
        return answer

    def count_open(self, *, request_timeout: float | None = None) -> schemas.Summary:
        """Count open alert events.

        By state and by severity.

        Requires the scope `alerts:read`.
        """
        request = Request("GET", "/api/v2/alert-events/summary", timeout_s=request_timeout)
        answer: schemas.Summary = self._call(request)
        return answer

    def get(self, event_id: str, *, request_timeout: float | None = None) -> schemas.AlertEvent:
        """Get an alert event.

        Requires the scope `alerts:read`.

        `event_id`: The id of an alert event (`evt_…`).
        """
        request = Request("GET", f"/api/v2/alert-events/{quoted(event_id)}", timeout_s=request_timeout)
        answer: schemas.AlertEvent = self._call(request)
        return answer

    def list(
        self,
        *,
        state: Literal["acknowledged", "cleared", "open", "raised"] | None = None,
        severity: Literal["critical", "high", "info", "low", "medium", "warning"] | None = None,
        alert_id: str | None = None,
        device_id: str | None = None,
        project_id: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.AlertEvent]:
        """List alert events.

        Newest first. `state=open` selects those that are not cleared.

        Filters for alert events. `open` means raised or acknowledged. `from` (included) and `to` (excluded) bound the
        raising.

        Requires the scope `alerts:read`.

        `state`: Only events that are `raised`, `acknowledged`, either of them (`open`), or `cleared`. `severity`: Only
        events with this severity; high, medium and low are accepted too. `alert_id`: Only events of this alert
        (`alert_…`). `device_id`: Only events of this device (`dev_…`). `project_id`: Only events of this project's
        devices (`prj_…`). `from_`: Only events raised at or after this time: RFC 3339, or epoch seconds or
        milliseconds. `to`: Only events raised before this time: RFC 3339, or epoch seconds or milliseconds. `limit`:
        Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/alert-events",
            query={
                "state": state,
                "severity": severity,
                "alert_id": alert_id,
                "device_id": device_id,
                "project_id": project_id,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)


class AsyncAlertEvents(AsyncResource):
    """As `AlertEvents`, for an event loop."""

    async def acknowledge(
        self,
        event_id: str,
        *,
        note: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.AlertEvent:
        """Acknowledge an alert event.

        As `AlertEvents.acknowledge`.
        """
        request = Request(
            "POST",
            f"/api/v2/alert-events/{quoted(event_id)}/acknowledge",
            body=present({"note": note}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.AlertEvent = await self._call(request)
        return answer

    async def change_many(
        self,
        *,
        action: Literal["acknowledge", "clear", "snooze"],
        event_ids: Sequence[str],
        note: str | Unset | None = UNSET,
        until: str | datetime | Unset | None = UNSET,
        for_s: int | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.BulkDone:
        """Acknowledge, clear or snooze many alert events.

        As `AlertEvents.change_many`.
        """
        request = Request(
            "POST",
            "/api/v2/alert-events/bulk",
            body=present({"action": action, "event_ids": event_ids, "note": note, "until": until, "for_s": for_s}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.BulkDone = await self._call(request)
        return answer

    async def clear(
        self, event_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.AlertEvent:
        """Clear an alert event manually.

        As `AlertEvents.clear`.
        """
        request = Request(
            "POST", f"/api/v2/alert-events/{quoted(event_id)}/clear", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.AlertEvent = await self._call(request)
        return answer

    async def count_open(self, *, request_timeout: float | None = None) -> schemas.Summary:
        """Count open alert events.

        As `AlertEvents.count_open`.
        """
        request = Request("GET", "/api/v2/alert-events/summary", timeout_s=request_timeout)
        answer: schemas.Summary = await self._call(request)
        return answer

    async def get(self, event_id: str, *, request_timeout: float | None = None) -> schemas.AlertEvent:
        """Get an alert event.

        As `AlertEvents.get`.
        """
        request = Request("GET", f"/api/v2/alert-events/{quoted(event_id)}", timeout_s=request_timeout)
        answer: schemas.AlertEvent = await self._call(request)
        return answer

    def list(
        self,
        *,
        state: Literal["acknowledged", "cleared", "open", "raised"] | None = None,
        severity: Literal["critical", "high", "info", "low", "medium", "warning"] | None = None,
        alert_id: str | None = None,
        device_id: str | None = None,
        project_id: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.AlertEvent]:
        """List alert events.

        As `AlertEvents.list`.
        """
        request = Request(
            "GET",
            "/api/v2/alert-events",
            query={
                "state": state,
                "severity": severity,
                "alert_id": alert_id,
                "device_id": device_id,
                "project_id": project_id,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)
