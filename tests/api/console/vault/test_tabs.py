"""The tabs of the vault follow the scopes."""

from __future__ import annotations

from types import SimpleNamespace

from penstock.api.console.vault.tabs import vault_tabs


def test_tabs() -> None:
    visit = SimpleNamespace(can=lambda scope: scope == "secrets:read")
    assert [one["key"] for one in vault_tabs(visit)] == ["secrets", "keys"]  # type: ignore[arg-type]
