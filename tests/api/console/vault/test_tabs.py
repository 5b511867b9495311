"""The tabs of the vault are those that the person may open."""

from __future__ import annotations

import pytest

from penstock.api.console.vault.tabs import vault_tabs
from tests.api.console.shared.test_visit import Api, visit_of


@pytest.mark.parametrize(
    ("scopes", "wanted"),
    [
        (set(), []),
        ({"tokens:read"}, ["codes", "requests"]),
        ({"secrets:read"}, ["secrets", "keys"]),
        ({"tokens:read", "secrets:read"}, ["codes", "requests", "secrets", "keys"]),
    ],
)
def test_tabs_depend_on_scopes(scopes: set[str], wanted: list[str]) -> None:
    visit = visit_of(Api(200))
    visit.viewer.scopes = frozenset(scopes)
    tabs = vault_tabs(visit)
    assert [tab["key"] for tab in tabs] == wanted
    assert all(tab["href"].startswith("/console/vault") for tab in tabs)
