"""The faces of bills."""

from __future__ import annotations

from penstock.api.console.bills.tabs import HERE, bill_tabs


class _Visit:
    def __init__(self, allowed: bool) -> None:
        self._allowed = allowed

    def can(self, scope: str) -> bool:
        return self._allowed and scope == "billing:read"


def test_who_may_not_read_billing_has_no_tabs() -> None:
    assert bill_tabs(_Visit(False)) == []  # type: ignore[arg-type]
    assert [tab["href"] for tab in bill_tabs(_Visit(True))][:2] == [HERE, f"{HERE}/tariffs"]  # type: ignore[arg-type]
