"""What pages show of invoices."""

from __future__ import annotations

from penstock.api.console.bills.view import with_days


def test_days_are_those_of_the_invoice_s_time_zone() -> None:
    line = {"from": "2026-04-30T22:00:00Z", "to": "2026-05-31T22:00:00Z"}
    [found] = with_days({"timezone": "Europe/Berlin", "lines": [line]})["lines"]
    assert (found["first_day"], found["last_day"]) == ("2026-05-01", "2026-05-31")
