"""Connections as they are shown: where network servers post to, what is never shown, and a project that is taken away."""

from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest
from msgspec import UNSET

from penstock.api.v2.connections import wire
from penstock.api.v2.connections.translate import direction_of, from_core_connection, to_core_connection, to_core_patch
from penstock.core.connections.models import ConnectionType
from penstock.core.connections.settings import ChirpStackSettings
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ConnectionId, OrgId, Prefix, ProjectId, encode
from tests.adapters.storage.sqlite.test_connections import connection

ACME = SimpleNamespace(acme=OrgId(1))


def test_only_what_network_servers_post_to_has_a_path() -> None:
    fetched = from_core_connection(connection(ACME, 1), None)  # type: ignore[arg-type]
    assert (fetched.ingest_path, fetched.type, fetched.link) == (None, "mqtt", None)
    pushed = connection(ACME, 1, type=ConnectionType.CHIRPSTACK, settings=ChirpStackSettings(), secret_paths={})  # type: ignore[arg-type]
    found = from_core_connection(pushed, None)
    assert found.ingest_path == f"/api/v2/ingest/{encode(Prefix.CONNECTION, ConnectionId(1))}"
    assert [direction_of(kind) for kind in (ConnectionType.MQTT, ConnectionType.CHIRPSTACK)] == ["pull", "push"]


def test_no_secret_is_shown() -> None:
    text = msgspec.json.encode(from_core_connection(connection(ACME, 1), None))  # type: ignore[arg-type]
    assert b"p-1" not in text
    assert b"client_key_secret" in text


@pytest.mark.parametrize("kind", ["chirpstack", "things_stack", "lorawan_http", "custom"])
def test_the_type_is_that_of_the_body(kind: str) -> None:
    body = msgspec.convert({"type": kind, "name": "x"}, wire.ConnectionCreate)
    assert to_core_connection(body).type == kind


def test_a_patch_tells_null_from_absent() -> None:
    assert to_core_patch(wire.ConnectionPatch()).project_id is UNSET
    assert to_core_patch(wire.ConnectionPatch(project_id=None)).project_id is None
    assert to_core_patch(wire.ConnectionPatch(project_id=encode(Prefix.PROJECT, ProjectId(3)))).project_id == 3
    with pytest.raises(InvalidInput):
        to_core_patch(wire.ConnectionPatch(project_id="nonsense"))
