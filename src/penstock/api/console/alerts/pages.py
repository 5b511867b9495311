"""The pages of alerts: what is raised now, and what is done about it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from penstock.api.console.alerts.forms import SEVERITIES
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.moments import around
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

HOME = "/console/alerts"
ALERTS, ALERT = "/api/v2/alerts", "/api/v2/alerts/{alert_id}"
EVENTS, BULK = "/api/v2/alert-events", "/api/v2/alert-events/bulk"
FILTERS = ("severity", "device_id", "project_id", "alert_id", "cursor", "limit")
SNOOZES = {"snooze-1h": 3_600, "snooze-8h": 28_800, "snooze-1d": 86_400, "snooze-7d": 604_800}
"""The lengths that are offered, in seconds."""
MAX_NAMED = 20
"""How many devices of an alert are shown by name."""
_DONE = {"acknowledge": "acknowledged", "clear": "cleared", "snooze": "snoozed"}


class AlertPages:
    """Open alert events, the list of alerts, and one alert with its history."""

    pages = Pages("/alerts", nav="alerts")

    @pages.get()
    async def show_open(self, visit: Visit) -> Page:
        """List the alert events that are open."""
        state = visit.query.get("state") if visit.query.get("state") in ("raised", "acknowledged") else "open"
        query = {name: visit.query.get(name) for name in FILTERS} | {"state": state}
        found, summary, any_alert = await asyncio.gather(
            visit.get(EVENTS, query=query),
            visit.find(f"{EVENTS}/summary"),
            visit.get(ALERTS, query={"limit": "1"}),
        )
        return Page(
            "alerts/open.html",
            title="Alerts",
            events=found,
            summary=summary or {},
            has_alerts=bool(any_alert["data"]),
            severities=SEVERITIES,
        )

    @pages.get("/definitions")
    async def show_list(self, visit: Visit) -> Page:
        """List the alerts."""
        query = {
            name: visit.query.get(name) for name in ("q", "status", "severity", "device_id", "text", "sort", "cursor", "limit")
        }
        found = await visit.get(ALERTS, query=query)
        return Page("alerts/list.html", title="Alerts", alerts=found, severities=SEVERITIES)

    @pages.post("/events")
    async def act(self, visit: Visit) -> Redirect:
        """Acknowledge, clear or snooze the events that are selected."""
        back = _back(visit)
        action = visit.form.value("action")
        ids = visit.form.all("ids")
        if not ids:
            return visit.done(back)
        body: dict[str, Any] = {"action": action.partition("-")[0], "event_ids": ids} | visit.form.body("note")
        if action in SNOOZES:
            body["for_s"] = SNOOZES[action]
        try:
            done = await visit.do("POST", BULK, body=body)
        except ApiFailed as error:
            return visit.refused(back, error)
        return visit.done(back, _summary(done, _DONE.get(body["action"], "done")))

    @pages.post("/definitions")
    async def act_on_many(self, visit: Visit) -> Redirect:
        """Enable, disable or delete the alerts that are selected."""
        action, ids = visit.form.value("action"), visit.form.all("ids")
        calls = [_change(visit, alert_id, action) for alert_id in ids]
        answers = [await call for call in calls]
        failed = [answer for answer in answers if not answer.ok]
        location = f"{HOME}/definitions"
        if failed:
            return visit.refused(location, ApiFailed(failed[0].status, failed[0].value))
        return visit.done(location, f"{len(ids)} {'alert' if len(ids) == 1 else 'alerts'} {action}d")

    @pages.get("/{alert_id}")
    async def show(self, visit: Visit) -> Page:
        """Show an alert with its history."""
        query = {name: visit.query.get(name) for name in ("state", "device_id", "cursor", "limit")}
        alert, history, open_ = await asyncio.gather(
            visit.get(ALERT, path=visit.params),
            visit.get(f"{ALERT}/history", path=visit.params, query=query),
            visit.get(f"{ALERT}/history", path=visit.params, query={"state": "open", "limit": "100"}),
        )
        devices = await _names(visit, (alert["target"].get("devices") or [])[:MAX_NAMED])
        return Page(
            "alerts/show.html",
            title=alert["name"],
            alert=alert,
            history=history,
            open_events=open_["data"],
            devices=devices,
        )

    @pages.get("/events/{event_id}")
    async def show_event(self, visit: Visit) -> Page:
        """Show an alert event, from its raising to its end."""
        event = await visit.get(f"{EVENTS}/{{event_id}}", path=visit.params)
        alert = await visit.find(ALERT, path={"alert_id": event["alert_id"]})
        begin, end = around(event["raised_at"], event["cleared_at"])
        return Page("alerts/event.html", title=event["name"], event=event, alert=alert, steps=_steps(event), begin=begin, end=end)

    @pages.post("/{alert_id}/snooze")
    async def snooze(self, visit: Visit) -> Redirect:
        """Snooze an alert, on every device or on one."""
        for_s = SNOOZES.get(f"snooze-{visit.form.value('for')}")
        body = visit.form.body("note", "device_id", "until", for_s=None if visit.form.value("until") else for_s)
        return await _do(visit, "POST", f"{ALERT}/snooze", "Alert snoozed", body)

    @pages.post("/{alert_id}/wake")
    async def wake(self, visit: Visit) -> Redirect:
        """End the snooze of an alert."""
        return await _do(visit, "DELETE", f"{ALERT}/snooze", "Snooze ended")

    @pages.post("/{alert_id}/enable")
    async def enable(self, visit: Visit) -> Redirect:
        """Enable an alert, or disable it."""
        enabled = visit.form.flag("enabled")
        return await _do(visit, "PATCH", ALERT, "Alert enabled" if enabled else "Alert disabled", {"enabled": enabled})

    @pages.post("/{alert_id}/test")
    async def test(self, visit: Visit) -> Redirect:
        """Execute the actions of an alert as a test."""
        return await _do(visit, "POST", f"{ALERT}/test", "The actions are executed as a test", visit.form.body("device_id"))

    @pages.post("/{alert_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete an alert."""
        return await _do(visit, "DELETE", ALERT, "Alert deleted", to=f"{HOME}/definitions")


async def _do(visit: Visit, method: str, template: str, text: str, body: Any = None, to: str = "") -> Redirect:
    location = f"{HOME}/{visit.params['alert_id']}"
    try:
        await visit.do(method, template, path=visit.params, body=body)
    except ApiFailed as error:
        return visit.refused(location, error)
    return visit.done(to or location, text)


async def _change(visit: Visit, alert_id: str, action: str) -> Any:
    path = {"alert_id": alert_id}
    if action == "delete":
        return await visit.send("DELETE", ALERT, path=path)
    return await visit.send("PATCH", ALERT, path=path, body={"enabled": action == "enable"})


async def _names(visit: Visit, device_ids: Sequence[str]) -> list[dict[str, str]]:
    """Devices with their names. Shape: [{id, name}]."""
    found = await asyncio.gather(*(visit.find("/api/v2/devices/{device_id}", path={"device_id": one}) for one in device_ids))
    return [{"id": one, "name": device["name"] if device else one} for one, device in zip(device_ids, found, strict=True)]


def _back(visit: Visit) -> str:
    """Where an action was started: a page of alerts or events, never another site."""
    target = visit.form.value("back")
    return target if target.startswith((f"{HOME}/", f"{HOME}?", "/console/events")) else HOME


def _summary(done: dict[str, Any], word: str) -> str:
    text = f"{done['done']} {'event' if done['done'] == 1 else 'events'} {word}"
    if not done["failed"]:
        return text
    why = next(one["detail"] for one in done["data"] if not one["done"])
    return f"{text}, {done['failed']} not: {why}"


def _steps(event: dict[str, Any]) -> list[dict[str, Any]]:
    """What happened to an event, for the time line: newest first."""
    found: list[dict[str, Any]] = [{"time": event["raised_at"], "title": "Raised", "tone": "bad", "icon": "bell-ring"}]
    if event["value"] is not None:
        found[0]["text"] = f"with {event['value']}"
    found += [{"time": one, "title": "Escalated", "tone": "warn", "icon": "trending-up"} for one in event["escalated_at"]]
    if event["acknowledged_at"]:
        acknowledged = {"time": event["acknowledged_at"], "title": "Acknowledged", "tone": "warn", "icon": "check"}
        found.append(acknowledged | {"text": event["note"] or "", "actor": event["acknowledged_by"]})
    if event["cleared_at"]:
        why = {"condition": "the condition no longer holds", "quiet": "it was not seen to hold", "manual": "manually"}
        text = why.get(event["clear_reason"], str(event["clear_reason"]).replace("_", " "))
        found.append({"time": event["cleared_at"], "title": "Cleared", "tone": "good", "icon": "circle-check", "text": text})
    return found[::-1]
