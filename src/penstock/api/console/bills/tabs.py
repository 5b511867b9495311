"""The faces of bills."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.visit import Visit

HERE = f"{ROOT}/bills"
_TABS = (
    ("invoices", "Invoices", ""),
    ("tariffs", "Tariffs", "/tariffs"),
    ("runs", "Closing", "/runs"),
    ("settings", "Seller", "/settings"),
    ("plan", "Your plan", "/plan"),
)


def bill_tabs(visit: Visit) -> list[dict[str, Any]]:
    """The tabs that the person may open: managers of customers and residents see invoices only."""
    return [{"key": key, "label": label, "href": HERE + path} for key, label, path in _TABS if visit.can("billing:read")]
