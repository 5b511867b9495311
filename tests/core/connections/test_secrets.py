"""Secrets in settings: taken out, filled in, and never printed."""

from __future__ import annotations

import msgspec
import pytest

from penstock.adapters.sealing import SealedBox
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.connections.models import ConnectionPatch
from penstock.core.connections.secrets import old_paths, open_old, owner_of, secrets_in, shown_settings, stripped
from penstock.core.connections.settings import ChirpStackApi, ChirpStackSettings, MqttSettings
from penstock.core.vault.errors import SecretsUnreadable
from penstock.core.vault.models import NewSecret
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ConnectionId
from penstock.kit.secret import Pepper
from tests.core.connections.broker import BROKER, broker


async def test_a_connection_whose_secret_is_missing_cannot_be_opened(server: Server, actor: Actor) -> None:
    made = await broker(server, actor)
    owner = owner_of(made.connection.id)
    async with server.database.transaction(actor.org_id) as tx:
        await tx.secrets.delete_owned(owner)
    server.vault.forget(actor.org_id, owner)
    with pytest.raises(SecretsUnreadable, match="enter them again"):
        await server.parts.connections.service.open_settings(actor.org_id, made.connection.id)


async def test_what_is_cleared_or_deleted_is_gone_from_the_vault(server: Server, actor: Actor) -> None:
    service, made = server.parts.connections.service, await broker(server, actor)
    owner = owner_of(made.connection.id)

    async def held() -> list[str]:
        async with server.database.snapshot(actor.org_id) as tx:
            return [one.path for one in await tx.secrets.held(owner)]

    assert await held() == ["password"]
    change = {"password": None, "client_key": "k", "client_certificate": "c"}
    cleared = await service.update(actor, made.connection.id, ConnectionPatch(settings=change))
    assert (await held(), shown_settings(cleared)["password_set"]) == (["client_key"], False)
    await service.delete(actor, made.connection.id)
    assert await held() == []


async def test_a_reference_is_kept_for_its_own_address_alone(server: Server, actor: Actor) -> None:
    await server.parts.secrets.create(actor, NewSecret(name="shared", value="p-7"))
    service, made = server.parts.connections.service, await broker(server, actor)
    changed = await service.update(actor, made.connection.id, ConnectionPatch(settings={"password": "secret://shared"}))
    shown = shown_settings(changed)
    assert (shown["password_set"], shown["password_secret"]) == (True, "shared")
    with pytest.raises(InvalidInput, match="required again"):
        await service.update(actor, made.connection.id, ConnectionPatch(settings={"host": "elsewhere"}))
    kept = await service.update(actor, made.connection.id, ConnectionPatch(settings={"keep_alive_s": 9}))
    opened = (await service.open_settings(actor.org_id, kept.id))[1]
    assert isinstance(opened, MqttSettings)
    assert opened.password == "p-7"


async def test_a_secret_that_is_too_long_for_a_setting(server: Server, actor: Actor) -> None:
    secret = await server.parts.secrets.create(actor, NewSecret(name="long", value="x" * 5_000))
    service, made = server.parts.connections.service, await broker(server, actor)
    with pytest.raises(InvalidInput, match=r"settings\.password"):
        await service.update(actor, made.connection.id, ConnectionPatch(settings={"password": "secret://long"}))
    await server.parts.secrets.add_version(actor, secret.secret.id, "short")
    await service.update(actor, made.connection.id, ConnectionPatch(settings={"password": "secret://long"}))
    await server.parts.secrets.add_version(actor, secret.secret.id, "x" * 5_000)
    with pytest.raises(SecretsUnreadable, match="1 to 4096"):
        await service.open_settings(actor.org_id, made.connection.id)


def test_secrets_leave_the_settings_and_come_back() -> None:
    bare = stripped(BROKER)
    assert isinstance(bare, MqttSettings)
    assert bare.password is None
    sent = {"password": "p", "downlink": {"token": "t"}, "client_key": None}
    assert secrets_in(sent) == {"password": "p", "downlink.token": "t"}


def test_the_old_form_opens_for_its_own_connection_alone() -> None:
    box = SealedBox(Pepper(b"p" * 32))
    sealed = msgspec.msgpack.encode({"password": box.seal(b"p-1", "connection:7:password")})
    assert open_old(box, ConnectionId(7), sealed) == {"password": "p-1"}
    with pytest.raises(ValueError, match="another owner"):
        open_old(box, ConnectionId(8), sealed)


def test_secrets_do_not_print() -> None:
    shown = repr(BROKER) + repr(ChirpStackSettings(downlink=ChirpStackApi(url="https://x", token="t-1")))
    assert "p-1" not in shown
    assert "t-1" not in shown


def test_of_damaged_secrets_none_is_left_out() -> None:
    assert old_paths(b"\xc1", "mqtt") == ["damaged"]
    assert old_paths(msgspec.msgpack.encode({"password": b"x"}), "mqtt") == ["password"]
