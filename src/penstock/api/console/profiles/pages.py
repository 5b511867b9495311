"""The pages of device profiles: list, create, change, delete."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.profiles.forms import body_of, failed, rows_of, shown
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

LIST, ONE = "/api/v2/profiles", "/api/v2/profiles/{profile_id}"
HOME = "/console/profiles"
PAGE_SIZE = "50"


class ProfilePages:
    """What devices of one model have in common."""

    pages = Pages("/profiles", nav="profiles")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list."""
        query = visit.asked("q", "device_type", "sort", "cursor") | {"limit": PAGE_SIZE}
        found = await visit.get(LIST, query=query)
        types = sorted({one["device_type"] for one in found["data"] if one["device_type"]})
        return Page(
            "profiles/list.html", title="Device profiles", rows=found["data"], next_cursor=found["next_cursor"], types=types
        )

    @pages.get("/new")
    async def show_new(self, visit: Visit) -> Page:
        """Show the form of a new profile."""
        return await _form_page(visit, Form(), None)

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create a profile."""
        form = visit.form
        body = {name: value for name, value in body_of(form).items() if value not in ("", None)}
        answer = await visit.send("POST", LIST, body=body | form.body("project_id"))
        if answer.ok:
            return visit.done(f"{HOME}/{answer.value['id']}/codec", "Profile created. Now its codec, if it needs one.")
        return await _form_page(visit, failed(form, answer.value), None, answer.status)

    @pages.get("/{profile_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a profile with its devices."""
        profile, devices = await asyncio.gather(
            visit.get(ONE, path=visit.params),
            visit.find("/api/v2/devices", query=visit.params | {"sort": "-last_seen_at", "limit": "25"}),
        )
        found = devices or {"data": [], "next_cursor": None}
        return Page(
            "profiles/show.html",
            title=profile["name"],
            profile=profile,
            devices=found["data"],
            more=found["next_cursor"] is not None,
        )

    @pages.get("/{profile_id}/edit")
    async def show_edit(self, visit: Visit) -> Page:
        """Show the form of a profile."""
        profile = await visit.get(ONE, path=visit.params)
        return await _form_page(visit, shown(profile), profile)

    @pages.post("/{profile_id}/edit")
    async def update(self, visit: Visit) -> Page | Redirect:
        """Change a profile."""
        profile, form = await visit.get(ONE, path=visit.params), visit.form
        answer = await visit.send("PATCH", ONE, path=visit.params, body=body_of(form, profile["registers"]))
        if answer.ok:
            return visit.done(_home(visit), "Profile saved")
        return await _form_page(visit, failed(form, answer.value), profile, answer.status)

    @pages.post("/{profile_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete a profile that no device has."""
        try:
            await visit.do("DELETE", ONE, path=visit.params)
        except ApiFailed as error:
            return visit.refused(_home(visit), error)
        return visit.done(HOME, "Profile deleted")


def _home(visit: Visit) -> str:
    return f"{HOME}/{visit.params['profile_id']}"


async def _form_page(visit: Visit, form: Form, profile: dict[str, Any] | None, status: int = 200) -> Page:
    projects, templates = await asyncio.gather(
        visit.find("/api/v2/projects", query={"limit": "200"}), visit.find("/api/v2/sensor-templates", query={"limit": "200"})
    )
    return Page(
        "profiles/form.html",
        title=f"Edit {profile['name']}" if profile else "New device profile",
        status=status,
        form=form,
        profile=profile,
        rows=rows_of(form),
        keys=[(one["key"], f"{one['name']} {one['unit']}".strip()) for one in (templates or {"data": []})["data"]],
        project_options=[(one["id"], one["name"]) for one in (projects or {"data": []})["data"]],
    )
