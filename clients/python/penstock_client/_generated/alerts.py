"""`client.alerts`."""
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


class Alerts(Resource):
    """Conditions that are monitored on devices, their events, and the actions when an alert is raised."""

    def create(
        self,
        *,
        name: str,
        target: schemas.Target,
        condition: schemas.AlertCondition,
        description: str | Unset = UNSET,
        severity: Literal["critical", "high", "info", "low", "medium", "warning"] | Unset = UNSET,
        enabled: bool | Unset = UNSET,
        for_s: int | Unset = UNSET,
        max_gap_s: int | Unset | None = UNSET,
        hysteresis: float | Unset = UNSET,
        n_of_m: schemas.NOfM | Unset | None = UNSET,
        active_hours: schemas.ActiveHours | Unset | None = UNSET,
        cooldown_s: int | Unset = UNSET,
        auto_clear_s: int | Unset | None = UNSET,
        actions: Sequence[schemas.AlertAction] | Unset = UNSET,
        escalation: Sequence[schemas.EscalationStep] | Unset = UNSET,
        backfill: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Alert:
        """Create an alert.

        Besides `alerts:write` it requires the scopes of its condition and actions: `telemetry:read` for readings,
        `devices:read` for `no_data` and `connectivity`, and for example `commands:write` for a command. It applies to
        readings that arrive from now on. With an `Idempotency-Key` the same request can be sent again and creates only
        one alert.

        Requires the scope `alerts:write`.
        """
        request = Request(
            "POST",
            "/api/v2/alerts",
            body=present(
                {
                    "name": name,
                    "target": target,
                    "condition": condition,
                    "description": description,
                    "severity": severity,
                    "enabled": enabled,
                    "for_s": for_s,
                    "max_gap_s": max_gap_s,
                    "hysteresis": hysteresis,
                    "n_of_m": n_of_m,
                    "active_hours": active_hours,
                    "cooldown_s": cooldown_s,
                    "auto_clear_s": auto_clear_s,
                    "actions": actions,
                    "escalation": escalation,
                    "backfill": backfill,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Alert = self._call(request)
        return answer

    def delete(self, alert_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete an alert.

        Its events are deleted with it. Open events are reported as cleared.

        Requires the scope `alerts:write`.

        `alert_id`: The id of an alert (`alert_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/alerts/{quoted(alert_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def end_snooze(self, alert_id: str, *, device_id: str | None = None, request_timeout: float | None = None) -> None:
        """End the snooze of an alert.

        Events that are still raised and not acknowledged are notified now.

        The device whose snooze is meant; by default the snooze on every device.

        Requires the scope `alerts:write`.

        `alert_id`: The id of an alert (`alert_…`). `device_id`: A device's id (`dev_…`).
        """
        request = Request(
            "DELETE", f"/api/v2/alerts/{quoted(alert_id)}/snooze", query={"device_id": device_id}, timeout_s=request_timeout
        )
        self._call(request)

    def get(self, alert_id: str, *, request_timeout: float | None = None) -> schemas.Alert:
        """Get an alert.

        Requires the scope `alerts:read`.

        `alert_id`: The id of an alert (`alert_…`).
        """
        request = Request("GET", f"/api/v2/alerts/{quoted(alert_id)}", timeout_s=request_timeout)
        answer: schemas.Alert = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        status: Literal["active", "disabled", "enabled"] | None = None,
        severity: Literal["critical", "high", "info", "low", "medium", "warning"] | None = None,
        device_id: str | None = None,
        project_id: str | None = None,
        text: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Alert]:
        """List alerts.

        Newest first by default. `status=active` selects those that are currently raised for at least one device.

        Filters for alerts. A device or project selects those that name it; `q` and `text` are found in name and
        description.

        Requires the scope `alerts:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for. `status`: Only alerts that are
        `enabled`, `disabled`, or currently raised for a device (`active`). `severity`: Only alerts with this severity;
        high, medium and low are accepted too. `device_id`: Only alerts that name this device (`dev_…`). `project_id`:
        Only alerts that name this project (`prj_…`). `text`: Only alerts with this text in name or description.
        """
        request = Request(
            "GET",
            "/api/v2/alerts",
            query={
                "limit": limit,
                "cursor": cursor,
                "q": q,
                "sort": sort,
                "status": status,
                "severity": severity,
                "device_id": device_id,
                "project_id": project_id,
                "text": text,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_events(
        self,
        alert_id: str,
        *,
        state: Literal["acknowledged", "cleared", "open", "raised"] | None = None,
        device_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.AlertEvent]:
        """List the events of an alert.

        Newest first.

        Filters for the events of an alert.

        Requires the scope `alerts:read`.

        `alert_id`: The id of an alert (`alert_…`). `state`: Only events that are `raised`, `acknowledged`, either of
        them (`open`), or `cleared`. `device_id`: Only events of this device (`dev_…`). `limit`: Maximum number of
        results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/alerts/{quoted(alert_id)}/history",
            query={"state": state, "device_id": device_id, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def preview(
        self,
        *,
        device_id: str,
        condition: schemas.AlertCondition,
        for_s: int | Unset = UNSET,
        max_gap_s: int | Unset | None = UNSET,
        hysteresis: float | Unset = UNSET,
        n_of_m: schemas.NOfM | Unset | None = UNSET,
        active_hours: schemas.ActiveHours | Unset | None = UNSET,
        cooldown_s: int | Unset = UNSET,
        auto_clear_s: int | Unset | None = UNSET,
        backfill: bool | Unset = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        to: str | datetime | Unset | None = UNSET,
        range: str | Unset | None = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.AlertPreviewed:
        """Preview an alert.

        Evaluates a definition for a device with its stored readings, by default those of the last 24 hours, and returns
        when it would have been raised. Nothing is stored, and no action is executed. It requires the scope of its
        condition: `devices:read` for `no_data` and `connectivity`, otherwise `telemetry:read`. Late readings count as
        if they had arrived in time, and maintenance does not count.

        Requires the scope `alerts:read`.
        """
        request = Request(
            "POST",
            "/api/v2/alerts/preview",
            body=present(
                {
                    "device_id": device_id,
                    "condition": condition,
                    "for_s": for_s,
                    "max_gap_s": max_gap_s,
                    "hysteresis": hysteresis,
                    "n_of_m": n_of_m,
                    "active_hours": active_hours,
                    "cooldown_s": cooldown_s,
                    "auto_clear_s": auto_clear_s,
                    "backfill": backfill,
                    "from": from_,
                    "to": to,
                    "range": range,
                }
            ),
            timeout_s=request_timeout,
        )
        answer: schemas.AlertPreviewed = self._call(request)
        return answer

    def snooze(
        self,
        alert_id: str,
        *,
        until: str | datetime | Unset | None = UNSET,
        for_s: int | Unset | None = UNSET,
        note: str | Unset = UNSET,
        device_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Snooze:
        """Snooze an alert.

        Until then it is evaluated and its events are recorded, but it notifies no one and executes no actions. Events
        that are still raised and not acknowledged at the end are notified then. With `device_id` it is snoozed on this
        device only.

        Requires the scope `alerts:write`.

        `alert_id`: The id of an alert (`alert_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/alerts/{quoted(alert_id)}/snooze",
            body=present({"until": until, "for_s": for_s, "note": note, "device_id": device_id}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Snooze = self._call(request)
        return answer

    def test(
        self,
        alert_id: str,
        *,
        device_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.AlertTested:
        """Test the actions of an alert.

        They are executed shortly afterwards and are marked as a test. No alert is raised.

        Requires the scope `alerts:write`.

        `alert_id`: The id of an alert (`alert_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/alerts/{quoted(alert_id)}/test",
            body=present({"device_id": device_id}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.AlertTested = self._call(request)
        return answer

    def update(
        self,
        alert_id: str,
        *,
        name: str | Unset = UNSET,
        target: schemas.Target | Unset = UNSET,
        condition: schemas.AlertCondition | Unset = UNSET,
        description: str | Unset = UNSET,
        severity: Literal["critical", "high", "info", "low", "medium", "warning"] | Unset = UNSET,
        enabled: bool | Unset = UNSET,
        for_s: int | Unset = UNSET,
        max_gap_s: int | Unset | None = UNSET,
        hysteresis: float | Unset = UNSET,
        n_of_m: schemas.NOfM | Unset | None = UNSET,
        active_hours: schemas.ActiveHours | Unset | None = UNSET,
        cooldown_s: int | Unset = UNSET,
        auto_clear_s: int | Unset | None = UNSET,
        actions: Sequence[schemas.AlertAction] | Unset = UNSET,
        escalation: Sequence[schemas.EscalationStep] | Unset = UNSET,
        backfill: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Alert:
        """Change, enable or disable an alert.

        Omitted fields are unchanged. A change of the target or the condition clears the open alert events and restarts
        the evaluation.

        Requires the scope `alerts:write`.

        `alert_id`: The id of an alert (`alert_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/alerts/{quoted(alert_id)}",
            body=present(
                {
                    "name": name,
                    "target": target,
                    "condition": condition,
                    "description": description,
                    "severity": severity,
                    "enabled": enabled,
                    "for_s": for_s,
                    "max_gap_s": max_gap_s,
                    "hysteresis": hysteresis,
                    "n_of_m": n_of_m,
                    "active_hours": active_hours,
                    "cooldown_s": cooldown_s,
                    "auto_clear_s": auto_clear_s,
                    "actions": actions,
                    "escalation": escalation,
                    "backfill": backfill,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Alert = self._call(request)
        return answer


class AsyncAlerts(AsyncResource):
    """As `Alerts`, for an event loop."""

    async def create(
        self,
        *,
        name: str,
        target: schemas.Target,
        condition: schemas.AlertCondition,
        description: str | Unset = UNSET,
        severity: Literal["critical", "high", "info", "low", "medium", "warning"] | Unset = UNSET,
        enabled: bool | Unset = UNSET,
        for_s: int | Unset = UNSET,
        max_gap_s: int | Unset | None = UNSET,
        hysteresis: float | Unset = UNSET,
        n_of_m: schemas.NOfM | Unset | None = UNSET,
        active_hours: schemas.ActiveHours | Unset | None = UNSET,
        cooldown_s: int | Unset = UNSET,
        auto_clear_s: int | Unset | None = UNSET,
        actions: Sequence[schemas.AlertAction] | Unset = UNSET,
        escalation: Sequence[schemas.EscalationStep] | Unset = UNSET,
        backfill: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Alert:
        """Create an alert.

        As `Alerts.create`.
        """
        request = Request(
            "POST",
            "/api/v2/alerts",
            body=present(
                {
                    "name": name,
                    "target": target,
                    "condition": condition,
                    "description": description,
                    "severity": severity,
                    "enabled": enabled,
                    "for_s": for_s,
                    "max_gap_s": max_gap_s,
                    "hysteresis": hysteresis,
                    "n_of_m": n_of_m,
                    "active_hours": active_hours,
                    "cooldown_s": cooldown_s,
                    "auto_clear_s": auto_clear_s,
                    "actions": actions,
                    "escalation": escalation,
                    "backfill": backfill,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Alert = await self._call(request)
        return answer

    async def delete(self, alert_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete an alert.

        As `Alerts.delete`.
        """
        request = Request("DELETE", f"/api/v2/alerts/{quoted(alert_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def end_snooze(self, alert_id: str, *, device_id: str | None = None, request_timeout: float | None = None) -> None:
        """End the snooze of an alert.

        As `Alerts.end_snooze`.
        """
        request = Request(
            "DELETE", f"/api/v2/alerts/{quoted(alert_id)}/snooze", query={"device_id": device_id}, timeout_s=request_timeout
        )
        await self._call(request)

    async def get(self, alert_id: str, *, request_timeout: float | None = None) -> schemas.Alert:
        """Get an alert.

        As `Alerts.get`.
        """
        request = Request("GET", f"/api/v2/alerts/{quoted(alert_id)}", timeout_s=request_timeout)
        answer: schemas.Alert = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        status: Literal["active", "disabled", "enabled"] | None = None,
        severity: Literal["critical", "high", "info", "low", "medium", "warning"] | None = None,
        device_id: str | None = None,
        project_id: str | None = None,
        text: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Alert]:
        """List alerts.

        As `Alerts.list`.
        """
        request = Request(
            "GET",
            "/api/v2/alerts",
            query={
                "limit": limit,
                "cursor": cursor,
                "q": q,
                "sort": sort,
                "status": status,
                "severity": severity,
                "device_id": device_id,
                "project_id": project_id,
                "text": text,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_events(
        self,
        alert_id: str,
        *,
        state: Literal["acknowledged", "cleared", "open", "raised"] | None = None,
        device_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.AlertEvent]:
        """List the events of an alert.

        As `Alerts.list_events`.
        """
        request = Request(
            "GET",
            f"/api/v2/alerts/{quoted(alert_id)}/history",
            query={"state": state, "device_id": device_id, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def preview(
        self,
        *,
        device_id: str,
        condition: schemas.AlertCondition,
        for_s: int | Unset = UNSET,
        max_gap_s: int | Unset | None = UNSET,
        hysteresis: float | Unset = UNSET,
        n_of_m: schemas.NOfM | Unset | None = UNSET,
        active_hours: schemas.ActiveHours | Unset | None = UNSET,
        cooldown_s: int | Unset = UNSET,
        auto_clear_s: int | Unset | None = UNSET,
        backfill: bool | Unset = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        to: str | datetime | Unset | None = UNSET,
        range: str | Unset | None = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.AlertPreviewed:
        """Preview an alert.

        As `Alerts.preview`.
        """
        request = Request(
            "POST",
            "/api/v2/alerts/preview",
            body=present(
                {
                    "device_id": device_id,
                    "condition": condition,
                    "for_s": for_s,
                    "max_gap_s": max_gap_s,
                    "hysteresis": hysteresis,
                    "n_of_m": n_of_m,
                    "active_hours": active_hours,
                    "cooldown_s": cooldown_s,
                    "auto_clear_s": auto_clear_s,
                    "backfill": backfill,
                    "from": from_,
                    "to": to,
                    "range": range,
                }
            ),
            timeout_s=request_timeout,
        )
        answer: schemas.AlertPreviewed = await self._call(request)
        return answer

    async def snooze(
        self,
        alert_id: str,
        *,
        until: str | datetime | Unset | None = UNSET,
        for_s: int | Unset | None = UNSET,
        note: str | Unset = UNSET,
        device_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Snooze:
        """Snooze an alert.

        As `Alerts.snooze`.
        """
        request = Request(
            "POST",
            f"/api/v2/alerts/{quoted(alert_id)}/snooze",
            body=present({"until": until, "for_s": for_s, "note": note, "device_id": device_id}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Snooze = await self._call(request)
        return answer

    async def test(
        self,
        alert_id: str,
        *,
        device_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.AlertTested:
        """Test the actions of an alert.

        As `Alerts.test`.
        """
        request = Request(
            "POST",
            f"/api/v2/alerts/{quoted(alert_id)}/test",
            body=present({"device_id": device_id}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.AlertTested = await self._call(request)
        return answer

    async def update(
        self,
        alert_id: str,
        *,
        name: str | Unset = UNSET,
        target: schemas.Target | Unset = UNSET,
        condition: schemas.AlertCondition | Unset = UNSET,
        description: str | Unset = UNSET,
        severity: Literal["critical", "high", "info", "low", "medium", "warning"] | Unset = UNSET,
        enabled: bool | Unset = UNSET,
        for_s: int | Unset = UNSET,
        max_gap_s: int | Unset | None = UNSET,
        hysteresis: float | Unset = UNSET,
        n_of_m: schemas.NOfM | Unset | None = UNSET,
        active_hours: schemas.ActiveHours | Unset | None = UNSET,
        cooldown_s: int | Unset = UNSET,
        auto_clear_s: int | Unset | None = UNSET,
        actions: Sequence[schemas.AlertAction] | Unset = UNSET,
        escalation: Sequence[schemas.EscalationStep] | Unset = UNSET,
        backfill: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Alert:
        """Change, enable or disable an alert.

        As `Alerts.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/alerts/{quoted(alert_id)}",
            body=present(
                {
                    "name": name,
                    "target": target,
                    "condition": condition,
                    "description": description,
                    "severity": severity,
                    "enabled": enabled,
                    "for_s": for_s,
                    "max_gap_s": max_gap_s,
                    "hysteresis": hysteresis,
                    "n_of_m": n_of_m,
                    "active_hours": active_hours,
                    "cooldown_s": cooldown_s,
                    "auto_clear_s": auto_clear_s,
                    "actions": actions,
                    "escalation": escalation,
                    "backfill": backfill,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Alert = await self._call(request)
        return answer
