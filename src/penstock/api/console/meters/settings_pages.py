"""The settings of a meter: role, registers, alarms, and its replacement."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.meters.pages import DEVICE, HERE, METER, SETTINGS
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

ALARMS = f"{METER}/alarm-settings"
LIMITS = {
    "continuous_flow": ("hours",),
    "burst": ("flow",),
    "back_flow": ("volume",),
    "frozen": ("days",),
    "low_battery": ("percent", "volts"),
    "tamper": (),
}
SINGLE = ("field", "unit", "rolls_over_at")
LISTS = {"low_battery", "tamper"}


class MeterSettingsPages:
    """The forms of a meter's settings."""

    pages = Pages("/meters/{device_id}/settings", nav="meters")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the forms."""
        return await self._page(visit)

    @pages.post("/role")
    async def set_meter(self, visit: Visit) -> Page | Redirect:
        """Set the role, and the field, unit and maximum of a meter with one register."""
        form = visit.form
        body, meter = form.body("role"), await visit.get(METER, path=visit.params)
        if any(form.has(name) and form.value(name).strip() != _text(meter[name]) for name in SINGLE):
            body |= form.body(*SINGLE)
        elif meter["source"] == "device":
            body["registers"] = meter["registers"]
        return await self._sent(visit, "PUT", METER, body, "meter", "Meter changed.")

    @pages.post("/reset")
    async def reset(self, visit: Visit) -> Redirect:
        """Reset the settings to those of the profile or the defaults."""
        try:
            await visit.do("DELETE", METER, path=visit.params)
        except ApiFailed as error:
            return visit.refused(_at(visit), error)
        return visit.done(_at(visit), "Settings of the meter reset.")

    @pages.post("/replacement")
    async def replace(self, visit: Visit) -> Page | Redirect:
        """Record that another meter was installed."""
        body = visit.form.body("register", "at", "last_value", "first_value", "serial")
        return await self._sent(visit, "POST", f"{METER}/replacements", body, "replacement", "Replacement recorded.")

    @pages.post("/alarms")
    async def set_alarms(self, visit: Visit) -> Page | Redirect:
        """Set the conditions of alarms."""
        body = {kind: found for kind in LIMITS if (found := _alarm(visit.form, kind))}
        return await self._sent(visit, "PUT", ALARMS, body, "alarms", "Alarms changed.")

    async def _sent(
        self, visit: Visit, method: str, template: str, body: dict[str, Any], part: str, text: str
    ) -> Page | Redirect:
        answer = await visit.send(method, template, path=visit.params, body=body)
        if not answer.ok:
            return await self._page(visit, {part: visit.form.failed(answer.value)}, answer.status)
        return visit.done(_at(visit), text)

    async def _page(self, visit: Visit, forms: dict[str, Form] | None = None, status: int = 200) -> Page:
        device, meter, alarms = await asyncio.gather(
            visit.get(DEVICE, path=visit.params),
            visit.get(METER, path=visit.params),
            visit.find(ALARMS, path=visit.params),
        )
        shown = {"meter": Form.showing(meter), "replacement": Form(), "alarms": _alarms_form(alarms)}
        return Page(
            SETTINGS,
            title=f"{device['name']}: meter settings",
            status=status,
            device=device,
            meter=meter,
            registers=list(dict.fromkeys(one["name"] for one in meter["registers"])),
            alarms=alarms,
            limits=LIMITS,
            forms=shown | (forms or {}),
        )


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _alarm(form: Form, kind: str) -> dict[str, Any]:
    """What is set of one kind of alarm; what is empty comes from the profile or the defaults."""
    found: dict[str, Any] = {name: form.number(f"{kind}.{name}") for name in LIMITS[kind]}
    if enabled := form.value(f"{kind}.enabled"):
        found["enabled"] = enabled == "true"
    if kind in LISTS and (fields := form.value(f"{kind}.fields").replace(",", " ").split()):
        found["fields"] = fields
    return {name: value for name, value in found.items() if value is not None}


def _alarms_form(alarms: dict[str, Any] | None) -> Form:
    values: dict[str, Any] = {}
    for kind, own in (alarms["own"] if alarms else {}).items():
        for name, value in own.items():
            text = {True: "true", False: "false"}[value] if isinstance(value, bool) else value
            values[f"{kind}.{name}"] = ", ".join(text) if isinstance(text, list) else text
    return Form.showing(values)


def _at(visit: Visit) -> str:
    return f"{HERE}/{visit.params['device_id']}/settings"
