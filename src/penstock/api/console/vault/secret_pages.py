"""Pages of secrets under a name."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.api.console.vault.tabs import HERE, vault_tabs

SECRETS, SECRET = "/api/v2/secrets", "/api/v2/secrets/{secret_id}"
LIST, SHOW, NEW, VALUE = (f"vault/{name}.html" for name in ("secrets", "secret", "new_secret", "secret_value"))
PAGE_SIZE = "50"


class SecretPages:
    """Secrets: versions, what uses them, and their values on request."""

    pages = Pages("/vault/secrets", nav="vault")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the secrets that have a name, or all."""
        managed = None if visit.query.get("managed") else "false"
        query = {"q": visit.query.get("q"), "cursor": visit.query.get("cursor"), "limit": PAGE_SIZE, "managed": managed}
        found = await visit.get(SECRETS, query=query)
        return Page(LIST, title="Secrets", tabs=vault_tabs(visit), secrets=found["data"], next_cursor=found["next_cursor"])

    @pages.get("/new")
    async def new(self, visit: Visit) -> Page:
        """Show the form of a new secret."""
        return Page(NEW, title="New secret")

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create a secret."""
        form = visit.form
        answer = await visit.send("POST", SECRETS, body=form.body("name", "description", value=form.value("value")))
        if not answer.ok:
            return Page(NEW, title="New secret", status=answer.status, form=_without_value(form.failed(answer.value)))
        return visit.done(f"{HERE}/secrets/{answer.value['id']}", "Secret created")

    @pages.get("/{secret_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a secret, without its value."""
        return await self._shown(visit)

    @pages.post("/{secret_id}")
    async def update(self, visit: Visit) -> Page | Redirect:
        """Change its description."""
        return await self._changed(visit, "PATCH", SECRET, {"description": visit.form.value("description")}, "Secret changed")

    @pages.post("/{secret_id}/versions")
    async def replace(self, visit: Visit) -> Page | Redirect:
        """Add a version, which counts at once."""
        body = {"value": visit.form.value("value")}
        return await self._changed(visit, "POST", f"{SECRET}/versions", body, "The new value counts from now on")

    @pages.post("/{secret_id}/versions/{version}/restore")
    async def restore(self, visit: Visit) -> Redirect:
        """Make an older value the current one again."""
        return await self._acted(visit, "POST", f"{SECRET}/versions/{{version}}/restore", "The older value counts again")

    @pages.post("/{secret_id}/value")
    async def reveal(self, visit: Visit) -> Page | Redirect:
        """Show the value, in the response of this form and nowhere else."""
        answer = await visit.send("GET", f"{SECRET}/value", path=visit.params, query={"version": visit.form.value("version")})
        if not answer.ok:
            return visit.refused(f"{HERE}/secrets/{visit.params['secret_id']}", ApiFailed(answer.status, answer.value))
        secret = await visit.get(SECRET, path=visit.params)
        return Page(VALUE, title="Value", secret=secret, content=answer.value)

    @pages.post("/{secret_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete a secret that nothing uses."""
        return await self._acted(visit, "DELETE", SECRET, "Secret deleted", f"{HERE}/secrets")

    async def _acted(self, visit: Visit, method: str, template: str, text: str, target: str = "") -> Redirect:
        here = f"{HERE}/secrets/{visit.params['secret_id']}"
        try:
            await visit.do(method, template, path=visit.params)
        except ApiFailed as error:
            return visit.refused(here, error)
        return visit.done(target or here, text)

    async def _changed(self, visit: Visit, method: str, template: str, body: Any, text: str) -> Page | Redirect:
        answer = await visit.send(method, template, path=visit.params, body=body)
        if not answer.ok:
            return await self._shown(visit, _without_value(visit.form.failed(answer.value)), answer.status)
        return visit.done(f"{HERE}/secrets/{visit.params['secret_id']}", text)

    async def _shown(self, visit: Visit, form: Form | None = None, status: int = 200) -> Page:
        secret, versions, uses = await asyncio.gather(
            visit.get(SECRET, path=visit.params),
            visit.get(f"{SECRET}/versions", path=visit.params),
            visit.get(f"{SECRET}/used-by", path=visit.params),
        )
        return Page(
            SHOW,
            title=secret["name"] or "Managed secret",
            status=status,
            form=form or Form.showing({"description": secret["description"]}),
            secret=secret,
            versions=versions["data"],
            uses=uses["data"],
        )


def _without_value(form: Form) -> Form:
    """A secret that was refused is typed again: it must not be in a page."""
    form.drop("value")
    return form
