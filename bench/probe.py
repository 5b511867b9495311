"""A device that publishes under the load of others, and a reader that polls for each of its readings until it is visible."""

from __future__ import annotations

import asyncio

import httpx

from bench.http import now
from bench.mqtt import publishers
from bench.server import Device, Server

EACH_S = 0.1
PATIENCE_S = 10.0


class Probe:
    """`took_s` are the times from sending each reading to a response that contains it; infinite if there was none."""

    def __init__(self, server: Server, device: Device) -> None:
        self._server = server
        self._device = device
        self.took_s: list[float] = []

    async def run(self, warm_s: float, measure_s: float) -> None:
        """Publish and poll during the measured time."""
        begun, number = now(), 0
        path = f"/api/v2/devices/{self._device.id}/telemetry"
        payloads = [b'{"n":%d}' % n for n in range(int(measure_s / EACH_S) + 2)]
        [publisher] = await publishers(self._server.running.mqtt_port, [self._device], 1, payloads)
        headers = self._server.org.headers()
        async with httpx.AsyncClient(base_url=self._server.running.base_url, headers=headers, timeout=30) as client:
            await client.get(path, params={"limit": "1"})
            await asyncio.sleep(max(0.0, begun + warm_s - now()))
            while now() < begun + warm_s + measure_s:
                number += 1
                publisher.publish(1)
                sent = now()
                self.took_s.append(await self._found(client, path, number % len(payloads), sent))
                await asyncio.sleep(max(0.0, sent + EACH_S - now()))
        publisher.close()

    async def _found(self, client: httpx.AsyncClient, path: str, number: int, sent: float) -> float:
        while now() < sent + PATIENCE_S:
            rows = (await client.get(path, params={"limit": "1"})).raise_for_status().json()["data"]
            if rows and rows[0]["data"] == {"n": number}:
                return now() - sent
        return float("inf")
