"""The pages of sensor templates: sensors that are declared on devices again and again."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

LIST, ONE = "/api/v2/sensor-templates", "/api/v2/sensor-templates/{template_id}"
HOME = "/console/sensor-templates"
TEXTS = ("name", "key", "unit", "value_type", "description")
FIELDS = (*TEXTS, "decimals")


class SensorTemplatePages:
    """The organisation's own templates, and those of the system."""

    pages = Pages("/sensor-templates", nav="profiles")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list."""
        found = await visit.get(LIST, query=visit.asked("q", "sort", "cursor") | {"limit": "100"})
        return Page("sensor_templates/list.html", title="Sensor templates", rows=found["data"], next_cursor=found["next_cursor"])

    @pages.get("/new")
    async def show_new(self, visit: Visit) -> Page:
        """Show the form of a new template."""
        return _form_page(Form.showing({"value_type": "float"}), None)

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create a template."""
        answer = await visit.send("POST", LIST, body=visit.form.body(*TEXTS, decimals=visit.form.number("decimals")))
        if answer.ok:
            return visit.done(HOME, "Sensor template created")
        return _form_page(visit.form.failed(answer.value), None, answer.status)

    @pages.get("/{template_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a template, to change it."""
        template = await visit.get(ONE, path=visit.params)
        return _form_page(Form.showing({name: template[name] for name in FIELDS}), template)

    @pages.post("/{template_id}")
    async def update(self, visit: Visit) -> Page | Redirect:
        """Change a template."""
        body: dict[str, Any] = {name: visit.form.value(name).strip() for name in TEXTS}
        body["decimals"] = visit.form.number("decimals")
        answer = await visit.send("PATCH", ONE, path=visit.params, body=body)
        if answer.ok:
            return visit.done(HOME, "Sensor template saved")
        template = await visit.get(ONE, path=visit.params)
        return _form_page(visit.form.failed(answer.value), template, answer.status)

    @pages.post("/{template_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete a template; sensors that were declared with it stay."""
        try:
            await visit.do("DELETE", ONE, path=visit.params)
        except ApiFailed as error:
            return visit.refused(f"{HOME}/{visit.params['template_id']}", error)
        return visit.done(HOME, "Sensor template deleted")


def _form_page(form: Form, template: dict[str, Any] | None, status: int = 200) -> Page:
    title = template["name"] if template else "New sensor template"
    return Page("sensor_templates/form.html", title=title, status=status, form=form, sensor=template)
