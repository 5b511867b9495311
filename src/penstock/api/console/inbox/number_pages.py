"""Pages of the numbers that a provider rents out: search them, and buy one."""

from __future__ import annotations

from typing import Any

from penstock.api.console.inbox.account_pages import ACCOUNT
from penstock.api.console.inbox.tabs import HERE
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

NUMBERS = f"{ACCOUNT}/numbers"
SEARCHED = ("country", "type", "contains")


class SmsNumberPages:
    """Numbers to buy."""

    pages = Pages("/inbox/accounts/{account_id}/numbers", nav="inbox")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the form of a search, and what it found."""
        return await _page(visit, {name: visit.query.get(name, "") for name in SEARCHED})

    @pages.post()
    async def buy(self, visit: Visit) -> Page | Redirect:
        """Buy a number, and take it into use."""
        form = visit.form
        answer = await visit.send("POST", NUMBERS, path=visit.params, body=form.body("value", "label"))
        if not answer.ok:
            return await _page(visit, {name: form.value(name) for name in SEARCHED}, answer.value, answer.status)
        return visit.done(f"{HERE}/addresses/{answer.value['id']}", "The number is yours, and in use")


async def _page(visit: Visit, search: dict[str, str], problem: dict[str, Any] | None = None, status: int = 200) -> Page:
    account = await visit.get(ACCOUNT, path=visit.params)
    form, numbers = Form.showing(search), None
    if search["country"]:
        query = search | {"country": search["country"].strip().upper()}
        answer = await visit.send("GET", NUMBERS, path=visit.params, query=query)
        if answer.ok:
            numbers = answer.value["data"]
        else:
            form, status = form.failed(answer.value), answer.status if problem is None else status
    if problem is not None:
        form = form.failed(problem)
    return Page(
        "inbox/numbers.html", title="Numbers to buy", status=status, form=form, account=account, numbers=numbers, search=search
    )
