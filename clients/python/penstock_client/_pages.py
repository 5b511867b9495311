"""Lists come in pages; an iterator fetches them as they are needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from ._request import Request
from ._transport import AsyncTransport, Transport

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page. `next_cursor` is None on the last one. `answer` is the whole answer, which may say more."""

    data: list[Row]
    next_cursor: str | None
    answer: dict[str, Any]


def _page(answer: dict[str, Any]) -> Page[Any]:
    return Page(answer["data"], answer.get("next_cursor"), answer)


def _after(request: Request, cursor: str) -> Request:
    return replace(request, query={**(request.query or {}), "cursor": cursor})


class Pages(Generic[Row]):
    """The rows of a list, over all its pages. Each iteration asks the server again.

    `page()` is the first page alone (that of `cursor`, if the method got one), `pages()` iterates over pages.
    """

    def __init__(self, transport: Transport, request: Request) -> None:
        self._transport = transport
        self._request = request

    def __iter__(self) -> Iterator[Row]:
        for page in self.pages():
            yield from page.data

    def page(self) -> Page[Row]:
        """The first page."""
        return _page(self._transport.call(self._request))

    def pages(self) -> Iterator[Page[Row]]:
        """The pages, one after the other."""
        page = self.page()
        yield page
        while page.next_cursor is not None:
            page = _page(self._transport.call(_after(self._request, page.next_cursor)))
            yield page


class AsyncPages(Generic[Row]):
    """As `Pages`, with `async for` and `await`."""

    def __init__(self, transport: AsyncTransport, request: Request) -> None:
        self._transport = transport
        self._request = request

    async def __aiter__(self) -> AsyncIterator[Row]:
        async for page in self.pages():
            for row in page.data:
                yield row

    async def page(self) -> Page[Row]:
        """The first page."""
        return _page(await self._transport.call(self._request))

    async def pages(self) -> AsyncIterator[Page[Row]]:
        """The pages, one after the other."""
        page = await self.page()
        yield page
        while page.next_cursor is not None:
            page = _page(await self._transport.call(_after(self._request, page.next_cursor)))
            yield page
