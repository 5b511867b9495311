"""Who may see the inside of the server: the gate by itself."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.system.access import MetricsListener, MetricsNotAllowed, OperatorGate
from penstock.api.system.config import MetricsConfig
from penstock.core.tenancy.errors import CredentialInvalid, CredentialMissing
from penstock.kit.http import RouteNotFound

TOKEN = "0123456789abcdef"


def gate(*, token: str = "", listen: bool = False) -> OperatorGate:
    found = OperatorGate(MetricsConfig(listen=listen, host="", port=0, token=token))
    found.ports.add(9464)
    return found


def scope(peer: str | None = "127.0.0.1", port: int = 8080, **headers: str) -> dict[str, Any]:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    client = None if peer is None else (peer, 1)
    return {"type": "http", "client": client, "server": ("127.0.0.1", port), "headers": named, "raw_path": b"/metrics"}


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may(peer: str) -> None:
    assert gate().admits(scope(peer))


@pytest.mark.parametrize("peer", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1", "0.0.0.0", "", "localhost", None])
def test_another_one_may_not(peer: str | None) -> None:
    with pytest.raises(MetricsNotAllowed):
        gate().check(scope(peer))


PROXIED = """
forwarded via x_forwarded x_forwarded_for x_forwarded_host x_forwarded_port x_forwarded_proto x_forwarded_server
x_real_ip x_client_ip x_cluster_client_ip x_envoy_external_address x_original_forwarded_for
cf_connecting_ip fastly_client_ip true_client_ip
"""


@pytest.mark.parametrize("header", PROXIED.split())
def test_what_a_proxy_hands_on_does_not_come_from_this_machine(header: str) -> None:
    with pytest.raises(MetricsNotAllowed):
        gate().check(scope(**{header: "127.0.0.1"}))


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "localhost.:8080", "127.0.0.1:8080", "127.1.1.1", "[::1]:8080", "[::1]"]
)
def test_this_machine_has_these_names(host: str) -> None:
    assert gate().admits(scope(host=host))


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "localhost.evil.example", "", "192.0.2.1", "[2001:db8::1]:80", "é"]
)
def test_a_page_that_calls_it_by_another_name_may_not(host: str) -> None:
    with pytest.raises(MetricsNotAllowed):
        gate().check(scope(host=host))


def test_a_token_is_required_where_it_is_set_and_enough() -> None:
    locked = gate(token=TOKEN)
    locked.check(scope("192.0.2.1", authorization=f"Bearer {TOKEN}"))
    locked.check(scope("192.0.2.1", x_forwarded_for="192.0.2.9", authorization=f"bearer {TOKEN}"))
    with pytest.raises(CredentialMissing):
        locked.check(scope())
    for given in (TOKEN[:-1], f"{TOKEN}x", TOKEN.upper(), "é"):
        with pytest.raises(CredentialInvalid):
            locked.check(scope(authorization=f"Bearer {given}"))


def test_with_a_listener_the_other_port_has_none() -> None:
    apart = gate(listen=True)
    apart.check(scope("192.0.2.1", 9464))
    for peer in ("127.0.0.1", "192.0.2.1"):
        with pytest.raises(RouteNotFound):
            apart.check(scope(peer))
    with pytest.raises(CredentialMissing):
        gate(listen=True, token=TOKEN).check(scope(port=9464))


@pytest.mark.parametrize(
    ("port", "path", "served"),
    [
        (8080, b"/api/v2/me", True),
        (9464, b"/metrics", True),
        (9464, b"/ready", True),
        (9464, b"/api/v2/me", False),
        (9464, b"/docs", False),
        (9464, b"//metrics", False),
        (9464, b"/metrics/", False),
    ],
)
async def test_the_listener_serves_monitoring_alone(port: int, path: bytes, served: bool) -> None:
    called: list[bytes] = []
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        called.append(scope["raw_path"])

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    await MetricsListener(app, gate(listen=True))(scope(port=port) | {"raw_path": path}, receive, send)
    assert called == ([path] if served else [])
    assert [message["status"] for message in sent[:1]] == ([] if served else [404])
