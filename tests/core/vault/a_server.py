"""A server without workers and its organisation, for tests of secrets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.settings import load_settings


@asynccontextmanager
async def a_server(folder: Path) -> AsyncIterator[tuple[Server, Actor]]:
    async with open_server(DataDir(folder), load_settings(environment={}), run_workers=False) as server:
        yield server, Actor.system((await server.tenancy.bootstrap("Acme", "ada@example.org")).organization.id)
