"""The list under the bell, which is also a page of its own."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

from penstock.api.console.shared.pages import Page, Pages
from penstock.api.console.shared.visit import Visit
from penstock.api.console.work import view
from penstock.kit.clock import Clock

NEWEST = {"limit": "20"}


class WorkPages:
    """What takes longer than a request. Everybody sees what their role may read."""

    pages = Pages("/work")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show what has not ended, and what ended in the last days."""
        imports, redecodes, runs, backups = await asyncio.gather(
            _newest(visit, "devices:read", "/api/v2/imports"),
            _newest(visit, "devices:read", "/api/v2/redecodes"),
            _newest(visit, "billing:read", "/api/v2/invoice-runs"),
            _all(visit, "org:admin", "/api/v2/system/backups"),
        )
        found = view.of_imports(imports) + view.of_redecodes(redecodes) + view.of_runs(runs) + view.of_backups(backups)
        work = view.rows(found, datetime.datetime.fromtimestamp(self._clock.now_us() / 1e6, datetime.UTC))
        return Page("work/list.html", title="Long work", work=work, going=sum(one["going"] for one in work))


async def _newest(visit: Visit, scope: str, template: str) -> list[Any]:
    found = await visit.find(template, query=NEWEST) if visit.can(scope) else None
    return list(found["data"]) if found else []


async def _all(visit: Visit, scope: str, template: str) -> list[Any]:
    found = await visit.find(template) if visit.can(scope) else None
    return list(found["data"]) if found else []
