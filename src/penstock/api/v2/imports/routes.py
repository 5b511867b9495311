"""Imports of CSV files over the native API."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from penstock.api.shared.call import Answer, Call, Stream
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.imports import examples, wire
from penstock.api.v2.imports.translate import (
    FAULTS_HEADER,
    faults_as_csv,
    from_core_dry_run,
    from_core_fault,
    from_core_import,
    from_core_started,
    template_as_csv,
)
from penstock.api.v2.telemetry.export import file_writer
from penstock.api.v2.wire import ListOf, Page
from penstock.core.imports.models import ImportKind
from penstock.core.imports.planning import read_file
from penstock.core.imports.service import ImportService
from penstock.core.imports.table import MAX_BYTES
from penstock.kit.ids import ImportId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "devices:read", "devices:write"
CSV = "text/csv"
_CSV = b"text/csv; charset=utf-8"
FAULTS_PER_READ = 1_000


class ImportEndpoints:
    """Import devices, registers, residents and placements from CSV files."""

    routes = Routes("/api/v2/imports", surface="v2", tag="Imports")

    def __init__(self, imports: ImportService) -> None:
        self._imports = imports

    @routes.post(
        scope=WRITE,
        status=202,
        body_types=("application/json", CSV),
        max_body_bytes=MAX_BYTES,
        refuses=(429,),
        example=Example(query={"kind": "devices"}, body=examples.BODY, answer=examples.QUEUED),
    )
    async def start(self, call: Call[wire.ImportQuery, wire.ImportFile]) -> Answer[wire.StartedImport]:
        """Import a CSV file.

        The file is UTF-8 with a header; its delimiter is a comma, a semicolon or a tab, and it has at most 50,000 rows. With
        `dry_run` nothing is imported: each row is checked against what is stored, and the response has its faults. Otherwise the
        rows are imported in the background, each completely or not at all. What exists is updated, so that the same file can be
        imported again; an empty cell leaves a value as it is. Residents need the scope customers:write, placements
        customers:read.
        """
        kind, content = ImportKind(call.query.kind), call.body.content
        file = await asyncio.to_thread(read_file, content, kind)
        if not call.query.dry_run:
            return Answer(body=from_core_started(await self._imports.start(call.actor, kind, content, file)))
        tried = await self._imports.try_out(call.actor, kind, file)
        faults = await self._imports.faults(call.actor, tried.found.id, call.query.limit, None)
        return Answer(body=from_core_dry_run(tried, faults), status=HTTPStatus.OK)

    @routes.get(scope=READ, example=Example(answer={"data": [examples.RUNNING], "next_cursor": None}))
    async def list(self, call: Call[Page, None]) -> ListOf[wire.Import]:
        """List imports.

        Newest first, with dry runs.
        """
        page = await self._imports.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([from_core_import(one) for one in page.items], page.next_cursor)

    @routes.get(
        "/template",
        scope=READ,
        media_type=CSV,
        example=Example(query={"kind": "devices"}, answer=examples.TEMPLATE),
    )
    async def template(self, call: Call[wire.TemplateQuery, None]) -> Stream:
        """Get a CSV file to fill in.

        With all columns, and a row as an example.
        """
        kind = ImportKind(call.query.kind)
        return Stream(write=file_writer(template_as_csv(kind), _CSV, f"{kind.value}.csv"))

    @routes.get("/{import_id}", scope=READ, example=Example(path=examples.IMPORT_PATH, answer=examples.RUNNING))
    async def get(self, call: Call[None, None]) -> wire.Import:
        """Get an import with its progress."""
        return from_core_import(await self._imports.get(call.actor, _import_id(call)))

    @routes.post("/{import_id}/cancel", scope=WRITE, example=Example(path=examples.IMPORT_PATH, answer=examples.CANCELLED))
    async def cancel(self, call: Call[None, None]) -> wire.Import:
        """Cancel an import.

        The rows that were imported stay so. One that has ended is returned unchanged.
        """
        return from_core_import(await self._imports.cancel(call.actor, _import_id(call)))

    @routes.get(
        "/{import_id}/faults",
        scope=READ,
        example=Example(path=examples.IMPORT_PATH, answer={"data": [examples.FAULT], "next_cursor": None}),
    )
    async def faults(self, call: Call[Page, None]) -> ListOf[wire.Fault]:
        """List the faults of an import.

        In the order of the file's rows. A row can have several.
        """
        page = await self._imports.faults(call.actor, _import_id(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_fault(one) for one in page.items], page.next_cursor)

    @routes.get(
        "/{import_id}/faults/file",
        scope=READ,
        media_type=CSV,
        example=Example(path=examples.IMPORT_PATH, answer=examples.FAULTS_FILE),
    )
    async def faults_file(self, call: Call[None, None]) -> Stream:
        """Get the faults of an import as a CSV file."""
        import_id, cursor = _import_id(call), None
        parts = [FAULTS_HEADER]
        while True:
            page = await self._imports.faults(call.actor, import_id, FAULTS_PER_READ, cursor)
            parts.append(faults_as_csv(page.items))
            cursor = page.next_cursor
            if cursor is None:
                break
        return Stream(write=file_writer("".join(parts).encode("utf-8-sig"), _CSV, "faults.csv"))


def _import_id(call: Call[Any, Any]) -> ImportId:
    return path_id(Prefix.IMPORT, call.path["import_id"])
