"""The pages of rules: the list, and the editor."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.rules.forms import (
    ACTION_KINDS,
    ACTIONS,
    DOCUMENT,
    STARTS,
    TRIGGER,
    TRIGGERS,
    WINDOW,
    WINDOWS,
    definition_of,
    form_of,
    rearranged,
)
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.formats import pretty
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.steps import shown
from penstock.api.console.shared.visit import Visit
from penstock.kit.errors import InvalidInput
from penstock.kit.http import problem
from penstock.kit.request_id import request_id_of

RULES, RULE = "/api/v2/rules", "/api/v2/rules/{rule_id}"
HOME = "/console/rules"
RECENT_RUNS = "200"
LATEST_SEEN = {"sort": "-last_seen_at", "limit": "1"}
"""The device that reported last: its sensors are offered, if no device is named."""
_OF_DEVICE = ("device.id", "device.name", "device.type", "device.labels")
_ALWAYS = ("now", "rule.id", "rule.name", "rule.version")
NAMES: dict[str, tuple[str, ...]] = {
    "reading": ("reading.values", "reading.time", "reading.received", "reading.kind", "reading.derived", *_OF_DEVICE, *_ALWAYS),
    "connectivity": ("event.state", "event.reason", "event.time", *_OF_DEVICE, *_ALWAYS),
    "schedule": ("event.time", *_OF_DEVICE, *_ALWAYS),
    "event": ("event.topic", "event.time", "event.body", *_OF_DEVICE, *_ALWAYS),
    "hook": ("hook.body", *_ALWAYS),
}
"""The variables of conditions and texts, by the type of the trigger."""
FUNCTIONS = (
    *("has", "size", "all", "exists", "filter", "map", "contains", "startsWith", "endsWith", "matches", "lowerAscii", "split"),
    *("math.abs", "math.greatest", "math.least", "math.round", "math.floor", "math.ceil", "math.sqrt"),
    *("timestamp", "duration", "getHours", "getDayOfWeek", "int", "double", "string"),
)
"""The functions that the editor completes."""


class RulePages:
    """The list of rules, those in the trash, and the editor of one."""

    pages = Pages("/rules", nav="rules")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """List the rules with their last runs."""
        trashed = visit.query.get("trashed") == "true"
        query = visit.asked("q", "sort", "cursor", "limit") | {"trashed": "true" if trashed else None}
        found, runs = await asyncio.gather(
            visit.get(RULES, query=query), visit.find("/api/v2/rule-executions", query={"limit": RECENT_RUNS})
        )
        last: dict[str, Any] = {}
        for run in (runs or {}).get("data", ()):
            last.setdefault(run["rule_id"], run)
        return Page("rules/list.html", title="Rules", rules=found, last=last, trashed=trashed, starts=STARTS)

    @pages.get("/new")
    async def new(self, visit: Visit) -> Page:
        """Show the editor with an empty rule, or one to begin with."""
        start = STARTS.get(visit.query.get("start", ""))
        definition = start["definition"] if start else {"trigger": {"type": "reading"}}
        form = form_of({"name": start["name"] if start else ""}, definition)
        return await _editor(visit, form, None)

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Save a new rule, or change the form."""
        changed = await _changed(visit, None)
        if changed is not None:
            return changed
        try:
            body = visit.form.body("name", "description", "note", definition=definition_of(visit.form))
        except InvalidInput as error:
            return await _refused(visit, dict(problem(error, request_id_of(visit.scope))), 400, None)
        answer = await visit.send("POST", RULES, body=body)
        if not answer.ok:
            return await _refused(visit, answer.value, answer.status, None)
        return await _saved(visit, answer.value)

    @pages.post("/import")
    async def import_one(self, visit: Visit) -> Page | Redirect:
        """Create a rule from an exported document."""
        try:
            body = visit.form.json("document")
        except InvalidInput as error:
            return await _refused(visit, dict(problem(error, request_id_of(visit.scope))), 400, None)
        answer = await visit.send("POST", f"{RULES}/import", body=body)
        if not answer.ok:
            return await _refused(visit, answer.value, answer.status, None)
        return visit.done(f"{HOME}/{answer.value['id']}", "Rule imported")

    @pages.post("/check")
    async def check(self, visit: Visit) -> Page:
        """Say what is wrong with a condition while it is typed, or what it evaluates to."""
        form = visit.form
        condition, kind = form.value(f"{DOCUMENT}.condition").strip(), form.value(f"{TRIGGER}.type")
        if not condition:
            return Page("rules/check.html", checked=None, condition="")
        sample = form.value("sample") if kind == "reading" else ""
        reading = await visit.find("/api/v2/devices/{device_id}/telemetry/latest", path={"device_id": sample}) if sample else None
        latest = (reading or {}).get("data")
        body: dict[str, Any] = {"use": "rule", "expression": condition, "trigger": kind, "variables": {}}
        names = [row["prefix"] for row in shown(form, WINDOWS, WINDOW)]
        windows = {form.value(f"{one}.name"): _number(latest, form.value(f"{one}.sensor")) for one in names}
        if windows:
            body["variables"]["window"] = windows
        topics = [one.strip() for one in form.value(f"{TRIGGER}.topics").split(",") if one.strip()]
        body |= {"topics": topics} if topics and kind == "event" else {}
        body |= {"device_id": sample} if latest else {}
        answer = await visit.send("POST", "/api/v2/expressions/preview", body=body)
        return Page("rules/check.html", checked=answer.value, ok=answer.ok, condition=condition, latest=latest, windows=windows)

    @pages.get("/{rule_id}")
    async def show(self, visit: Visit) -> Page:
        """Show the editor with the newest version of a rule."""
        rule = await visit.get(RULE, path=visit.params)
        return await _editor(visit, form_of(rule, rule["newest"]["definition"]), rule)

    @pages.post("/{rule_id}")
    async def save(self, visit: Visit) -> Page | Redirect:
        """Save a new version of a rule, or change the form."""
        rule = await visit.get(RULE, path=visit.params)
        changed = await _changed(visit, rule)
        if changed is not None:
            return changed
        try:
            body = visit.form.body("name", "note", definition=definition_of(visit.form))
        except InvalidInput as error:
            return await _refused(visit, dict(problem(error, request_id_of(visit.scope))), 400, rule)
        answer = await visit.send("PATCH", RULE, path=visit.params, body=body | {"description": visit.form.value("description")})
        if not answer.ok:
            return await _refused(visit, answer.value, answer.status, rule)
        return await _saved(visit, answer.value)

    @pages.post("/{rule_id}/stop")
    async def stop(self, visit: Visit) -> Redirect:
        """Stop a rule."""
        return await _act(visit, "POST", f"{RULE}/stop", "Rule stopped", {"reason": visit.form.value("reason")})

    @pages.post("/{rule_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Move a rule to the trash."""
        return await _act(visit, "DELETE", RULE, "Rule moved to the trash", to=HOME)

    @pages.post("/{rule_id}/recover")
    async def recover(self, visit: Visit) -> Redirect:
        """Recover a rule from the trash."""
        return await _act(visit, "POST", f"{RULE}/recover", "Rule recovered. Deploy a version to run it.")

    @pages.post("/{rule_id}/hook")
    async def hook(self, visit: Visit) -> Page | Redirect:
        """Create the hook of a rule, or renew its secret, and show it once."""
        rule = await visit.get(RULE, path=visit.params)
        answer = await visit.send("POST", f"{RULE}/hook", path=visit.params)
        if not answer.ok:
            return visit.refused(f"{HOME}/{visit.params['rule_id']}", ApiFailed(answer.status, answer.value))
        return Page("rules/hook.html", title="Hook", rule=rule, hook=answer.value)


async def _act(visit: Visit, method: str, template: str, text: str, body: dict[str, Any] | None = None, to: str = "") -> Redirect:
    location = f"{HOME}/{visit.params['rule_id']}"
    try:
        await visit.do(method, template, path=visit.params, body=body)
    except ApiFailed as error:
        return visit.refused(location, error)
    return visit.done(to or location, text)


async def _saved(visit: Visit, rule: dict[str, Any]) -> Redirect:
    """Go to a rule that was saved, after deploying it if its author wanted so."""
    location, number = f"{HOME}/{rule['id']}", rule["newest"]["number"]
    if visit.form.value("do") != "deploy":
        return visit.done(location, f"Saved as version {number}")
    path = {"rule_id": rule["id"], "version_id": rule["newest"]["id"]}
    try:
        await visit.do("POST", f"{RULE}/versions/{{version_id}}/deploy", path=path)
    except ApiFailed as error:
        return visit.refused(location, error)
    return visit.done(location, f"Version {number} is running")


async def _changed(visit: Visit, rule: dict[str, Any] | None) -> Page | None:
    """The editor after a button that changes the form and saves nothing."""
    form, verb = visit.form, visit.form.value("do")
    moved = rearranged(form)
    if moved is not None:
        return await _editor(visit, moved, rule)
    if verb not in ("reshape", "json", "form"):
        return None
    about = {name: form.value(name) for name in ("name", "description", "note")}
    try:
        definition = definition_of(form)
        if verb == "json":
            form = Form.showing(about | {DOCUMENT: pretty(definition)})
        elif verb == "form":
            form = _fields_of(about, definition)
    except InvalidInput as error:
        form.failed(problem(error, request_id_of(visit.scope)))
    return await _editor(visit, form, rule)


def _fields_of(about: dict[str, str], definition: dict[str, Any]) -> Form:
    """The form of a document that was typed.

    Raises:
        InvalidInput: its form is not that of a document.
    """
    try:
        return form_of(about, definition)
    except (KeyError, TypeError, AttributeError):
        raise InvalidInput.field(DOCUMENT, "must be an object with trigger, condition and actions") from None


async def _refused(visit: Visit, document: dict[str, Any], status: int, rule: dict[str, Any] | None) -> Page:
    return await _editor(visit, visit.form.failed(document), rule, status)


async def _editor(visit: Visit, form: Form, rule: dict[str, Any] | None, status: int = 200) -> Page:
    devices, channels = await asyncio.gather(
        visit.find("/api/v2/devices", query=LATEST_SEEN), visit.find("/api/v2/notification-channels")
    )
    named = [one.strip() for one in form.value(f"{TRIGGER}.device_ids").split(",") if one.strip()]
    seen = [one["id"] for one in (devices or {}).get("data", []) if one.get("last_seen_at")]
    sample = form.value("sample") or (named or seen or [""])[0]
    sensors = await visit.find("/api/v2/devices/{device_id}/sensors", path={"device_id": sample}) if sample else None
    kind = TRIGGERS.get(form.value(f"{TRIGGER}.type", "reading")) or TRIGGERS["reading"]
    rows = shown(form, WINDOWS, WINDOW)
    return Page(
        "rules/edit.html",
        title=rule["name"] if rule else "New rule",
        status=status,
        rule=rule,
        form=form,
        as_json=form.has(DOCUMENT),
        kind=kind,
        trigger_options=[[one.kind, one.label] for one in TRIGGERS.values()],
        windows=rows,
        window_kinds=WINDOW,
        actions=shown(form, ACTIONS, ACTION_KINDS),
        action_kinds={name: one for name, one in ACTION_KINDS.items() if not one.scope or visit.can(one.scope)},
        sensors=(sensors or {}).get("data", []),
        channels=[one["name"] for one in (channels or {}).get("data", [])],
        sample=sample,
        words=_words(kind.kind, (sensors or {}).get("data", []), [form.value(f"{one['prefix']}.name") for one in rows]),
        names=NAMES[kind.kind],
        prefixes={"document": DOCUMENT, "trigger": TRIGGER, "windows": WINDOWS, "actions": ACTIONS},
    )


def _number(latest: dict[str, Any] | None, sensor: str) -> float:
    value = (latest or {}).get("data", {}).get(sensor)
    return float(value) if isinstance(value, (int, float)) else 1.0


def _words(trigger: str, sensors: list[dict[str, Any]], windows: list[str]) -> list[dict[str, str]]:
    """What the editor completes. Shape: [{label, type, detail}]."""
    names = [(f"window.{name}", "window") for name in windows if name]
    prefixes = ("reading.values.", "latest.") if trigger == "reading" else ("latest.",)
    names += [(f"{prefix}{one['key']}", one["unit"] or one["value_type"]) for prefix in prefixes for one in sensors]
    names += [(name, "") for name in NAMES[trigger]]
    found = [{"label": name, "type": "variable", "detail": detail} for name, detail in names]
    return found + [{"label": name, "type": "function", "detail": ""} for name in FUNCTIONS]
