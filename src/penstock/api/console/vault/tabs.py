"""The faces of the vault."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.visit import Visit

HERE = f"{ROOT}/vault"
_TABS = (
    ("codes", "Codes", "", "tokens:read"),
    ("requests", "Requests", "/requests", "tokens:seed"),
    ("secrets", "Secrets", "/secrets", "secrets:read"),
    ("keys", "Encryption keys", "/keys", "secrets:read"),
)


def vault_tabs(visit: Visit) -> list[dict[str, Any]]:
    """The tabs that the person may open."""
    return [{"key": key, "label": label, "href": HERE + path} for key, label, path, scope in _TABS if visit.can(scope)]
