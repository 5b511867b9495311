"""Pages of SMS accounts: their settings and state, and the addresses that their providers call."""

from __future__ import annotations

import asyncio

from penstock.api.console.inbox.forms import KINDS, refused, settings_of, shown
from penstock.api.console.inbox.tabs import ACCOUNTS, HERE, TABS, addresses_of, base_url
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.cookies import Notice
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

ACCOUNT = f"{ACCOUNTS}/{{account_id}}"
LIST = f"{HERE}/accounts"
PAGE_SIZE = "50"


class SmsAccountPages:
    """Accounts at providers of SMS."""

    pages = Pages("/inbox/accounts", nav="inbox")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the accounts with their states."""
        found = await visit.get(ACCOUNTS, query={"cursor": visit.query.get("cursor"), "limit": PAGE_SIZE})
        return Page(
            "inbox/accounts.html",
            title="SMS accounts",
            tabs=TABS,
            accounts=found["data"],
            next_cursor=found["next_cursor"],
            kinds=KINDS,
        )

    @pages.get("/new")
    async def show_new(self, visit: Visit) -> Page:
        """Show the form of a new account of a kind."""
        return _form_page(_kind(visit.query.get("kind", "")), Form())

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create an account."""
        form, kind = visit.form, _kind(visit.form.value("kind"))
        body = {"kind": kind, "name": form.value("name").strip(), "settings": settings_of(kind, form, is_change=False)}
        answer = await visit.send("POST", ACCOUNTS, body=body)
        if not answer.ok:
            return _form_page(kind, refused(form, answer.value), answer.status)
        return visit.done(f"{LIST}/{answer.value['id']}", "Account created")

    @pages.get("/{account_id}")
    async def show(self, visit: Visit) -> Page:
        """Show an account: its state, its numbers, and what its provider calls."""
        account, addresses = await asyncio.gather(visit.get(ACCOUNT, path=visit.params), addresses_of(visit, channel="sms"))
        return Page(
            "inbox/account.html",
            title=account["name"],
            account=account,
            kind=KINDS.get(account["kind"], account["kind"]),
            numbers=[one for one in addresses if one["account_id"] == account["id"]],
            base_url=base_url(visit),
        )

    @pages.get("/{account_id}/edit")
    async def show_edit(self, visit: Visit) -> Page:
        """Show the form of an account."""
        account = await visit.get(ACCOUNT, path=visit.params)
        return _form_page(account["kind"], shown(account), account=account)

    @pages.post("/{account_id}/edit")
    async def update(self, visit: Visit) -> Page | Redirect:
        """Change an account."""
        account, form = await visit.get(ACCOUNT, path=visit.params), visit.form
        settings = settings_of(account["kind"], form, is_change=True)
        body = {"name": form.value("name").strip()} | ({"settings": settings} if settings else {})
        answer = await visit.send("PATCH", ACCOUNT, path=visit.params, body=body)
        if not answer.ok:
            return _form_page(account["kind"], refused(form, answer.value), answer.status, account=account)
        return visit.done(_here(visit), "Account saved")

    @pages.post("/{account_id}/check")
    async def check(self, visit: Visit) -> Redirect:
        """Ask the provider whether it accepts the credentials."""
        try:
            found = await visit.do("POST", f"{ACCOUNT}/check", path=visit.params)
        except ApiFailed as error:
            return visit.refused(_here(visit), error)
        detail = found["detail"]
        return Redirect(
            _here(visit), Notice("good", f"It works: {detail}") if found["ok"] else Notice("bad", f"Not accepted: {detail}")
        )

    @pages.post("/{account_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete an account that no number uses."""
        try:
            await visit.do("DELETE", ACCOUNT, path=visit.params)
        except ApiFailed as error:
            return visit.refused(_here(visit), error)
        return visit.done(LIST, "Account deleted")


def _here(visit: Visit) -> str:
    return f"{LIST}/{visit.params['account_id']}"


def _kind(name: str) -> str:
    return name if name in KINDS else "twilio"


def _form_page(kind: str, form: Form, status: int = 200, account: dict[str, object] | None = None) -> Page:
    title = f"Edit {account['name']}" if account else "New SMS account"
    return Page("inbox/account_form.html", title=title, status=status, form=form, kind=kind, kinds=KINDS, account=account)
