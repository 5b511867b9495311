"""Handlers are found by their marks, in the order in which they are written."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.pages import Pages, routes_of


class PumpPages:
    pages = Pages("/pumps", nav="pumps")
    public = Pages("/open", public=True)

    @pages.get("/{pump_id}")
    async def show(self, visit: Any) -> Any:
        return visit

    @pages.post("/{pump_id}")
    @public.post()
    async def change(self, visit: Any) -> Any:
        return visit


async def test_routes() -> None:
    found = list(routes_of(PumpPages()))
    assert [(one.method, one.path, one.nav, one.public) for one in found] == [
        ("GET", "/console/pumps/{pump_id}", "pumps", False),
        ("POST", "/console/open", "", True),
        ("POST", "/console/pumps/{pump_id}", "pumps", False),
    ]
    assert await found[0].handle("bound to its object") == "bound to its object"
