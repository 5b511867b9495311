"""Declares the pages of a noun: handlers by path and method, and what they return.

class DevicePages:
    pages = Pages("/devices", nav="devices")

    @pages.get("/{device_id}")
    async def show(self, visit: Visit) -> Page:
        device = await visit.get("/api/v2/devices/{device_id}", path=visit.params)
        return Page("devices/show.html", title=device["name"], device=device)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import msgspec

from penstock.api.console.shared.cookies import Notice
from penstock.api.console.shared.downloads import Download
from penstock.api.console.shared.navigation import ROOT
from penstock.kit.http import Headers

Handler = TypeVar("Handler", bound=Callable[..., Awaitable[Any]])
_MARK = "__penstock_pages__"


class Page:
    """A page to render: a template `<noun>/<file>.html` with its values."""

    def __init__(
        self, template: str, *, title: str = "", status: int = 200, headers: Headers | None = None, **values: Any
    ) -> None:
        self.template = template
        self.title = title
        self.status = status
        self.headers = headers or []
        self.values = values


class Redirect:
    """Sends the browser to another page of the console, which shows the notice."""

    def __init__(self, location: str, notice: Notice | None = None, headers: Headers | None = None) -> None:
        self.location = location
        self.notice = notice
        self.headers = headers or []


class PageRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A handler with its path. `public` pages need no session, `nav` is the key of the menu's item."""

    method: str
    path: str
    nav: str
    public: bool
    handle: Callable[..., Awaitable[Page | Redirect | Download]]


class Pages:
    """Marks the handlers of one noun. `path` is the common prefix of their paths, below `/console`."""

    def __init__(self, path: str, *, nav: str = "", public: bool = False) -> None:
        self._path = ROOT + path
        self._nav = nav
        self._public = public

    def get(self, path: str = "") -> Callable[[Handler], Handler]:
        """Mark a handler that shows a page."""
        return self._marked("GET", path)

    def post(self, path: str = "") -> Callable[[Handler], Handler]:
        """Mark a handler of a form."""
        return self._marked("POST", path)

    def _marked(self, method: str, path: str) -> Callable[[Handler], Handler]:
        def marked(handler: Handler) -> Handler:
            known = getattr(handler, _MARK, ())
            setattr(handler, _MARK, (*known, (method, self._path + path, self._nav, self._public)))
            return handler

        return marked


def routes_of(pages: object) -> Iterator[PageRoute]:
    """The routes of a class of pages, in the order of their definition."""
    for name, member in vars(type(pages)).items():
        for method, path, nav, public in getattr(member, _MARK, ()):
            yield PageRoute(method=method, path=path, nav=nav, public=public, handle=getattr(pages, name))
