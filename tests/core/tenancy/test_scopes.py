"""The catalogue of scopes, and scopes from outside."""

from __future__ import annotations

import pytest

from penstock.core.tenancy.scopes import ALL, CATALOGUE, parse_scopes
from penstock.kit.errors import InvalidInput


def test_what_can_be_written_can_be_read() -> None:
    areas = {scope.partition(":")[0] for scope in ALL if scope.endswith(":write")}
    assert {f"{area}:read" for area in areas} <= ALL
    assert all(about and not about.endswith(".") for about in CATALOGUE.values())
    assert CATALOGUE["telemetry:write"] == "Send readings for devices"


def test_scopes_are_taken_once_each_and_an_unknown_one_is_named() -> None:
    assert parse_scopes(["devices:read", "audit:read", "devices:read"]) == {"devices:read", "audit:read"}
    assert parse_scopes([]) == frozenset()
    for unknown in ("devices", "devices:Read", "own_devices:read", "*", "x" * 100):
        with pytest.raises(InvalidInput) as refused:
            parse_scopes(["devices:read", unknown])
        (error,) = refused.value.errors
        assert (error.field, error.code, error.detail) == ("scopes", "unknown", f"{unknown[:64]} is not a known scope")
