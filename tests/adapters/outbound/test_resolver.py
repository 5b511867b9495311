"""Names and addresses by the system's resolver: each address once, in its order."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from penstock.adapters.outbound.resolver import SystemResolver
from tests.support.patching import replace_where


@pytest.fixture
def resolver() -> Iterator[SystemResolver]:
    opened = SystemResolver()
    yield opened
    opened.close()


async def test_an_address_is_itself(resolver: SystemResolver) -> None:
    assert await resolver.resolve("127.0.0.1", 443) == ["127.0.0.1"]


def is_example(host: str, port: int, **_: object) -> bool:
    return (host, port) == ("x.example", 443)


async def test_each_address_is_there_once_in_the_order_of_the_system(
    resolver: SystemResolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 443, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 443)),
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 443, 0, 0)),
    ]
    replace_where(monkeypatch, socket, "getaddrinfo", lambda *_, **__: rows, is_example)
    assert await resolver.resolve("x.example", 443) == ["2001:db8::1", "192.0.2.1"]


async def test_a_name_without_an_address_is_an_error(resolver: SystemResolver, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    replace_where(monkeypatch, socket, "getaddrinfo", nobody, is_example)
    with pytest.raises(OSError, match="not known"):
        await resolver.resolve("x.example", 443)
