"""Pages of addresses: numbers and aliases, and the groups, people and keys that can use them."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.inbox.tabs import ADDRESSES, HERE, TABS, accounts_of, base_url
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

ADDRESS = f"{ADDRESSES}/{{address_id}}"
LIST = f"{HERE}/addresses"
PAGE_SIZE = "50"
KINDS = {"grp": "groups", "usr": "users", "key": "keys"}
"""The parts of the paths of grants, by the beginning of the id of who is granted."""
SELLS = ("twilio", "log")
"""Kinds of accounts whose numbers can be bought and given back."""


class InboxAddressPages:
    """Addresses."""

    pages = Pages("/inbox/addresses", nav="inbox")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the addresses that the person can access."""
        query = visit.asked("q", "channel", "released", "sort", "cursor")
        found, accounts = await asyncio.gather(visit.get(ADDRESSES, query=query | {"limit": PAGE_SIZE}), accounts_of(visit))
        return Page(
            "inbox/addresses.html",
            title="Addresses",
            tabs=TABS,
            addresses=found["data"],
            next_cursor=found["next_cursor"],
            accounts={one["id"]: one["name"] for one in accounts},
        )

    @pages.get("/new")
    async def show_new(self, visit: Visit) -> Page:
        """Show the form of a new address."""
        return await _new_page(visit, Form.showing({"channel": visit.query.get("channel", "sms")}))

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Take an address into use."""
        form = visit.form
        body = form.body("channel", "label", "account_id", value=form.value("value").strip().replace(" ", ""))
        if form.flag("for_notifications"):
            body["for_notifications"] = True
        answer = await visit.send("POST", ADDRESSES, body=body)
        if not answer.ok:
            return await _new_page(visit, form.failed(answer.value), answer.status)
        return visit.done(f"{LIST}/{answer.value['id']}", "The address is in use")

    @pages.get("/{address_id}")
    async def show(self, visit: Visit) -> Page:
        """Show an address with its grants."""
        return await _shown(visit)

    @pages.post("/{address_id}")
    async def update(self, visit: Visit) -> Page | Redirect:
        """Change an address."""
        form = visit.form
        body: dict[str, Any] = {"label": form.value("label").strip()}
        if form.has("account_id"):  # an alias for mails has neither
            body |= {"account_id": form.value("account_id") or None, "for_notifications": form.flag("for_notifications")}
        answer = await visit.send("PATCH", ADDRESS, path=visit.params, body=body)
        if not answer.ok:
            return await _shown(visit, form.failed(answer.value), answer.status)
        return visit.done(_here(visit), "Address changed")

    @pages.post("/{address_id}/release")
    async def release(self, visit: Visit) -> Redirect:
        """Release an address."""
        return await _acted(visit, "DELETE", ADDRESS, "Released. Its messages can still be read.")

    @pages.post("/{address_id}/return")
    async def take_back(self, visit: Visit) -> Redirect:
        """Take a released address into use again."""
        address = await visit.get(ADDRESS, path=visit.params)
        body = {"channel": address["channel"], "value": address["value"], "label": address["label"]}
        try:
            await visit.do("POST", ADDRESSES, body=body)
        except ApiFailed as error:
            return visit.refused(_here(visit), error)
        return visit.done(_here(visit), "The address is in use again")

    @pages.post("/{address_id}/give-back/{account_id}")
    async def give_back(self, visit: Visit) -> Redirect:
        """Give a number back to its provider."""
        template = "/api/v2/inbox/accounts/{account_id}/numbers/{address_id}"
        return await _acted(visit, "DELETE", template, "Given back. Its messages can still be read.")

    @pages.post("/{address_id}/grants")
    async def grant(self, visit: Visit) -> Page | Redirect:
        """Grant an address to a group, a person or a key."""
        form = visit.form
        subject = form.value("subject")
        kind = KINDS.get(subject.partition("_")[0])
        if kind is None:
            problem = {
                "detail": "Choose a group, a person or a key.",
                "errors": [{"field": "subject", "detail": "must be chosen"}],
            }
            return await _shown(visit, form.failed(problem), 400)
        answer = await visit.send("PUT", f"{ADDRESS}/{kind}/{{subject}}", path=visit.params | {"subject": subject})
        if not answer.ok:
            return await _shown(visit, form.failed(answer.value), answer.status)
        return visit.done(_here(visit), "Granted")

    @pages.post("/{address_id}/grants/{subject}/end")
    async def end_grant(self, visit: Visit) -> Redirect:
        """End a grant, from the next call on."""
        kind = KINDS.get(visit.params["subject"].partition("_")[0], "groups")
        return await _acted(visit, "DELETE", f"{ADDRESS}/{kind}/{{subject}}", "The grant has ended")


def _here(visit: Visit) -> str:
    return f"{LIST}/{visit.params['address_id']}"


async def _acted(visit: Visit, method: str, template: str, text: str) -> Redirect:
    try:
        await visit.do(method, template, path=visit.params)
    except ApiFailed as error:
        return visit.refused(_here(visit), error)
    return visit.done(_here(visit), text)


async def _new_page(visit: Visit, form: Form, status: int = 200) -> Page:
    accounts = [(one["id"], one["name"]) for one in await accounts_of(visit)]
    return Page("inbox/new_address.html", title="New address", status=status, form=form, accounts=accounts)


async def _shown(visit: Visit, form: Form | None = None, status: int = 200) -> Page:
    address = await visit.get(ADDRESS, path=visit.params)
    accounts, grants, subjects = await asyncio.gather(accounts_of(visit), _grants(visit), _subjects(visit))
    account = next((one for one in accounts if one["id"] == address["account_id"]), None)
    return Page(
        "inbox/address.html",
        title=address["value"],
        status=status,
        form=form or Form.showing(address),
        address=address,
        account=account,
        accounts=[(one["id"], one["name"]) for one in accounts],
        sells=account is not None and account["kind"] in SELLS,
        grants=[one | {"subject_name": subjects.get(one["subject_id"], one["subject_id"])} for one in grants],
        subjects=list(subjects.items()),
        base_url=base_url(visit),
    )


async def _grants(visit: Visit) -> list[dict[str, Any]]:
    if not visit.can("sms:write"):
        return []
    found = await visit.find(f"{ADDRESS}/grants", path=visit.params)
    return list((found or {}).get("data", []))


async def _subjects(visit: Visit) -> dict[str, str]:
    """The groups, people and keys that an address can be granted to: names by ids."""
    if not visit.can("sms:write"):
        return {}
    groups, members, keys = await asyncio.gather(
        *(visit.find(f"/api/v2/{name}", query={"limit": "1000"}) for name in ("groups", "members", "keys"))
    )
    found = {one["id"]: f"{one['name']} (group)" for one in (groups or {}).get("data", [])}
    found |= {one["user_id"]: f"{one['email']} (person)" for one in (members or {}).get("data", [])}
    return found | {one["id"]: f"{one['name']} (key)" for one in (keys or {}).get("data", []) if one["status"] == "active"}
