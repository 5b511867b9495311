"""What the pages of bills show of invoices."""

from __future__ import annotations

import datetime
from typing import Any

from penstock.api.console.shared.formats import moment
from penstock.api.console.shared.viewer import zone_of


def with_days(invoice: dict[str, Any]) -> dict[str, Any]:
    """An invoice whose lines have the first and the last day of their period, in the invoice's time zone."""
    zone = zone_of(invoice["timezone"]) or datetime.UTC
    for line in invoice["lines"]:
        begin, end = moment(line["from"]), moment(line["to"])
        if begin is not None and end is not None:
            last = end - datetime.timedelta(microseconds=1)
            line |= {"first_day": f"{begin.astimezone(zone):%Y-%m-%d}", "last_day": f"{last.astimezone(zone):%Y-%m-%d}"}
    return invoice
