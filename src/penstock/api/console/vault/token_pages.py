"""Pages of tokens: their codes, their settings, and their seeds."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.api.console.vault.tabs import HERE, vault_tabs

TOKENS, TOKEN = "/api/v2/tokens", "/api/v2/tokens/{token}"
LIST, CODE, SHOW, NEW, SEED = (f"vault/{name}.html" for name in ("tokens", "code", "token", "new_token", "seed"))
FILTERS = ("search", "issuer", "rotate", "sort", "cursor")
PAGE_SIZE = "50"
_TEXTS = ("name", "issuer", "account", "description")


class TokenPages:
    """Tokens. A code is read only on request, because each reading is in the audit log."""

    pages = Pages("/vault", nav="vault")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list, without codes."""
        query = {name: visit.query.get(name) for name in FILTERS} | {"limit": PAGE_SIZE}
        found = await visit.get(TOKENS, query=query)
        filtered = any(visit.query.get(name) for name in ("search", "issuer", "rotate"))
        return Page(
            LIST,
            title="Vault",
            tabs=vault_tabs(visit),
            tokens=found["data"],
            next_cursor=found["next_cursor"],
            filtered=filtered,
        )

    @pages.post("/tokens/{token}/code")
    async def show_code(self, visit: Visit) -> Page:
        """Show the current code, as a part of the page that asked."""
        answer = await visit.send("GET", f"{TOKEN}/code", path=visit.params)
        problem = "" if answer.ok else answer.value["detail"]
        return Page(CODE, title="Code", token=visit.params["token"], code=answer.value if answer.ok else None, problem=problem)

    @pages.get("/new")
    async def new(self, visit: Visit) -> Page:
        """Show the form of a new token."""
        return Page(NEW, title="New token")

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create a token from a secret or a URI."""
        form = visit.form
        body = form.body(*_TEXTS, "secret", "uri", "algorithm", digits=form.number("digits"), period_s=form.number("period_s"))
        if form.flag("four_eyes"):
            body["four_eyes"] = True
        answer = await visit.send("POST", TOKENS, body=body)
        if not answer.ok:
            return Page(NEW, title="New token", status=answer.status, form=_without_seed(form.failed(answer.value)))
        return visit.done(f"{HERE}/tokens/{answer.value['name']}", "Token created")

    @pages.get("/tokens/{token}")
    async def show(self, visit: Visit) -> Page:
        """Show a token with its grants."""
        return await self._shown(visit)

    @pages.post("/tokens/{token}")
    async def update(self, visit: Visit) -> Page | Redirect:
        """Change its name and texts."""
        form = visit.form
        body: dict[str, Any] = {name: form.value(name).strip() for name in _TEXTS} | {"four_eyes": form.flag("four_eyes")}
        answer = await visit.send("PATCH", TOKEN, path=visit.params, body=body)
        if not answer.ok:
            return await self._shown(visit, form.failed(answer.value), answer.status)
        return visit.done(f"{HERE}/tokens/{answer.value['name']}", "Token changed")

    @pages.post("/tokens/{token}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete a token with its seed and grants."""
        try:
            await visit.do("DELETE", TOKEN, path=visit.params)
        except ApiFailed as error:
            return visit.refused(f"{HERE}/tokens/{visit.params['token']}", error)
        return visit.done(HERE, "Token deleted")

    @pages.post("/tokens/{token}/seed")
    async def show_seed(self, visit: Visit) -> Page | Redirect:
        """Show the seed, in the response of this form and nowhere else."""
        return await self._seed(visit, "GET", f"{TOKEN}/seed", None)

    @pages.post("/tokens/{token}/rotate")
    async def rotate(self, visit: Visit) -> Page | Redirect:
        """Replace the seed, and show the new one."""
        return await self._seed(visit, "POST", f"{TOKEN}/seed/rotate", {"secret": visit.form.value("secret").strip() or None})

    @pages.post("/tokens/{token}/grants")
    async def grant(self, visit: Visit) -> Page | Redirect:
        """Grant a token to a group, a user or a key."""
        form = visit.form
        body = form.body("subject", "permission", "reason", expires_in_s=form.number("expires_in_s"))
        answer = await visit.send("POST", f"{TOKEN}/grants", path=visit.params, body=body)
        if not answer.ok:
            return await self._shown(visit, form.failed(answer.value), answer.status)
        return visit.done(f"{HERE}/tokens/{visit.params['token']}", "Granted")

    @pages.post("/tokens/{token}/grants/{grant_id}/end")
    async def end_grant(self, visit: Visit) -> Redirect:
        """End a grant at once."""
        here = f"{HERE}/tokens/{visit.params['token']}"
        try:
            await visit.do("DELETE", f"{TOKEN}/grants/{{grant_id}}", path=visit.params)
        except ApiFailed as error:
            return visit.refused(here, error)
        return visit.done(here, "The grant has ended")

    @pages.post("/tokens/{token}/requests")
    async def ask(self, visit: Visit) -> Redirect:
        """Ask a second person to approve that the seed is read."""
        here = f"{HERE}/tokens/{visit.params['token']}"
        try:
            await visit.do("POST", f"{TOKEN}/seed-requests", path=visit.params, body=visit.form.body("reason"))
        except ApiFailed as error:
            return visit.refused(here, error)
        return visit.done(here, "Requested. Another person must approve it.")

    async def _seed(self, visit: Visit, method: str, template: str, body: Any) -> Page | Redirect:
        answer = await visit.send(method, template, path=visit.params, body=body)
        if not answer.ok:
            error = ApiFailed(answer.status, answer.value)
            return visit.refused(f"{HERE}/tokens/{visit.params['token']}", error)
        return Page(SEED, title="Seed", seed=answer.value)

    async def _shown(self, visit: Visit, form: Form | None = None, status: int = 200) -> Page:
        token = await visit.get(TOKEN, path=visit.params)
        # What was sent and refused is shown again; the token itself keeps its path, also if its new name was refused.
        grants, requests, subjects = await asyncio.gather(
            visit.find(f"{TOKEN}/grants", path=visit.params),
            visit.find("/api/v2/seed-requests", query={"token": token["id"], "state": "open"}),
            self._subjects(visit),
        )
        return Page(
            SHOW,
            title=token["name"],
            status=status,
            form=form or Form.showing(token),
            token=token,
            grants=(grants or {}).get("data", []),
            requests=(requests or {}).get("data", []),
            subjects=subjects,
        )

    async def _subjects(self, visit: Visit) -> list[tuple[str, str]]:
        """The groups, people and keys to which a token can be granted, each with its id."""
        if not visit.can("tokens:write"):
            return []
        groups, members, keys = await asyncio.gather(
            *(visit.find(f"/api/v2/{name}", query={"limit": "200"}) for name in ("groups", "members", "keys"))
        )
        found = [(one["id"], f"{one['name']} (group)") for one in (groups or {}).get("data", [])]
        found += [(one["user_id"], f"{one['email']} (person)") for one in (members or {}).get("data", [])]
        return found + [(one["id"], f"{one['name']} (key)") for one in (keys or {}).get("data", []) if one["status"] == "active"]


def _without_seed(form: Form) -> Form:
    """A seed that was refused is typed again: it must not be in a page."""
    form.drop("secret")
    form.drop("uri")
    return form
