"""API keys: list, create, rotate, revoke, and the usage of one."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

from penstock.api.console.keys.view import areas_of, scope_chips, scope_label
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.api.console.usage.view import days_of, per_day
from penstock.kit.http import header

PATH = f"{ROOT}/keys"
API, ONE = "/api/v2/keys", "/api/v2/keys/{key_id}"
NEW, CREATED = "keys/new.html", "keys/created.html"
EXPIRIES = {"7": "in 7 days", "30": "in 30 days", "90": "in 90 days", "365": "in a year", "date": "at a date", "never": "never"}
OVERLAPS = {"0": "at once", "3600": "in an hour", "86400": "in a day", "604800": "in 7 days"}
MAX_OF_BULK = 200


class KeyPages:
    """The keys of the organisation."""

    pages = Pages("/keys", nav="keys")

    @pages.get()
    async def list_keys(self, visit: Visit) -> Page:
        """List the keys."""
        query = visit.asked("q", "status", "sort", "cursor") | {"limit": "50"}
        found, catalogue = await asyncio.gather(visit.get(API, query=query), visit.get("/api/v2/scopes"))
        for key in found["data"]:
            key["chips"], key["more"] = scope_chips(key["scopes"], len(catalogue["data"]))
        return Page("keys/list.html", title="API keys", keys=found["data"], next_cursor=found["next_cursor"])

    @pages.post("/bulk")
    async def revoke_several(self, visit: Visit) -> Redirect:
        """Revoke the selected keys."""
        chosen = visit.form.all("ids")[:MAX_OF_BULK]
        try:
            for key_id in chosen:
                await visit.do("POST", f"{ONE}/revoke", path={"key_id": key_id})
        except ApiFailed as error:
            return visit.refused(PATH, error)
        return visit.done(PATH, f"{len(chosen)} {'key is' if len(chosen) == 1 else 'keys are'} revoked")

    @pages.get("/new")
    async def new(self, visit: Visit) -> Page:
        """Show the form of a new key."""
        return await self._form(visit, Form({"expires": ["90"]}))

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page:
        """Create a key, and show its value, which is shown only here."""
        form = visit.form
        body = form.body(
            "name",
            "project_id",
            "single_use",
            scopes=form.all("scopes"),
            allowed_cidrs=form.lines("allowed_cidrs"),
            calls_per_minute=form.number("calls_per_minute"),
            expires_at=_expiry(form),
        )
        answer = await visit.send("POST", API, body=body)
        if not answer.ok:
            form.failed(answer.value)
            return await self._form(visit, form, status=answer.status)
        return self._created(visit, answer.value, "Key created")

    @pages.get("/{key_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a key and its usage."""
        return await self._one(visit)

    @pages.post("/{key_id}/rename")
    async def rename(self, visit: Visit) -> Page | Redirect:
        """Rename a key."""
        answer = await visit.send("PATCH", ONE, path=visit.params, body={"name": visit.form.value("name").strip()})
        if not answer.ok:
            return await self._one(visit, visit.form.failed(answer.value), answer.status)
        return visit.done(f"{PATH}/{visit.params['key_id']}", "The key is renamed")

    @pages.post("/{key_id}/rotate")
    async def rotate(self, visit: Visit) -> Page | Redirect:
        """Give a key a new value, and show it, which happens only here."""
        body = {"overlap_s": visit.form.number("overlap_s") or 0}
        try:
            made = await visit.do("POST", f"{ONE}/rotate", path=visit.params, body=body)
        except ApiFailed as error:
            return visit.refused(f"{PATH}/{visit.params['key_id']}", error)
        return self._created(visit, made, "Key rotated", old_ends=OVERLAPS.get(str(body["overlap_s"]), ""))

    @pages.post("/{key_id}/revoke")
    async def revoke(self, visit: Visit) -> Redirect:
        """Revoke a key."""
        where = f"{PATH}/{visit.params['key_id']}"
        try:
            await visit.do("POST", f"{ONE}/revoke", path=visit.params)
        except ApiFailed as error:
            return visit.refused(where, error)
        return visit.done(where, "The key is revoked: it is invalid from now on")

    def _created(self, visit: Visit, made: dict[str, Any], title: str, **values: Any) -> Page:
        host = (header(visit.scope, b"host") or b"localhost").decode("latin-1")
        base_url = f"{visit.scope.get('scheme', 'http')}://{host}"
        org_id = visit.viewer.organization.get("id", "")
        return Page(CREATED, title=title, made=made, org_id=org_id, base_url=base_url, **values)

    async def _form(self, visit: Visit, form: Form, status: int = 200) -> Page:
        catalogue, projects = await asyncio.gather(
            visit.get("/api/v2/scopes"), visit.find("/api/v2/projects", query={"limit": "1000"})
        )
        return Page(
            NEW,
            title="New API key",
            status=status,
            form=form,
            areas=areas_of(catalogue["data"]),
            chosen=set(form.all("scopes")),
            projects=[[one["id"], one["name"]] for one in (projects or {"data": []})["data"]],
            expiries=list(EXPIRIES.items()),
        )

    async def _one(self, visit: Visit, form: Form | None = None, status: int = 200) -> Page:
        key, usage = await asyncio.gather(
            visit.get(ONE, path=visit.params),
            visit.find(f"{ONE}/usage", path=visit.params, query={"range": "30d", "limit": "100"}),
        )
        rows = usage["data"] if usage else []
        days = days_of({"range": "30d"}, datetime.datetime.now(datetime.UTC))
        return Page(
            "keys/show.html",
            title=key["name"],
            status=status,
            key=key,
            labels=[scope_label(scope) for scope in key["scopes"]],
            lost=[scope_label(scope) for scope in key["scopes"] if scope not in key["effective_scopes"]],
            series=per_day(rows, {"calls": "Calls", "refused": "Refused"}, days),
            totals={name: sum(row[name] for row in rows) for name in ("calls", "refused", "bytes")},
            has_usage=usage is not None,
            overlaps=list(OVERLAPS.items()),
            rename=form or Form.showing(key),
        )


def _expiry(form: Form) -> str | None:
    """When the key expires, as the API expects it. What cannot be converted is returned as it is, and refused there."""
    chosen = form.value("expires")
    if chosen == "date":
        return form.value("expires_at") or "a date"
    if not chosen.isascii() or not chosen.isdigit() or len(chosen) > 4:
        return None if chosen in ("", "never") else chosen
    end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=int(chosen))
    return end.strftime("%Y-%m-%dT%H:%M:%SZ")
