"""The Python client for commands: its errors in one line, and devices by what people call them."""

from __future__ import annotations

import pytest

from penstock.cli import client as module
from penstock.cli.client import ClientMissing, connected, connected_to, device_of
from penstock.cli.remote import Place, RemoteFailed
from penstock.kit.secret import Secret
from penstock_client import Client
from tests.cli.commands import create_device
from tests.support.server import Org, RunningServer


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, server: RunningServer, acme: Org) -> None:
    monkeypatch.setenv("PENSTOCK_URL", server.base_url)
    monkeypatch.setenv("PENSTOCK_API_KEY", acme.api_key)


def test_what_the_server_rejects_is_one_line() -> None:
    with pytest.raises(RemoteFailed, match=r"^device .* was not found \[404, devices.not_found, req_"), connected() as client:
        client.devices.get("dev_0c2k9fq7w3m1x")


def test_a_server_that_is_not_there_is_named_as_it_was_given() -> None:
    place = Place("http://127.0.0.1:1", Secret("psk_1"), "own", 'the profile "home"')
    with pytest.raises(RemoteFailed, match=r'^the profile "home": no answer'), connected_to(place, retries=0) as client:
        client.devices.get("dev_0c2k9fq7w3m1x")
    broken = Place("http://x", Secret("psk with_spaces"), "own", "PENSTOCK_URL")
    with pytest.raises(RemoteFailed, match=r"^PENSTOCK_URL: api_key must be") as failed, connected_to(broken):
        pass
    assert "with_spaces" not in str(failed.value)


def test_without_the_library_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ClientMissing, match="pip install"), connected():
        pass


def test_a_device_is_found_by_id_identifier_or_its_whole_name(server: RunningServer, acme: Org) -> None:
    with server.client(acme) as api:
        body = {"name": "Named for the client", "identifiers": [{"kind": "serial", "value": "client-1"}]}
        made = api.post("/api/v2/devices", json=body).json()["device"]["id"]
        create_device(api, "Twice for the client")
        create_device(api, "Twice for the client")
    with connected() as client:
        assert [device_of(one, client) for one in (made, "serial:client-1", "Named for the client")] == [made] * 3
        for name, said in (("Twice for the client", "2 devices have"), ("Named for", "no device has")):
            with pytest.raises(RemoteFailed, match=said):
                device_of(name, client)


def test_the_server_s_log_can_tell_the_command() -> None:
    with connected() as client:
        assert isinstance(client, Client)
        assert client._transport.http.headers["user-agent"].startswith("penstock-cli/")
