"""The faces of inboxes, and what several of their pages need."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.visit import Visit
from penstock.kit.http import header

HERE = f"{ROOT}/inbox"
ADDRESSES, ACCOUNTS = "/api/v2/inbox/addresses", "/api/v2/inbox/accounts"
TABS = [
    {"key": "messages", "label": "Messages", "href": HERE},
    {"key": "addresses", "label": "Addresses", "href": f"{HERE}/addresses"},
    {"key": "accounts", "label": "SMS accounts", "href": f"{HERE}/accounts"},
]
CHOICES = "1000"
"""How many addresses or accounts a field offers: the most that the API returns at once."""


async def addresses_of(visit: Visit, **filters: str) -> list[dict[str, Any]]:
    """The addresses that the person can access, for fields to choose from. Never fails: without any, there is no choice."""
    found = await visit.find(ADDRESSES, query={"limit": CHOICES} | filters)
    return list((found or {}).get("data", []))


async def accounts_of(visit: Visit) -> list[dict[str, Any]]:
    """The SMS accounts, at most 100 of an organisation."""
    found = await visit.find(ACCOUNTS, query={"limit": CHOICES})
    return list((found or {}).get("data", []))


def label_of(address: dict[str, Any]) -> str:
    """An address in a list to choose from."""
    text = f"{address['value']} · {address['label']}" if address["label"] else address["value"]
    return f"{text} (released)" if address["released_at"] else text


def base_url(visit: Visit) -> str:
    """The address by which the browser reached this server: the best guess of how providers reach it."""
    host = (header(visit.scope, b"host") or b"localhost").decode("latin-1")
    return f"{visit.scope.get('scheme', 'https')}://{host}"
