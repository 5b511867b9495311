"""`client.imports`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._downloads import AsyncDownload, Download
from .._pages import AsyncPages, Pages
from .._request import Request, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Imports(Resource):
    """Devices, registers, residents and placements from CSV files, checked by a dry run."""

    def cancel(
        self, import_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Import:
        """Cancel an import.

        The rows that were imported stay so. One that has ended is returned unchanged.

        Requires the scope `devices:write`.

        `import_id`: The id of an import (`imp_…`).
        """
        request = Request(
            "POST", f"/api/v2/imports/{quoted(import_id)}/cancel", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Import = self._call(request)
        return answer

    def get(self, import_id: str, *, request_timeout: float | None = None) -> schemas.Import:
        """Get an import with its progress.

        Requires the scope `devices:read`.

        `import_id`: The id of an import (`imp_…`).
        """
        request = Request("GET", f"/api/v2/imports/{quoted(import_id)}", timeout_s=request_timeout)
        answer: schemas.Import = self._call(request)
        return answer

    def get_faults_file(self, import_id: str, *, request_timeout: float | None = None) -> Download:
        """Get the faults of an import as a CSV file.

        Requires the scope `devices:read`.

        `import_id`: The id of an import (`imp_…`).
        """
        request = Request("GET", f"/api/v2/imports/{quoted(import_id)}/faults/file", timeout_s=request_timeout)
        return self._file(request)

    def get_template(
        self, *, kind: Literal["devices", "placements", "registers", "residents"], request_timeout: float | None = None
    ) -> Download:
        """Get a CSV file to fill in.

        With all columns, and a row as an example.

        What the rows of the file will be.

        Requires the scope `devices:read`.

        `kind`: What the rows of the file will be.
        """
        request = Request("GET", "/api/v2/imports/template", query={"kind": kind}, timeout_s=request_timeout)
        return self._file(request)

    def list(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Import]:
        """List imports.

        Newest first, with dry runs.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `devices:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request("GET", "/api/v2/imports", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def list_faults(
        self, import_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Fault]:
        """List the faults of an import.

        In the order of the file's rows. A row can have several.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `devices:read`.

        `import_id`: The id of an import (`imp_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of
        the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/imports/{quoted(import_id)}/faults",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def start(
        self,
        *,
        kind: Literal["devices", "placements", "registers", "residents"],
        content: str,
        dry_run: bool | None = None,
        limit: int | None = None,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.StartedImport:
        """Import a CSV file.

        The file is UTF-8 with a header; its delimiter is a comma, a semicolon or a tab, and it has at most 50,000 rows.
        With `dry_run` nothing is imported: each row is checked against what is stored, and the response has its faults.
        Otherwise the rows are imported in the background, each completely or not at all. What exists is updated, so
        that the same file can be imported again; an empty cell leaves a value as it is. Residents need the scope
        customers:write, placements customers:read.

        What the rows of the file are. With `dry_run` they are only checked; `limit` is how many faults the answer has
        at most.

        Requires the scope `devices:write`.

        `kind`: What the rows of the file are. `dry_run`: Whether the rows are only checked. `limit`: How many faults
        the response of a dry run has at most.
        """
        request = Request(
            "POST",
            "/api/v2/imports",
            query={"kind": kind, "dry_run": dry_run, "limit": limit},
            body=present({"content": content}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.StartedImport = self._call(request)
        return answer


class AsyncImports(AsyncResource):
    """As `Imports`, for an event loop."""

    async def cancel(
        self, import_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Import:
        """Cancel an import.

        As `Imports.cancel`.
        """
        request = Request(
            "POST", f"/api/v2/imports/{quoted(import_id)}/cancel", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Import = await self._call(request)
        return answer

    async def get(self, import_id: str, *, request_timeout: float | None = None) -> schemas.Import:
        """Get an import with its progress.

        As `Imports.get`.
        """
        request = Request("GET", f"/api/v2/imports/{quoted(import_id)}", timeout_s=request_timeout)
        answer: schemas.Import = await self._call(request)
        return answer

    async def get_faults_file(self, import_id: str, *, request_timeout: float | None = None) -> AsyncDownload:
        """Get the faults of an import as a CSV file.

        As `Imports.get_faults_file`.
        """
        request = Request("GET", f"/api/v2/imports/{quoted(import_id)}/faults/file", timeout_s=request_timeout)
        return await self._file(request)

    async def get_template(
        self, *, kind: Literal["devices", "placements", "registers", "residents"], request_timeout: float | None = None
    ) -> AsyncDownload:
        """Get a CSV file to fill in.

        As `Imports.get_template`.
        """
        request = Request("GET", "/api/v2/imports/template", query={"kind": kind}, timeout_s=request_timeout)
        return await self._file(request)

    def list(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Import]:
        """List imports.

        As `Imports.list`.
        """
        request = Request("GET", "/api/v2/imports", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def list_faults(
        self, import_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Fault]:
        """List the faults of an import.

        As `Imports.list_faults`.
        """
        request = Request(
            "GET",
            f"/api/v2/imports/{quoted(import_id)}/faults",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def start(
        self,
        *,
        kind: Literal["devices", "placements", "registers", "residents"],
        content: str,
        dry_run: bool | None = None,
        limit: int | None = None,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.StartedImport:
        """Import a CSV file.

        As `Imports.start`.
        """
        request = Request(
            "POST",
            "/api/v2/imports",
            query={"kind": kind, "dry_run": dry_run, "limit": limit},
            body=present({"content": content}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.StartedImport = await self._call(request)
        return answer
