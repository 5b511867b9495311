"""Every list of the API as a CSV file for spreadsheets: what a table of a page shows a part of.

The path is that of the list below `/api`, the query that of the list, without a cursor and a limit. The rows are read by the same
operation, as the same person, call by call. Like the calls of scripts, it is only for links of our own pages.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from penstock.api.console.shared.downloads import Download
from penstock.api.console.shared.list_columns import encoded, lines_of, name_of
from penstock.api.console.shared.lists import FoundList, Lists
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.origin import check_read
from penstock.api.console.shared.pages import Pages
from penstock.api.console.shared.visit import Visit
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.http import RouteNotFound

MAX_ROWS = 100_000
BOM = b"\xef\xbb\xbf"
"""By it spreadsheets see that the file is in UTF-8."""
PREFIX = f"{ROOT}/csv/"


class CsvPages:
    """The files of lists. A file has at most `max_rows` rows, and its name says so if there can be more.

    `token_of` returns an access token of a session: one lasts for a minute at least, a slow download for longer.
    """

    pages = Pages("/csv")

    def __init__(self, lists: Lists, clock: Clock, token_of: Callable[[str], Awaitable[str]], max_rows: int = MAX_ROWS) -> None:
        self._lists = lists
        self._token_of = token_of
        self._clock = clock
        self._max_rows = max_rows

    @pages.get("/{rest:path}")
    async def show(self, visit: Visit) -> Download:
        """Send the file.

        Raises:
            RouteNotFound: there is no such list.
            FormRefused: the request does not come from one of our pages.
            ApiFailed: the API refused the first page of the list.
        """
        check_read(visit.scope, visit.session or "")
        raw_path: bytes = visit.scope["raw_path"]
        cut = b"/api/" + raw_path.removeprefix(PREFIX.encode())
        found = self._lists.find(cut) if raw_path.startswith(PREFIX.encode()) else None
        if found is None:
            raise RouteNotFound()
        first = await _page(visit, found, None)
        return Download(self._name(visit, found, first), "text/csv; charset=utf-8", self._chunks(visit, found, first))

    def _name(self, visit: Visit, found: FoundList, first: dict[str, Any]) -> str:
        """The name of the file: what it is, of which day, and whether it is at most a part."""
        moment = datetime.fromtimestamp(self._clock.now_us() // SECOND_US, UTC).astimezone(visit.viewer.zone)
        part = f"-at-most-{self._max_rows}" if first["next_cursor"] or len(first["data"]) > self._max_rows else ""
        return f"{found.name}-{moment.date().isoformat()}{part}.csv"

    async def _chunks(self, visit: Visit, found: FoundList, page: dict[str, Any]) -> AsyncIterator[bytes]:
        columns, left = found.shape.columns, self._max_rows
        yield BOM + encoded([[name_of(column) for column in columns]])
        while True:
            rows = page["data"][:left]
            left -= len(rows)
            if rows:
                yield lines_of(rows, columns)
            if left <= 0 or not page["next_cursor"]:
                return
            visit.token = await self._token_of(visit.session or "")
            page = await _page(visit, found, page["next_cursor"])


async def _page(visit: Visit, found: FoundList, cursor: str | None) -> dict[str, Any]:
    """A page of the list: {data, next_cursor}."""
    limit = str(found.shape.limit) if found.shape.limit else None
    answer: dict[str, Any] = await visit.get(
        found.template, path=found.params, query=visit.query | {"cursor": cursor, "limit": limit}
    )
    return answer


def csv_address(path: str, query: str) -> str:
    """Where a page links to the file of a list, by its call of the API: path and encoded query."""
    kept = "&".join(part for part in query.split("&") if part and part.partition("=")[0] not in ("cursor", "limit"))
    return PREFIX.removesuffix("/") + path.removeprefix("/api") + (f"?{kept}" if kept else "")
