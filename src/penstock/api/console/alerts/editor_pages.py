"""The editor of alerts, which shows over the recent history of a device when the alert would have been raised."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from penstock.api.console.alerts.forms import (
    ACTION_KINDS,
    ACTIONS,
    CONDITION,
    CONDITIONS,
    DAYS,
    ESCALATION,
    OPERATORS,
    PAIRED,
    SEVERITIES,
    STEP_KINDS,
    TARGET,
    TARGETS,
    api_names,
    body_of,
    definition_of,
    form_of,
    patch_of,
    rearranged,
    target_of,
    words,
)
from penstock.api.console.alerts.pages import ALERT, ALERTS, HOME
from penstock.api.console.shared.formats import moment
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.steps import shown
from penstock.api.console.shared.visit import Visit
from penstock.kit.errors import InvalidInput
from penstock.kit.http import problem
from penstock.kit.request_id import request_id_of

DEVICES, DEVICE = "/api/v2/devices", "/api/v2/devices/{device_id}"
LATEST_SEEN = {"sort": "-last_seen_at", "limit": "1"}
"""The device that reported last: its sensors are offered, if no device is named."""
RANGES = ("24h", "7d", "30d")
POINTS = "600"
_VALUE = re.compile(r"reading\.values\.(\w+(?:\.\w+)*)")
_START = {"severity": "warning", "enabled": True, "condition": {"type": "threshold", "operator": ">"}}


class AlertEditorPages:
    """Create and change alerts."""

    pages = Pages("/alerts", nav="alerts")

    @pages.get("/new")
    async def new(self, visit: Visit) -> Page:
        """Show the editor with a new alert; of a device and a sensor, if the query names them."""
        device, field = visit.query.get("device_id"), visit.query.get("field", "")
        start = _START | {"condition": {"type": "threshold", "operator": ">", "field": field}}
        return await _editor(visit, form_of(start | ({"target": {"devices": [device]}} if device else {})), None)

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create an alert, or change the form."""
        form = rearranged(visit.form)
        if form is not None or visit.form.value("do") == "reshape":
            return await _editor(visit, form or visit.form, None)
        try:
            body = body_of(visit.form)
        except InvalidInput as error:
            return await _refused(visit, dict(problem(error, request_id_of(visit.scope))), 400, None)
        answer = await visit.send("POST", ALERTS, body=body)
        if not answer.ok:
            return await _refused(visit, answer.value, answer.status, None)
        return visit.done(f"{HOME}/{answer.value['id']}", "Alert created")

    @pages.post("/preview")
    async def preview(self, visit: Visit) -> Page:
        """Show when the alert in the form would have been raised for a device."""
        form = visit.form
        span = form.value("preview.range") if form.value("preview.range") in RANGES else RANGES[0]
        device_id = form.value("preview.device") or next(iter(target_of(form).get("devices", [])), "")
        if not device_id:
            return Page("alerts/preview.html", device_id="", found=None, chart=None, span=span, spans=RANGES)
        try:
            definition = definition_of(form)
        except InvalidInput as error:
            document = dict(problem(error, request_id_of(visit.scope)))
            return Page("alerts/preview.html", device_id=device_id, found=None, refused=document, span=span, chart=None)
        field = _field_of(definition[CONDITION])
        answer, series, device = await asyncio.gather(
            visit.send("POST", f"{ALERTS}/preview", body=definition | {"device_id": device_id, "range": span}),
            _series(visit, device_id, field, span),
            visit.find(DEVICE, path={"device_id": device_id}),
        )
        found = answer.value if answer.ok else None
        return Page(
            "alerts/preview.html",
            device_id=device_id,
            device=device,
            found=found,
            refused=None if answer.ok else answer.value,
            span=span,
            field=field,
            chart=_chart(series, found) if series else None,
            marks=_marks(found) if found else [],
            thresholds=_thresholds(definition),
            incomplete=_incomplete(definition[CONDITION]),
        )

    @pages.get("/{alert_id}/edit")
    async def edit(self, visit: Visit) -> Page:
        """Show the editor of an alert."""
        alert = await visit.get(ALERT, path=visit.params)
        return await _editor(visit, form_of(alert), alert)

    @pages.post("/{alert_id}/edit")
    async def save(self, visit: Visit) -> Page | Redirect:
        """Change an alert, or the form."""
        alert = await visit.get(ALERT, path=visit.params)
        form = rearranged(visit.form)
        if form is not None or visit.form.value("do") == "reshape":
            return await _editor(visit, form or visit.form, alert)
        try:
            body = patch_of(visit.form, by_rule=_by_rule(alert))
        except InvalidInput as error:
            return await _refused(visit, dict(problem(error, request_id_of(visit.scope))), 400, alert)
        # A change of the condition clears open events, so fields that are as before are not sent.
        changes = {name: value for name, value in body.items() if value != _kept(alert, name)}
        answer = await visit.send("PATCH", ALERT, path=visit.params, body=changes)
        if not answer.ok:
            return await _refused(visit, answer.value, answer.status, alert)
        return visit.done(f"{HOME}/{alert['id']}", "Alert saved")


async def _refused(visit: Visit, document: dict[str, Any], status: int, alert: dict[str, Any] | None) -> Page:
    return await _editor(visit, visit.form.failed(document, api_names(visit.form)), alert, status)


async def _editor(visit: Visit, form: Form, alert: dict[str, Any] | None, status: int = 200) -> Page:
    devices, projects, channels, commands = await asyncio.gather(
        visit.find(DEVICES, query=LATEST_SEEN),
        visit.find("/api/v2/projects"),
        visit.find("/api/v2/notification-channels"),
        visit.find("/api/v2/commands"),
    )
    named = words(form.value(f"{TARGET}.devices"))
    seen = [one["id"] for one in (devices or {}).get("data", []) if one.get("last_seen_at")]
    sample = form.value("preview.device") or (named or seen or [""])[0]
    sensors = await visit.find(f"{DEVICE}/sensors", path={"device_id": sample}) if sample else None
    kind = form.value(f"{CONDITION}.type", "threshold")
    return Page(
        "alerts/edit.html",
        title=alert["name"] if alert else "New alert",
        status=status,
        alert=alert,
        by_rule=alert is not None and _by_rule(alert),
        form=form,
        condition=CONDITIONS.get(kind) or CONDITIONS["threshold"],
        condition_options=[[one.kind, one.label] for one in CONDITIONS.values()],
        target=form.value(f"{TARGET}.kind", "devices"),
        target_options=TARGETS,
        operators=OPERATORS,
        paired=form.value(f"{CONDITION}.operator") in PAIRED,
        severities=SEVERITIES,
        days=DAYS,
        actions=shown(form, ACTIONS, ACTION_KINDS),
        action_kinds={name: one for name, one in ACTION_KINDS.items() if not one.scope or visit.can(one.scope)},
        steps_=shown(form, ESCALATION, STEP_KINDS),
        step_kinds={name: one for name, one in STEP_KINDS.items() if not one.scope or visit.can(one.scope)},
        project_options=[[one["id"], one["name"]] for one in (projects or {}).get("data", [])],
        channels=[one["name"] for one in (channels or {}).get("data", [])],
        commands=[[one["id"], one["name"]] for one in (commands or {}).get("data", [])],
        sensors=(sensors or {}).get("data", []),
        words=_words((sensors or {}).get("data", [])),
        sample=sample,
        ranges=RANGES,
    )


def _incomplete(condition: dict[str, Any]) -> bool:
    """Whether something of a condition was not typed yet."""
    values = [one for value in condition.values() for one in (value if isinstance(value, list) else [value])]
    return any(one is None or one == "" for one in values)


def _words(sensors: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What the editor of an expression completes. Shape: [{label, type, detail}]."""
    names = [(f"reading.values.{one['key']}", one["unit"] or one["value_type"]) for one in sensors]
    names += [(name, "") for name in ("reading.time", "device.id", "device.name", "device.type", "device.labels")]
    return [{"label": name, "type": "variable", "detail": detail} for name, detail in names]


async def _series(visit: Visit, device_id: str, field: str, span: str) -> list[list[Any]]:
    """The values of a sensor. Shape: [[seconds since the epoch, value]]."""
    if not field:
        return []
    query = {"field": field, "points": POINTS, "range": span}
    found = await visit.send("GET", f"{DEVICE}/telemetry/thin", path={"device_id": device_id}, query=query)
    rows = found.value["data"] if found.ok else []
    return [[at.timestamp(), row["value"]] for row in rows if (at := moment(row["time"]))]


def _chart(points: list[list[Any]], found: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The values as one line, and those while the alert would be raised as another one over it."""
    spans = (
        [(_seconds(one["raised_at"]), _seconds(one["cleared_at"] or found["evaluated_to"])) for one in found["times"]]
        if found
        else []
    )
    raised = [[at, value if any(start <= at <= end for start, end in spans) else None] for at, value in points]
    return [{"label": "value", "points": points}, {"label": "would be raised", "points": raised, "color": "--bad"}]


def _marks(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Where on a line of 1,000 units the alert would be raised. Shape: [{x, width, raised_at, cleared_at}]."""
    start, end = _seconds(found["from"]), _seconds(found["to"])
    scale = 1_000 / max(end - start, 1)
    rows = []
    for one in found["times"]:
        left = (_seconds(one["raised_at"]) - start) * scale
        right = (_seconds(one["cleared_at"] or found["evaluated_to"]) - start) * scale
        rows.append(one | {"x": round(left, 1), "width": round(max(right - left, 2), 1)})
    return rows


def _thresholds(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """The bounds of a condition, and where hysteresis clears it, as lines of the chart."""
    condition = definition[CONDITION]
    if condition["type"] != "threshold":
        return []
    bounds = condition["value"] if isinstance(condition["value"], list) else [condition["value"]]
    numbers = [one for one in bounds if isinstance(one, (int, float)) and not isinstance(one, bool)]
    lines = [{"value": one, "label": "raised", "tone": "bad"} for one in numbers]
    slack, operator = definition.get("hysteresis"), condition["operator"]
    if isinstance(slack, (int, float)) and slack and len(numbers) == 1 and operator not in ("==", "!="):
        back = numbers[0] - slack if operator in (">", ">=") else numbers[0] + slack
        lines.append({"value": back, "label": "cleared", "tone": "good"})
    return lines


def _field_of(condition: dict[str, Any]) -> str:
    """The sensor whose values are worth drawing; empty if there is none."""
    if condition["type"] == "rate":
        return str(condition.get("field", ""))
    found = _VALUE.search(condition.get("expression", ""))
    return found[1] if found else str(condition.get("field", ""))


def _kept(alert: dict[str, Any], name: str) -> Any:
    """A field of an alert as the form would send it."""
    kept = alert[name]
    if name == TARGET:
        return {key: value for key, value in kept.items() if value}
    if name in (ACTIONS, ESCALATION) and not kept:
        return []
    return kept


def _by_rule(alert: dict[str, Any]) -> bool:
    return bool(alert[CONDITION]["type"] == "rule")


def _seconds(text: str) -> float:
    found = moment(text)
    return found.timestamp() if found else 0.0
