"""W6: no way to make the server call what is inside: not when an endpoint is made or changed, not by a test message, not later.

The canaries listen inside, on the port that the URLs name. Ports and plain HTTP are allowed here, so that nothing but the
address stands between a URL and its canary. A name server of the test's own changes its answers.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from penstock.core.webhooks.models import Attempt, EndpointPatch, MessageStatus
from penstock.kit.clock import HOUR_US
from penstock.kit.errors import InvalidInput
from tests.support.days import HeldClock
from tests.support.receivers import receiving, saying
from tests.support.webhooks import HookSite, open_hooks

V4 = [
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "0.0.0.0",
    "169.254.169.254",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
]
V6 = [
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "64:ff9b:1::1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
]
DISGUISED = [
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0x7f.1",
    "127.1",
    "127.0.1",
    "017700000001",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127.0.0.1.",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "%31%32%37.0.0.1",
    "[::1%25lo]",
    "[fe80::1%25eth0]",
]
NAMES = ("inside.example.org", "metadata.example.org", "mapped.example.org", "mixed.example.org", "rebinds.example.org")


def urls(port: int) -> list[str]:
    hosts = [*V4, *(f"[{one}]" for one in V6), *DISGUISED]
    found = [f"http://{host}:{port}/" for host in hosts] + [f"https://{host}/" for host in hosts[:6]]
    found += [f"http://example.org@127.0.0.1:{port}/", f"http://127.0.0.1:{port}@example.org/", f"http://u:p@127.0.0.1:{port}/"]
    found += [f"http://example.org\\@127.0.0.1:{port}/", f"http://127.0.0.1:{port}\\.example.org/", f"http:127.0.0.1:{port}/"]
    found += [f"http:///127.0.0.1:{port}/", f"//127.0.0.1:{port}/", f"http://127.0.0.1:{port}/#a", f" http://127.0.0.1:{port}/"]
    found += [
        f"http://127.0.0.1\t:{port}/",
        f"http://127.0.0.1:{port}/\r\nHost: x",
        f"HTTP://127.0.0.1:{port}/",
        "http://127.0.0.1:0/",
    ]
    found += [f"{scheme}://127.0.0.1:{port}/x" for scheme in ("file", "gopher", "ftp", "dict", "ldap", "ws", "unix", "data")]
    return [*found, "file:///etc/passwd", "javascript:alert(1)", "http://", ""]


class Canaries:
    """Listen inside, and count what they hear."""

    def __init__(self) -> None:
        self.port = 0
        self.heard = 0

    async def serve(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard += 1
        writer.close()


@asynccontextmanager
async def canaries() -> AsyncIterator[Canaries]:
    found = Canaries()
    servers = [await asyncio.start_server(found.serve, "127.0.0.1", 0)]
    found.port = servers[0].sockets[0].getsockname()[1]
    with contextlib.suppress(OSError):  # a machine without IPv6
        servers.append(await asyncio.start_server(found.serve, "::1", found.port))
    try:
        yield found
    finally:
        for server in servers:
            server.close()


class NameServer:
    """Answers as it was told, the last answer for ever."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self._answers = answers
        self.asked = 0

    async def resolve(self, host: str, port: int) -> list[str]:
        self.asked += 1
        answers = self._answers[host.split(".", maxsplit=1)[0]]
        return answers.pop(0) if len(answers) > 1 else answers[0]


async def attempts(site: HookSite) -> list[Attempt]:
    found: list[Attempt] = []
    for message in await site.messages():
        found += (await site.hooks.messages.attempts(site.actor, message.id, 100, None)).items
    return found


async def bend(site: HookSite, endpoint_id: int, url: str) -> None:
    """As if a URL had been let in once."""
    async with site.server.database.transaction(site.actor.org_id) as tx:
        found = await tx.webhooks.find(endpoint_id)
        assert found is not None
        bent = msgspec.structs.replace(found, url=url)
        await tx.webhooks.update(bent)
    site.hooks.delivery._registry.put(bent)


async def test_nothing_inside_hears_a_byte(tmp_path: Path) -> None:
    clock = HeldClock()
    async with canaries() as inside:
        settings = {
            "PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "10.99.99.99",
            "PENSTOCK_OUTBOUND_PORTS": f"80,443,{inside.port}",
            "PENSTOCK_OUTBOUND_PLAIN_HTTP": "true",
        }
        async with open_hooks(tmp_path, clock, **settings) as site:
            wanted = urls(inside.port)
            assert len(wanted) >= 80
            made = await site.subscribe("https://public.example.org/", "device.*")
            for url in wanted:
                for tried in (site.subscribe(url, "device.*"), change(site, made.endpoint.id, url)):
                    try:
                        await tried
                    except InvalidInput:
                        continue
                    raise AssertionError(f"{url} was let in")
            for url in wanted:  # and were it let in: nothing is called by a test message, nor when it is tried again
                await bend(site, made.endpoint.id, url)
                await site.hooks.messages.test(site.actor, made.endpoint.id)
                await site.deliver()
                clock.us += HOUR_US
            await site.deliver()
            found = await attempts(site)
            assert len(found) >= len(wanted)
            assert {one.status for one in found} == {None}
            assert all("not allowed" in (one.error or "") for one in found)
    assert inside.heard == 0


async def change(site: HookSite, endpoint_id: int, url: str) -> object:
    return await site.hooks.endpoints.update(site.actor, endpoint_id, EndpointPatch(url=url))


async def test_the_canaries_hear_what_is_let_in(tmp_path: Path) -> None:
    """Where the operator allows what is inside, they do: this test's silence elsewhere is none of deaf ears."""
    async with canaries() as inside, open_hooks(tmp_path) as site:
        made = await site.subscribe(f"http://127.0.0.1:{inside.port}/", "device.*")
        await site.hooks.messages.test(site.actor, made.endpoint.id)
        await site.deliver()
    assert inside.heard == 1


async def test_names_that_lead_inside_and_names_that_change(tmp_path: Path) -> None:
    """Each connection is made to what was judged: a name that was public when the endpoint was made gains nothing later."""
    clock = HeldClock()
    async with canaries() as inside, receiving() as outside:
        settings = {
            "PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.8.8.8",  # stands for an address outside
            "PENSTOCK_OUTBOUND_PORTS": f"80,443,{inside.port}",
            "PENSTOCK_OUTBOUND_PLAIN_HTTP": "true",
        }
        names = NameServer(
            inside=[["127.0.0.1"]],
            metadata=[["169.254.169.254"]],
            mapped=[["::ffff:127.0.0.1"]],
            mixed=[["127.8.8.8", "127.0.0.1"]],
            rebinds=[["127.8.8.8"], ["127.0.0.1"], ["::1"], ["127.0.0.1"]],
        )
        async with open_hooks(tmp_path, clock, **settings) as site:
            backend = site.server.parts.webhooks.delivery._http.client._pool._network_backend  # type: ignore[attr-defined]
            backend._resolver = names
            for name in NAMES:
                await site.subscribe(f"http://{name}:{inside.port}/", "device.*")
            await site.add_device()
            await site.match()
            for _ in range(10):
                await site.deliver()
                clock.us += 11 * HOUR_US
            assert names.asked > len(NAMES), "a name is looked up anew for every attempt"
            assert {one.status for one in await attempts(site)} == {None}
            assert await site.messages(status=MessageStatus.DELIVERED) == []
        assert inside.heard == 0
        assert outside.delivered == []


async def test_a_redirect_inside_is_not_followed(tmp_path: Path) -> None:
    async with canaries() as inside, receiving() as receiver, open_hooks(tmp_path) as site:
        for number, status in enumerate((301, 302, 303, 307, 308)):
            receiver.answer = lambda one: saying(int(one.path[1:]), f"location: http://127.0.0.1:{inside.port}/\r\n")
            await site.subscribe(receiver.url(f"/{status}"), "device.*")
            assert number < 5
        await site.add_device()
        await site.match()
        await site.deliver()
        assert sorted(one.status or 0 for one in await attempts(site)) == [301, 302, 303, 307, 308]
    assert inside.heard == 0
