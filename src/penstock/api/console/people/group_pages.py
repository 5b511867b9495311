"""Groups of members."""

from __future__ import annotations

import asyncio

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

PATH = f"{ROOT}/people/groups"
GROUPS, GROUP = "/api/v2/groups", "/api/v2/groups/{group_id}"
MEMBER = f"{GROUP}/members/{{user_id}}"


class GroupPages:
    """List, create, rename and delete groups, and change who is in them."""

    pages = Pages("/people/groups", nav="people")

    @pages.get()
    async def list_groups(self, visit: Visit) -> Page:
        """List the groups."""
        return await self._list(visit)

    @pages.post()
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create a group."""
        answer = await visit.send("POST", GROUPS, body=visit.form.body("name"))
        if not answer.ok:
            return await self._list(visit, visit.form.failed(answer.value), answer.status)
        return visit.done(f"{PATH}/{answer.value['id']}", "The group is created")

    @pages.get("/{group_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a group with its members."""
        return await self._one(visit)

    @pages.post("/{group_id}/rename")
    async def rename(self, visit: Visit) -> Page | Redirect:
        """Rename a group."""
        answer = await visit.send("PATCH", GROUP, path=visit.params, body=visit.form.body("name"))
        if not answer.ok:
            return await self._one(visit, visit.form.failed(answer.value), answer.status)
        return visit.done(_of(visit), "The group is renamed")

    @pages.post("/{group_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete a group."""
        try:
            await visit.do("DELETE", GROUP, path=visit.params)
        except ApiFailed as error:
            return visit.refused(_of(visit), error)
        return visit.done(PATH, "The group is deleted; its members stay members of the organisation")

    @pages.post("/{group_id}/add")
    async def add(self, visit: Visit) -> Redirect:
        """Add a member."""
        path = visit.params | {"user_id": visit.form.value("user_id")}
        try:
            await visit.do("PUT", MEMBER, path=path)
        except ApiFailed as error:
            return visit.refused(_of(visit), error)
        return visit.done(_of(visit), "The member is added")

    @pages.post("/{group_id}/remove/{user_id}")
    async def remove(self, visit: Visit) -> Redirect:
        """Remove a member."""
        try:
            await visit.do("DELETE", MEMBER, path=visit.params)
        except ApiFailed as error:
            return visit.refused(_of(visit), error)
        return visit.done(_of(visit), "The member is removed from the group")

    async def _list(self, visit: Visit, form: Form | None = None, status: int = 200) -> Page:
        found = await visit.get(GROUPS, query=visit.asked("q", "sort", "cursor") | {"limit": "50"})
        values = {"groups": found["data"], "next_cursor": found["next_cursor"], "form": form or Form()}
        return Page("people/groups.html", title="Groups", status=status, tab="groups", **values)

    async def _one(self, visit: Visit, form: Form | None = None, status: int = 200) -> Page:
        group, inside, everybody = await asyncio.gather(
            visit.get(GROUP, path=visit.params),
            visit.get(f"{GROUP}/members", path=visit.params, query={"limit": "1000"}),
            visit.get("/api/v2/members", query={"limit": "1000"}),
        )
        known = {one["user_id"] for one in inside["data"]}
        others = [[one["user_id"], one["name"] or one["email"]] for one in everybody["data"] if one["user_id"] not in known]
        values = {"group": group, "members": inside["data"], "others": others, "form": form or Form.showing(group)}
        return Page("people/group.html", title=group["name"], status=status, **values)


def _of(visit: Visit) -> str:
    return f"{PATH}/{visit.params['group_id']}"
