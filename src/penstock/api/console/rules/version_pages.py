"""The pages of a rule's versions: list and compare them, deploy, restore and rename one."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.rules.pages import HOME, RULE
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

VERSION = f"{RULE}/versions/{{version_id}}"


class RuleVersionPages:
    """The versions of a rule."""

    pages = Pages("/rules", nav="rules")

    @pages.get("/{rule_id}/versions")
    async def show(self, visit: Visit) -> Page:
        """List the versions, and the differences between two of them: those in the query, or the newest and the one before."""
        query = {name: visit.query.get(name) for name in ("cursor", "limit")}
        rule, found = await asyncio.gather(
            visit.get(RULE, path=visit.params), visit.get(f"{RULE}/versions", path=visit.params, query=query)
        )
        versions = found["data"]
        after_id = visit.query.get("after") or rule["newest"]["id"]
        before_id = visit.query.get("before") or _previous(versions, after_id)
        before = after = comparison = None
        if before_id and before_id != after_id:
            before, after, comparison = await asyncio.gather(
                visit.get(VERSION, path=visit.params | {"version_id": before_id}),
                visit.get(VERSION, path=visit.params | {"version_id": after_id}),
                visit.get(
                    f"{VERSION}/differences", path=visit.params | {"version_id": after_id}, query={"version_id": before_id}
                ),
            )
        return Page(
            "rules/versions.html",
            title=rule["name"],
            rule=rule,
            versions=found,
            before=before,
            after=after,
            comparison=comparison,
        )

    @pages.post("/{rule_id}/versions/{version_id}/deploy")
    async def deploy(self, visit: Visit) -> Redirect:
        """Deploy a version."""
        return await _act(visit, "POST", f"{VERSION}/deploy", "The version is running", None)

    @pages.post("/{rule_id}/versions/{version_id}/restore")
    async def restore(self, visit: Visit) -> Redirect:
        """Restore a version as a new one."""
        body = {"note": visit.form.value("note")}
        return await _act(visit, "POST", f"{VERSION}/restore", "Restored as a new version. Deploy it to run it.", body)

    @pages.post("/{rule_id}/versions/{version_id}/rename")
    async def rename(self, visit: Visit) -> Redirect:
        """Rename a version."""
        return await _act(visit, "PATCH", VERSION, "Version renamed", visit.form.body("name"))


async def _act(visit: Visit, method: str, template: str, text: str, body: dict[str, Any] | None) -> Redirect:
    location = f"{HOME}/{visit.params['rule_id']}/versions"
    try:
        await visit.do(method, template, path=visit.params, body=body)
    except ApiFailed as error:
        return visit.refused(location, error)
    return visit.done(location, text)


def _previous(versions: list[dict[str, Any]], version_id: str) -> str:
    """The version before one, in a list that begins with the newest; empty if there is none."""
    ids = [one["id"] for one in versions]
    return ids[ids.index(version_id) + 1] if version_id in ids[:-1] else ""
