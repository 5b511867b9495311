"""What the server answers about dashboards: all of it is put together."""

from __future__ import annotations

from penstock.kit.operation import Operation
from tests.security.table import operations


def test_all_operations_are_served() -> None:
    found = [one for one in operations() if one.tag == "Dashboards"]
    assert len(found) == 35, sorted(map(_name, found))


def _name(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"
