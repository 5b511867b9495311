"""R8: the same request sent several times at once under one name has one effect and one answer, also over a kill."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import httpx
import pytest

from .conftest import Note
from .servers import end, serving
from .site import Site

AT_ONCE = 48


async def _send_all(base_url: str, headers: dict[str, str], names: list[str], chance: random.Random) -> dict[str, set[bytes]]:
    """Each name two to five times, all in disorder; the answers by name."""
    calls = [name for name in names for _ in range(chance.randint(2, 5))]
    chance.shuffle(calls)
    answers: dict[str, set[bytes]] = {name: set() for name in names}
    slots = asyncio.Semaphore(AT_ONCE)

    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as client:

        async def send(name: str) -> None:
            async with slots:
                answer = await client.post("/api/v2/devices", json={"name": name}, headers={"Idempotency-Key": name})
            assert answer.status_code == 201, answer.text
            answers[name].add(answer.content)

        await asyncio.gather(*(send(name) for name in calls))
    return answers


def _devices(client: httpx.Client, wanted: str) -> list[str]:
    """The names of the devices that begin so."""
    found: list[str] = []
    query: dict[str, Any] = {"limit": 1000, "q": wanted}
    while True:
        page = client.get("/api/v2/devices", params=query).json()
        found += [device["name"] for device in page["data"]]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("names", [30, pytest.param(3_000, marks=pytest.mark.prove)])
def test_repeated_requests_have_one_effect(site: Site, chance: random.Random, note: Note, names: int) -> None:
    wanted = [f"once-{number}" for number in range(names)]
    server = serving(site.data_dir)
    headers = site.org.headers()
    answers = asyncio.run(_send_all(server.base_url, headers, wanted, chance))
    assert [name for name, found in answers.items() if len(found) != 1] == []
    with server.client(site.org) as client:
        assert sorted(_devices(client, "once-")) == sorted(wanted)
        other = client.post("/api/v2/devices", json={"name": "another"}, headers={"Idempotency-Key": wanted[0]})
        assert (other.status_code, other.json()["code"]) == (422, "idempotency.mismatch")
    end(server, hard=True)
    server = serving(site.data_dir)
    again = asyncio.run(_send_all(server.base_url, headers, wanted, chance))
    assert again == answers
    with server.client(site.org) as client:
        assert len(_devices(client, "once-")) == names
    assert end(server) == 0
    note("requests, effects, after a kill", f"{names}, {names}, 0 more", "one each")
