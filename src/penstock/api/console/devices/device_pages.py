"""What one device says: its values now and in the past, its messages, commands, events and alerts."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.devices import forms, view
from penstock.api.console.devices.messages import KINDS, kind_of, messages_of
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import RESIDENT, ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.kit.errors import InvalidInput
from penstock.kit.http import RouteNotFound

DEVICE = "/api/v2/devices/{device_id}"
ALL = {"limit": "1000"}
PAGE_SIZE = "50"
MAX_ROWS = 500
RAW, COUNT = "raw", "count"


class DeviceFacePages:
    """The tabs of a device, except its settings."""

    pages = Pages("/devices", nav="devices")

    @pages.get("/{device_id}")
    async def show_live(self, visit: Visit) -> Page:
        """Show the values as they arrive."""
        device, sensors, latest, day = await asyncio.gather(
            device_of(visit),
            _sensors(visit),
            visit.find(f"{DEVICE}/telemetry/latest", path=visit.params),
            visit.find(
                f"{DEVICE}/telemetry/aggregate",
                path=visit.params,
                query={"range": "24h", "bucket": "30m", "functions": "avg,last"},
            ),
        )
        reading = latest["data"] if latest else None
        found = view.tiles(sensors, reading, day["data"] if day else ())
        texts = [[one["label"], one["value"]] for one in found if view.is_long(one["value"])]
        tiles = [one for one in found if not view.is_long(one["value"])]
        return _face(
            visit,
            "live",
            device,
            tiles=tiles,
            texts=texts,
            reading=reading,
            charts=view.charts(tiles),
            decimals=view.decimals_of(sensors),
            names=view.names_of(sensors),
        )

    @pages.get("/{device_id}/history")
    async def show_history(self, visit: Visit) -> Page:
        """Show the values of a range of time, as they were stored or aggregated."""
        device, sensors = await asyncio.gather(device_of(visit), _sensors(visit))
        known = await self._fields(visit, sensors)
        chosen = [one for one in visit.query.get("fields", "").split(",") if one] or known[:1]
        function = visit.query.get("function") or "avg"
        bucket = visit.query.get("bucket") or view.bucket_for(view.span_s(visit.query))
        span = view.range_of(visit.query)
        asked = span | {"fields": ",".join(chosen)}
        if bucket != RAW:
            asked |= {"bucket": bucket, "functions": function, "timezone": visit.viewer.zone.key}
        rows: list[dict[str, Any]] = []
        if visit.query.get("view") == "table" and chosen:
            rows = await self._rows(visit, asked, chosen, function, bucket)
        return _face(
            visit,
            "history",
            device,
            sensors={sensor["key"]: sensor for sensor in sensors},
            decimals=view.decimals_of(sensors) if function != COUNT else {},
            names=view.names_of(sensors),
            fields=known,
            chosen=chosen,
            function=function,
            bucket=bucket,
            asked=asked,
            span=span,
            rows=rows,
            cut=len(rows) >= MAX_ROWS,
        )

    async def _fields(self, visit: Visit, sensors: list[dict[str, Any]]) -> list[str]:
        """The names of the numeric fields: those of declared sensors, of others, and of the latest reading."""
        declared_first = sorted(sensors, key=lambda sensor: not sensor["declared"])
        named = [sensor["key"] for sensor in declared_first if sensor["value_type"] in ("float", "integer", "boolean")]
        latest = await visit.find(f"{DEVICE}/telemetry/latest", path=visit.params)
        values = view.flat(latest["data"]["data"]) if latest and latest["data"] else {}
        return named + [key for key, value in values.items() if key not in named and isinstance(value, (int, float))]

    async def _rows(
        self, visit: Visit, asked: dict[str, str], chosen: list[str], function: str, bucket: str
    ) -> list[dict[str, Any]]:
        if bucket == RAW:
            found = await visit.get(f"{DEVICE}/telemetry", path=visit.params, query=asked | {"limit": str(MAX_ROWS)})
            return [
                {"start": one["time"]} | {f"{key} {function}": one["data"].get(key) for key in chosen} for one in found["data"]
            ]
        found = await visit.get(f"{DEVICE}/telemetry/aggregate", path=visit.params, query=asked)
        return view.table_of(found["data"], chosen, [function])[:MAX_ROWS]

    @pages.get("/{device_id}/messages")
    async def show_messages(self, visit: Visit) -> Page:
        """Show what was received or sent, of one kind, as it is."""
        kind = kind_of(visit)
        device, found = await asyncio.gather(device_of(visit), messages_of(visit, kind))
        rows, following = found["data"], found["next_cursor"]
        return _face(visit, "messages", device, kind=kind, kinds=KINDS, messages=rows, next_cursor=following)

    @pages.get("/{device_id}/commands")
    async def show_commands(self, visit: Visit) -> Page:
        """Show the commands of the device, and those that were sent."""
        return await self._commands(visit)

    @pages.post("/{device_id}/commands")
    async def create_command(self, visit: Visit) -> Page | Redirect:
        """Create a command for the device."""
        return await self._save(visit, "POST", f"{DEVICE}/commands", "Command created")

    @pages.get("/{device_id}/commands/new")
    async def show_new_command(self, visit: Visit) -> Page:
        """Show the form of a new command."""
        form = Form.showing({"transport": "any", "verification": "acknowledgement", "parameters": "[]"})
        return _face(visit, "commands", await device_of(visit), "command", command={"id": ""}, form=form)

    @pages.get("/{device_id}/commands/{definition_id}")
    async def show_command(self, visit: Visit) -> Page:
        """Show the form of a command."""
        device, command = await asyncio.gather(
            device_of(visit), visit.get(f"{DEVICE}/commands/{{definition_id}}", path=visit.params)
        )
        return _face(visit, "commands", device, "command", command=command, form=_form_of(command))

    @pages.post("/{device_id}/commands/{definition_id}")
    async def change_command(self, visit: Visit) -> Page | Redirect:
        """Change a command of the device."""
        return await self._save(visit, "PATCH", f"{DEVICE}/commands/{{definition_id}}", "Command saved")

    async def _save(self, visit: Visit, method: str, template: str, text: str) -> Page | Redirect:
        try:
            answer = await visit.send(method, template, path=visit.params, body=forms.definition(visit.form))
        except InvalidInput as error:
            visit.form.failed({"detail": str(error), "errors": [{"field": "parameters", "detail": "is not JSON"}]})
            return await self._command_again(visit, 400)
        if answer.ok:
            return visit.done(_here(visit, "commands"), text)
        visit.form.failed(answer.value)
        return await self._command_again(visit, answer.status)

    async def _command_again(self, visit: Visit, status: int) -> Page:
        command = {"id": visit.params.get("definition_id", "")}
        return _face(visit, "commands", await device_of(visit), "command", status=status, command=command, form=visit.form)

    @pages.post("/{device_id}/commands/{definition_id}/delete")
    async def delete_command(self, visit: Visit) -> Redirect:
        """Delete a command of the device."""
        return await _acted(visit, "DELETE", f"{DEVICE}/commands/{{definition_id}}", "commands", "Command deleted")

    @pages.post("/{device_id}/commands/{definition_id}/run")
    async def run_command(self, visit: Visit) -> Page | Redirect:
        """Execute a command with the parameters of the form."""
        command = await visit.get(f"{DEVICE}/commands/{{definition_id}}", path=visit.params)
        body: dict[str, Any] = {"parameters": forms.arguments(visit.form, command["parameters"])}
        expires = visit.form.number("expires_in_s")
        if expires is not None:
            body["expires_in_s"] = expires
        answer = await visit.send("POST", f"{DEVICE}/commands/{{definition_id}}/execute", path=visit.params, body=body)
        if answer.ok:
            return visit.done(_here(visit, "commands"), f"{command['name']} is queued")
        visit.form.failed(answer.value)
        return await self._commands(visit, visit.params["definition_id"], answer.status)

    async def _commands(self, visit: Visit, failed: str = "", status: int = 200) -> Page:
        """The page, with the form of the command that could not be executed."""
        device, commands, done, queue = await asyncio.gather(
            device_of(visit),
            visit.find(f"{DEVICE}/commands", path=visit.params, query=ALL),
            visit.find(
                "/api/v2/command-executions",
                query={"device_id": visit.params["device_id"], "cursor": visit.query.get("cursor"), "limit": PAGE_SIZE},
            ),
            visit.find(f"{DEVICE}/command-queue", path=visit.params),
        )
        executions = done["data"] if done else []
        return _face(
            visit,
            "commands",
            device,
            status=status,
            commands=commands["data"] if commands else [],
            executions=executions,
            next_cursor=done["next_cursor"] if done else None,
            queue=queue,
            failed=failed,
            polls=view.ends_open(executions),
        )

    @pages.post("/{device_id}/queue")
    async def set_queue(self, visit: Visit) -> Redirect:
        """Set whether the device receives one command at a time."""
        body = {"one_at_a_time": visit.form.flag("one_at_a_time")}
        return await _acted(visit, "PATCH", f"{DEVICE}/command-queue", "commands", "Queue saved", body)

    @pages.post("/{device_id}/executions/{execution_id}/cancel")
    async def cancel(self, visit: Visit) -> Redirect:
        """Cancel an execution that still waits."""
        template = "/api/v2/command-executions/{execution_id}/cancel"
        return await _acted(visit, "POST", template, "commands", "Cancelled before it was sent")

    @pages.get("/{device_id}/events")
    async def show_events(self, visit: Visit) -> Page:
        """Show when the device was online, and what its network reported."""
        page = {"limit": PAGE_SIZE}
        device, changes, events = await asyncio.gather(
            device_of(visit),
            visit.find(f"{DEVICE}/connectivity", path=visit.params, query=page | {"cursor": visit.query.get("connectivity")}),
            visit.find(
                f"{DEVICE}/events",
                path=visit.params,
                query=page | {"cursor": visit.query.get("cursor"), "kind": visit.query.get("kind")},
            ),
        )
        nothing: dict[str, Any] = {"data": [], "next_cursor": None}
        return _face(visit, "events", device, changes=changes or nothing, events=events or nothing)

    @pages.get("/{device_id}/alerts")
    async def show_alerts(self, visit: Visit) -> Page:
        """Show the alerts that were raised for the device, and what looks at it."""
        only = {"device_id": visit.params["device_id"]}
        device, events, alerts, runs, maintenance, rules = await asyncio.gather(
            device_of(visit),
            visit.find("/api/v2/alert-events", query=only | {"cursor": visit.query.get("cursor"), "limit": PAGE_SIZE}),
            visit.find("/api/v2/alerts", query=only | ALL),
            visit.find("/api/v2/rule-executions", query=only | {"limit": PAGE_SIZE}),
            visit.find(f"{DEVICE}/maintenance", path=visit.params),
            visit.find("/api/v2/rules", query=ALL),
        )
        return _face(
            visit,
            "alerts",
            device,
            events=events["data"] if events else [],
            next_cursor=events["next_cursor"] if events else None,
            alerts=alerts["data"] if alerts else [],
            runs=runs["data"] if runs else [],
            rule_names={one["id"]: one["name"] for one in rules["data"]} if rules else {},
            maintenance=maintenance,
        )

    @pages.post("/{device_id}/alerts/{event_id}/{action}")
    async def act_on_alert(self, visit: Visit) -> Redirect:
        """Acknowledge or clear a raised alert."""
        action = "clear" if visit.params["action"] == "clear" else "acknowledge"
        body = {"note": visit.form.value("note") or None} if action == "acknowledge" else None
        text = "Alert cleared" if action == "clear" else "Alert acknowledged"
        return await _acted(visit, "POST", f"/api/v2/alert-events/{{event_id}}/{action}", "alerts", text, body)

    @pages.post("/{device_id}/maintenance")
    async def set_maintenance(self, visit: Visit) -> Redirect:
        """Begin or end the maintenance of the device, during which no alerts are raised."""
        if visit.form.flag("active"):
            body = visit.form.body("reason", "until")
            return await _acted(visit, "PUT", f"{DEVICE}/maintenance", "alerts", "No alerts are raised until it ends", body)
        return await _acted(visit, "DELETE", f"{DEVICE}/maintenance", "alerts", "Maintenance ended")


async def device_of(visit: Visit) -> dict[str, Any]:
    """The device of a page. Residents see of it what the list of their devices has."""
    if visit.viewer.role != RESIDENT:
        found: dict[str, Any] = await visit.get(DEVICE, path=visit.params)
        return found
    own: list[dict[str, Any]] = (await visit.get("/api/v2/profile/devices", query=ALL))["data"]
    for one in own:
        if one["id"] == visit.params["device_id"]:
            return one
    raise RouteNotFound()


async def _sensors(visit: Visit) -> list[dict[str, Any]]:
    found = await visit.find(f"{DEVICE}/sensors", path=visit.params, query=ALL)
    return [] if found is None else list(found["data"])


def _face(
    visit: Visit,
    key: str,
    device: dict[str, Any],
    template: str = "",
    *,
    status: int = 200,
    form: Form | None = None,
    **values: Any,
) -> Page:
    """A tab of a device. The template is named like the tab, unless another one is given."""
    values["marks"] = [name for name in ("alerts", "commands") if visit.can(f"{name}:read")]
    values |= {"device": device, "tab": key, "form": form or visit.form}
    return Page(f"devices/{template or key}.html", title=device["name"], status=status, **values)


def _here(visit: Visit, tab: str) -> str:
    return f"{ROOT}/devices/{visit.params['device_id']}/{tab}"


async def _acted(visit: Visit, method: str, template: str, tab: str, text: str, body: Any = None) -> Redirect:
    """Make a call, and return to a tab of the device with the outcome."""
    try:
        await visit.do(method, template, path=visit.params, body=body)
    except ApiFailed as error:
        return visit.refused(_here(visit, tab), error)
    return visit.done(_here(visit, tab), text)


def _form_of(command: dict[str, Any]) -> Form:
    parameters = [{name: value for name, value in one.items() if value not in (None, "", [])} for one in command["parameters"]]
    shown = {name: command[name] for name in ("name", "description", "transport", "verification", "timeout_s", "repeatable")}
    return Form.showing(shown | {"parameters": view.json_text(parameters)})
