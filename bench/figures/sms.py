"""From an SMS that a provider reports to its webhook, under the load of other SMS.

The server is in this process, because the figure begins where each provider's protocol ends: at the intake.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import msgspec

from bench.context import Bench
from bench.loadgen import percentile
from bench.receiver import Receiver
from bench.table import Must, Row
from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.inboxes.models import AccountRef, Channel, IncomingSms, NewAddress
from penstock.core.webhooks.models import NewEndpoint
from penstock.kit.ids import SmsAccountId
from penstock.settings import load_settings

PER_SECOND = 20
WARM = 40
"""SMS at the start that are not measured: the workers and the connection to the receiver begin with them."""
ACCOUNT, NUMBER = SmsAccountId(1), "+447700900123"
SETTINGS = {"PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.1"}


def measure(bench: Bench) -> list[Row]:
    return [asyncio.run(_measure(bench.new_folder("sms"), bench.seconds(20, 4)))]


async def _measure(folder: Path, seconds: float) -> Row:
    receiver = Receiver(lambda body: float(body["data"]["body"]))
    listener = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"
    async with open_server(DataDir(folder / "data"), load_settings(environment=SETTINGS)) as server:
        account = await _prepare(server, url)
        sent = await _send(server, account, WARM + int(seconds * PER_SECOND))
        deadline = time.perf_counter() + 10
        while not sent.keys() <= receiver.came.keys() and time.perf_counter() < deadline:
            await asyncio.sleep(0.05)
    listener.close()
    delays_s = [receiver.came.get(value, float("inf")) - at_s for value, at_s in sent.items() if value >= WARM]
    return Row(
        figure=f"SMS in → webhook out at {PER_SECOND} SMS/s: p99",
        value=percentile(delays_s, 99) * 1_000,
        unit="ms",
        must=Must(at_most=300),
        note=f"p50 {percentile(delays_s, 50) * 1_000:.0f} ms, longest {max(delays_s) * 1_000:.0f} ms, of {len(delays_s):,} SMS, "
        "from the provider's report to the receiver; text and payload encrypted in between",
    )


async def _prepare(server: Server, url: str) -> AccountRef:
    """A number that receives from an account, and a webhook."""
    org_id = (await server.tenancy.bootstrap("Acme", "owner@example.org")).organization.id
    actor = Actor.system(org_id)
    address = await server.parts.inboxes.addresses.create(actor, NewAddress(channel=Channel.SMS, value=NUMBER))
    async with server.database.transaction(org_id) as tx:
        await tx.inbox_addresses.update(msgspec.structs.replace(address, account_id=ACCOUNT))
    await server.parts.webhooks.endpoints.create(actor, NewEndpoint(url=url, topics=("sms.inbound",)))
    return AccountRef(org_id, ACCOUNT)


async def _send(server: Server, account: AccountRef, count: int) -> dict[float, float]:
    """Report SMS at a fixed rate. Returns when each was reported, by its value."""
    sent: dict[float, float] = {}
    begun = time.perf_counter()
    for value in range(count):
        await asyncio.sleep(max(begun + value / PER_SECOND - time.perf_counter(), 0))
        sent[value] = time.perf_counter()
        now_us = server.clock.now_us()
        sms = IncomingSms(provider_id=f"p{value}", sender="+1", recipient=NUMBER, text=str(value), received_us=now_us)
        await server.parts.inboxes.intake.received(account, sms)
    return sent
