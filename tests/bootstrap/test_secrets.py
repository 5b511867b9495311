"""A server whose data is from before the vault: its secrets are moved at the start, whatever interrupts it, and then used."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
import structlog

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.connections.models import ConnectionPatch, ConnectionType, NewConnection
from penstock.core.connections.settings import MqttSettings, Subscription
from penstock.core.notifications.errors import ChannelFailed
from penstock.core.notifications.models import ChannelKind, ChannelPatch, ChatMessage, NewChannel
from penstock.core.vault.errors import SecretsUnreadable
from penstock.core.vault.models import NewSecret, Owner
from penstock.core.webhooks.models import NewEndpoint
from penstock.kit.secret import Pepper
from penstock.settings import load_settings
from tests.support.old_secrets import make_old, sealed_rows

SETTINGS = MqttSettings(host="broker", subscriptions=[Subscription(topic="{{deviceId}}")], username="u", password="p-1")
HEADERS = (("X-B", "b"), ("X-A", "a"))
SIGNING = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Server, Actor]]:
    async with open_server(DataDir(folder), load_settings(environment={}), run_workers=False) as server:
        async with server.database.system_snapshot() as tx:
            found = await tx.organizations.find_by_name("Acme")
        organization = found or (await server.tenancy.bootstrap("Acme", "ada@example.org")).organization
        yield server, Actor.system(organization.id)


class Made:
    """What an organisation had: the ids, and the old column of each."""

    def __init__(self) -> None:
        self.old: dict[tuple[str, int], dict[str, Any]] = {}

    def of(self, kind: str) -> int:
        return next(number for found, number in self.old if found == kind)


async def make(folder: Path) -> Made:
    made = Made()
    async with opened(folder) as (server, actor):
        parts = server.parts
        wanted = NewConnection(name="broker", type=ConnectionType.MQTT, settings=SETTINGS)
        connection = (await parts.connections.service.create(actor, wanted)).connection
        made.old["connection", connection.id] = {"password": "p-1"}
        for url in ("https://hooks.invalid/1", "https://hooks.invalid/2"):
            new = NewEndpoint(url=url, topics=("device.*",), headers=HEADERS, secret=SIGNING)
            endpoint = (await parts.webhooks.endpoints.create(actor, new)).endpoint
            made.old["webhook", endpoint.id] = {"secret": SIGNING, "previous": "old", "headers": HEADERS}
        url = "https://hooks.invalid/services/long-enough-to-show"
        channel = await parts.notifications.channels.create(actor, NewChannel(name="ops", kind=ChannelKind.SLACK, url=url))
        made.old["channel", channel.id] = {"url": url, "token": "", "chat": ""}
    return made


async def held(server: Server, actor: Actor, kind: str, number: int) -> dict[str, str]:
    found = await server.vault.read(actor.org_id, Owner(kind, number))
    return {path: bytes(content).decode() for path, content in found.items()}


async def check_all(folder: Path, made: Made) -> None:
    async with opened(folder) as (server, actor):
        opened_connection = await server.parts.connections.service.open_settings(actor.org_id, made.of("connection"))
        assert opened_connection[1] == SETTINGS
        headers = {f"headers.{name}": value for name, value in HEADERS}
        for kind, number in made.old:
            if kind == "webhook":
                assert await held(server, actor, kind, number) == {"secret": SIGNING, "previous": "old"} | headers
                endpoint = await server.parts.webhooks.endpoints.get(actor, number)  # type: ignore[arg-type]
                assert endpoint.secret_paths.keys() == {"secret", "previous", *headers}
        url = made.old["channel", made.of("channel")]["url"]
        assert await held(server, actor, "channel", made.of("channel")) == {"url": url}


async def test_secrets_are_moved_at_the_start(tmp_path: Path) -> None:
    made = await make(tmp_path)
    make_old(tmp_path, made.old)
    assert sealed_rows(tmp_path) == 4
    await check_all(tmp_path, made)
    assert sealed_rows(tmp_path) == 0
    await check_all(tmp_path, made)


async def test_a_start_that_ends_midway_is_continued(tmp_path: Path) -> None:
    made = await make(tmp_path)
    make_old(tmp_path, made.old)
    control = tmp_path / CONTROL_FILE
    with closing(sqlite3.connect(control)) as database:
        database.execute(
            "CREATE TRIGGER stop BEFORE UPDATE OF sealed ON webhook_endpoints WHEN NEW.url LIKE '%/2' "
            "BEGIN SELECT RAISE(ABORT, 'stopped'); END"
        )
    with pytest.raises(sqlite3.IntegrityError, match="stopped"):
        async with opened(tmp_path):
            pass
    assert sealed_rows(tmp_path) == 2
    with closing(sqlite3.connect(control)) as database:
        (in_vault,) = database.execute("SELECT count(*) FROM secrets WHERE owner_kind = 'webhook'").fetchone()
        database.execute("DROP TRIGGER stop")
    assert in_vault == 0
    await check_all(tmp_path, made)
    assert sealed_rows(tmp_path) == 0


async def test_what_another_pepper_sealed_stays_and_can_be_entered_again(tmp_path: Path) -> None:
    made = await make(tmp_path)
    make_old(tmp_path, made.old, Pepper(b"another pepper of 32 bytes......"))
    with structlog.testing.capture_logs() as logs:
        async with opened(tmp_path) as (server, actor):
            parts, connection_id, channel_id = server.parts, made.of("connection"), made.of("channel")
            with pytest.raises(SecretsUnreadable, match="enter them again"):
                await parts.connections.service.open_settings(actor.org_id, connection_id)
            with pytest.raises(ChannelFailed, match="enter them again"):
                await parts.notifications.channels.send(actor.org_id, "ops", ChatMessage(title="t", text="t"))
            await parts.connections.service.update(actor, connection_id, ConnectionPatch(settings={"password": "p-2"}))
            await parts.notifications.channels.update(actor, channel_id, ChannelPatch(url="https://hooks.invalid/new"))
    assert [(one["event"], one["owners"]) for one in logs if one["log_level"] == "warning"] == [("secrets_unreadable", 4)]
    assert sealed_rows(tmp_path) == 4
    with structlog.testing.capture_logs() as logs:
        async with opened(tmp_path) as (server, actor):
            settings = (await server.parts.connections.service.open_settings(actor.org_id, connection_id))[1]
            assert isinstance(settings, MqttSettings)
            assert settings.password == "p-2"
            assert await held(server, actor, "channel", channel_id) == {"url": "https://hooks.invalid/new"}
            number = made.of("webhook")
            await server.parts.webhooks.endpoints.delete(actor, number)  # type: ignore[arg-type]
    assert [one["owners"] for one in logs if one["event"] == "secrets_unreadable"] == [2]
    assert sealed_rows(tmp_path) == 1


async def test_what_was_cleared_does_not_come_back_with_the_pepper(tmp_path: Path) -> None:
    made = await make(tmp_path)
    make_old(tmp_path, made.old, Pepper(b"another pepper of 32 bytes......"))
    async with opened(tmp_path) as (server, actor):
        service, connection_id = server.parts.connections.service, made.of("connection")
        await service.update(actor, connection_id, ConnectionPatch(settings={"password": None}))
        assert (await service.get(actor, connection_id)).secret_paths == {}
    async with opened(tmp_path) as (server, actor):
        assert (await server.parts.connections.service.get(actor, connection_id)).secret_paths == {}


async def test_a_connection_is_opened_again_when_its_secret_has_changed(tmp_path: Path) -> None:
    async with opened(tmp_path) as (server, actor):
        secrets, connections, dropped = server.parts.secrets, server.parts.connections, []
        shared = await secrets.create(actor, NewSecret(name="shared", value="p-1"))
        settings = MqttSettings(host="broker", subscriptions=SETTINGS.subscriptions, password="secret://shared")
        made = await connections.service.create(actor, NewConnection(name="broker", type=ConnectionType.MQTT, settings=settings))
        connections.directory.subscribe(dropped.append)
        await secrets.add_version(actor, shared.secret.id, "p-2")
        assert dropped == [made.connection.id]
        found = (await connections.service.open_settings(actor.org_id, made.connection.id))[1]
        assert isinstance(found, MqttSettings)
        assert found.password == "p-2"
