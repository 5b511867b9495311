"""The pages of dashboards: the list, one dashboard, its settings, and folders."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from penstock.api.console.dashboards.forms import VARIABLE_KINDS, VARIABLES, fields_of, rearranged, variables_of
from penstock.api.console.dashboards.view import board_of, folder_options, folder_rows
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.steps import shown
from penstock.api.console.shared.visit import Visit

HOME = "/console/dashboards"
DASHBOARDS, DASHBOARD = "/api/v2/dashboards", "/api/v2/dashboards/{dashboard_id}"
FOLDERS = "/api/v2/dashboard-folders"
MAX_FOLDERS = "200"
LAST_CHANGED = "-updated_at"


class DashboardPages:
    """The list of dashboards, and each of them."""

    pages = Pages("/dashboards", nav="dashboards")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list, of one folder or of all."""
        query = {name: visit.query.get(name) for name in ("q", "folder_id", "cursor")}
        query["sort"] = LAST_CHANGED if visit.query.get("sort") == LAST_CHANGED else None
        found, folders, preferences = await asyncio.gather(
            visit.get(DASHBOARDS, query={**query, "limit": "50"}), _folders(visit), visit.find("/api/v2/profile/preferences")
        )
        pinned = (preferences or {}).get("pinned", [])
        return Page(
            "dashboards/list.html",
            title="Dashboards",
            found=found,
            folders=folder_rows(folders, query["folder_id"]),
            folder=next((one for one in folders if one["id"] == query["folder_id"]), None),
            pinned=pinned,
            favourites=await _named(visit, pinned),
            can_pin=preferences is not None,
        )

    @pages.get("/new")
    async def new(self, visit: Visit) -> Page:
        """Show the form of a new dashboard."""
        return await self._form(visit, Form.showing({"range": "24h", "live": True, "folder_id": visit.query.get("folder_id")}))

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create a dashboard, or change the form."""
        if (form := rearranged(visit.form)) is not None:
            return await self._form(visit, form)
        answer = await visit.send("POST", DASHBOARDS, body=_body(visit.form))
        if not answer.ok:
            return await self._form(visit, visit.form.failed(answer.value), status=answer.status)
        return visit.done(f"{HOME}/{answer.value['id']}?edit=1", "Dashboard created. Add its first widget.")

    @pages.get("/import")
    async def show_import(self, visit: Visit) -> Page:
        """Show the form for a document."""
        return Page("dashboards/import.html", title="Import a dashboard", folders=folder_options(await _folders(visit)))

    @pages.post("/import")
    async def load(self, visit: Visit) -> Page | Redirect:
        """Import a dashboard from a document."""
        body = visit.form.body("folder_id", document=visit.form.json("document"))
        answer = await visit.send("POST", f"{DASHBOARDS}/import", body=body)
        if not answer.ok:
            folders, form = folder_options(await _folders(visit)), visit.form.failed(answer.value)
            return Page("dashboards/import.html", title="Import a dashboard", status=answer.status, folders=folders, form=form)
        missing = len(answer.value["missing_devices"])
        text = f"Dashboard imported. {missing} of its devices do not exist here." if missing else "Dashboard imported"
        return visit.done(f"{HOME}/{answer.value['dashboard']['id']}", text)

    @pages.post("/pin")
    async def pin(self, visit: Visit) -> Redirect:
        """Put a dashboard among the pinned ones, or take it away."""
        chosen, location = visit.form.value("dashboard_id"), HOME
        try:
            pinned = (await visit.get("/api/v2/profile/preferences"))["pinned"]
            was_pinned = chosen in pinned
            kept = [one for one in pinned if one != chosen]
            body = {"pinned": kept if was_pinned else [*kept, chosen]}
            await visit.do("PATCH", "/api/v2/profile/preferences", body=body)
        except ApiFailed as error:
            return visit.refused(location, error)
        return visit.done(location, "Dashboard unpinned" if was_pinned else "Dashboard pinned")

    @pages.post("/folders")
    async def create_folder(self, visit: Visit) -> Redirect:
        """Create a folder."""
        try:
            made = await visit.do("POST", FOLDERS, body=visit.form.body("name", "parent_id"))
        except ApiFailed as error:
            return visit.refused(HOME, error)
        return visit.done(f"{HOME}?folder_id={made['id']}", "Folder created")

    @pages.post("/folders/{folder_id}/rename")
    async def rename_folder(self, visit: Visit) -> Redirect:
        """Rename a folder."""
        location = f"{HOME}?folder_id={visit.params['folder_id']}"
        try:
            await visit.do("PATCH", FOLDERS + "/{folder_id}", path=visit.params, body=visit.form.body("name"))
        except ApiFailed as error:
            return visit.refused(location, error)
        return visit.done(location, "Folder renamed")

    @pages.post("/folders/{folder_id}/delete")
    async def delete_folder(self, visit: Visit) -> Redirect:
        """Delete an empty folder."""
        try:
            await visit.do("DELETE", FOLDERS + "/{folder_id}", path=visit.params)
        except ApiFailed as error:
            return visit.refused(f"{HOME}?folder_id={visit.params['folder_id']}", error)
        return visit.done(HOME, "Folder deleted")

    @pages.get("/{dashboard_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a dashboard with its widgets; on a wall without the frame."""
        dashboard, widgets, folders, preferences = await asyncio.gather(
            visit.get(DASHBOARD, path=visit.params),
            visit.get(DASHBOARD + "/widgets", path=visit.params),
            _folders(visit),
            visit.find("/api/v2/profile/preferences"),
        )
        variables = dashboard["variables"]
        options = await asyncio.gather(*(self._options(visit, one["name"]) for one in variables))
        wall = visit.query.get("wall") == "1"
        return Page(
            "dashboards/wall.html" if wall else "dashboards/show.html",
            title=dashboard["name"],
            dashboard=dashboard,
            board=board_of(dashboard, widgets["data"], visit.query),
            variables=list(zip(variables, options, strict=True)),
            folder=next((one for one in folders if one["id"] == dashboard["folder_id"]), None),
            pinned=dashboard["id"] in (preferences or {}).get("pinned", []),
            can_pin=preferences is not None,
        )

    async def _options(self, visit: Visit, name: str) -> list[dict[str, str]]:
        found = await visit.find(DASHBOARD + "/variables/{variable}/options", path={**visit.params, "variable": name})
        return found["data"] if found else []

    @pages.get("/{dashboard_id}/settings")
    async def settings(self, visit: Visit) -> Page:
        """Show the settings of a dashboard."""
        dashboard = await visit.get(DASHBOARD, path=visit.params)
        form = Form.showing(dashboard | fields_of(dashboard["variables"]))
        return await self._form(visit, form, dashboard)

    @pages.post("/{dashboard_id}/settings")
    async def change(self, visit: Visit) -> Page | Redirect:
        """Change the settings of a dashboard, or the form."""
        if (form := rearranged(visit.form)) is not None:
            return await self._form(visit, form, await visit.get(DASHBOARD, path=visit.params))
        answer = await visit.send("PATCH", DASHBOARD, path=visit.params, body=_body(visit.form, of_patch=True))
        if not answer.ok:
            dashboard = await visit.get(DASHBOARD, path=visit.params)
            return await self._form(visit, visit.form.failed(answer.value), dashboard, answer.status)
        return visit.done(f"{HOME}/{answer.value['id']}", "Settings saved")

    @pages.post("/{dashboard_id}/duplicate")
    async def duplicate(self, visit: Visit) -> Redirect:
        """Copy a dashboard."""
        try:
            made = await visit.do("POST", DASHBOARD + "/duplicate", path=visit.params, body={})
        except ApiFailed as error:
            return visit.refused(f"{HOME}/{visit.params['dashboard_id']}", error)
        return visit.done(f"{HOME}/{made['id']}", "Dashboard copied. This is the copy.")

    @pages.post("/{dashboard_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete a dashboard."""
        try:
            await visit.do("DELETE", DASHBOARD, path=visit.params)
        except ApiFailed as error:
            return visit.refused(f"{HOME}/{visit.params['dashboard_id']}", error)
        return visit.done(HOME, "Dashboard deleted")

    async def _form(self, visit: Visit, form: Form, dashboard: dict[str, Any] | None = None, status: int = 200) -> Page:
        names = [one["name"] for one in dashboard["variables"]] if dashboard else []
        folders, projects, *options = await asyncio.gather(
            _folders(visit),
            visit.find("/api/v2/projects", query={"limit": "100"}),
            *(self._options(visit, name) for name in names),
        )
        return Page(
            "dashboards/form.html",
            title=dashboard["name"] if dashboard else "New dashboard",
            status=status,
            form=form,
            dashboard=dashboard,
            folders=folder_options(folders),
            variables=shown(form, VARIABLES, VARIABLE_KINDS),
            variable_kinds=VARIABLE_KINDS,
            offered=list(zip(names, options, strict=True)),
            projects=[[one["id"], one["name"]] for one in (projects or {}).get("data", [])],
        )


async def _folders(visit: Visit) -> list[dict[str, Any]]:
    found = await visit.find(FOLDERS, query={"limit": MAX_FOLDERS})
    return found["data"] if found else []


async def _named(visit: Visit, pinned: Sequence[str]) -> list[dict[str, Any]]:
    """The pinned dashboards that exist, at most eight."""
    chosen = [one for one in pinned if one.startswith("dsb_")][:8]
    found = await asyncio.gather(*(visit.find(DASHBOARD, path={"dashboard_id": one}) for one in chosen))
    return [one for one in found if one is not None]


def _body(form: Form, *, of_patch: bool = False) -> dict[str, Any]:
    body: dict[str, Any] = {
        "name": form.value("name").strip(),
        "description": form.value("description").strip(),
        "folder_id": form.value("folder_id") or None,
        "project_id": form.value("project_id") or None,
        "live": form.flag("live"),
        "refresh_s": form.number("refresh_s"),
        "variables": variables_of(form),
    }
    if form.value("range"):
        body["range"] = form.value("range").strip()
    return body if of_patch else {name: value for name, value in body.items() if value not in ("", None, [])}
