"""The listener for mails listens as the settings say, and a start that cannot keep its promise fails."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from penstock.adapters.frontdoor.certificate import CertificateUnusable
from penstock.adapters.frontdoor.server import CannotListen
from penstock.bootstrap.inbox_mail import InboxMail, build_inbox_mail, listening_for_mail
from penstock.bootstrap.services import Services
from penstock.settings import Settings, load_settings
from tests.ingress.mail.running import Inbox, Raw
from tests.support.authority import Authority
from tests.support.days import HeldClock

SERVICES = cast("Services", SimpleNamespace(clock=HeldClock()))


def listening(**more: str) -> Settings:
    """Settings with a listener on a free port."""
    given = {"listen": "true", "port": "0", "domains": "codes.example"} | more
    return load_settings(environment={f"PENSTOCK_INBOX_MAIL_{name.upper()}": value for name, value in given.items()})


def built(settings: Settings) -> InboxMail:
    return build_inbox_mail(SERVICES, settings, Inbox("ci"))


def port_of(addresses: list[str]) -> int:
    [address] = addresses
    assert address.startswith("smtp://127.0.0.1:")
    return int(address.rpartition(":")[2])


async def announced(addresses: list[str]) -> str:
    """The last line of the greeting, and all that is announced."""

    def ask() -> str:
        with Raw(port_of(addresses)) as client:
            client.send(b"EHLO c.example\r\nQUIT\r\n")
            with client.socket.makefile("rb") as answers:
                return client.greeting + answers.read().decode()

    return await asyncio.to_thread(ask)


async def test_it_is_off_until_it_is_asked_for() -> None:
    settings = load_settings(environment={})
    mail = built(settings)
    assert mail.server is None
    assert mail.part.figures == ()
    mail.begin_stop()
    async with listening_for_mail(mail, settings, None) as addresses:
        assert addresses == []


async def test_without_a_certificate_no_tls_is_offered() -> None:
    settings = listening(host_name="mx.codes.example")
    mail = built(settings)
    assert {figure.name for figure in mail.part.figures} == {"mail_connections", "mail_received", "mail_refused"}
    async with listening_for_mail(mail, settings, None) as addresses:
        told = await announced(addresses)
    assert told.startswith("220 mx.codes.example Penstock")
    assert "STARTTLS" not in told


@pytest.mark.parametrize(("tls", "offered"), [("offered", True), ("off", False)])
async def test_the_certificate_of_the_http_server_is_used(tls: str, offered: bool) -> None:
    settings = listening(tls=tls)
    shared: Any = SimpleNamespace(context=ssl.create_default_context(ssl.Purpose.CLIENT_AUTH))
    async with listening_for_mail(built(settings), settings, shared) as addresses:
        assert ("STARTTLS" in await announced(addresses)) is offered


async def test_it_can_have_a_certificate_of_its_own(tmp_path: Path) -> None:
    pair = Authority(tmp_path).pair()
    settings = listening(tls_certificate=str(pair.certificate), tls_key=str(pair.key))
    async with listening_for_mail(built(settings), settings, None) as addresses:
        assert "STARTTLS" in await announced(addresses)
    pair.key.unlink()
    with pytest.raises(CertificateUnusable):
        async with listening_for_mail(built(settings), settings, None):
            pass


async def test_a_port_in_use_ends_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = listening(port=str(taken.getsockname()[1]))
        with pytest.raises(CannotListen, match=r"inbox_mail\.port"):
            async with listening_for_mail(built(settings), settings, None):
                pass
