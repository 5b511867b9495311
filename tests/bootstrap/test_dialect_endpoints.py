"""Endpoints and device calls of dialects are found in their packages, and served."""

from __future__ import annotations

from penstock.bootstrap.dialects import DIALECTS
from tests.security.table import dialect_of, operations, served


def test_each_operation_of_a_dialect_is_served() -> None:
    found = {(one.method, one.path): name for one in operations() if (name := dialect_of(one))}
    assert found.keys() - served()[0] == set()
    assert set(found.values()) == {name for name, surface in DIALECTS.items() if surface.rules}


def test_device_calls_are_hot_paths() -> None:
    """They are found by one look-up in front of the framework."""
    calls = {one.path for one in operations() if dialect_of(one) and one.scope is None and one.device_token}
    hot = {route.path for route in served()[1] if route.methods == {"POST"}}
    assert calls - hot == set()
