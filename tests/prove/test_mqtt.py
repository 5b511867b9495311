"""D1 and M3 over MQTT: kills under load lose and double nothing, and no bytes bring the server down."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import socket
import sqlite3
from collections import Counter
from contextlib import closing
from functools import partial

import pytest

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.encoding import encode

from .conftest import Note
from .mqtt_writers import MqttWriter, mqtt_fleet
from .servers import end, started, working
from .site import Site
from .stored import check_stored, damage, faults, segments
from .writers import Writer, fleet, more_acknowledged, repeat_unsure, run_load


@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=pytest.mark.prove)])
def test_nothing_acknowledged_over_mqtt_is_lost(site: Site, chance: random.Random, note: Note, kills: int) -> None:
    over_mqtt = mqtt_fleet(site.devices["Acme"])
    writers: list[Writer] = [*over_mqtt, *fleet(site, singles=1, natives=1, batches=1, plain=0)]  # type: ignore[list-item]
    for _ in range(kills):
        server = working(site.data_dir)
        _point(over_mqtt, server.mqtt_port)
        repeat_unsure(writers, server.base_url)
        check_stored(site.data_dir, writers)
        run_load(writers, server.base_url, chance.uniform(0.3, 1.0), then=server.kill, each=20)
        end(server)
    server = working(site.data_dir)
    _point(over_mqtt, server.mqtt_port)
    repeat_unsure(writers, server.base_url)
    assert not any(writer.unsure for writer in writers if writer.keyed)
    stored = check_stored(site.data_dir, writers)
    assert end(server) == 0
    acked = {writer.name: len(writer.acked) for writer in over_mqtt}
    note("MQTT: acknowledged, lost, twice", f"{sum(acked.values()):,}, 0, 0 of {stored:,} stored", "0 lost, 0 twice")


@pytest.mark.parametrize("stops", [1, pytest.param(20, marks=pytest.mark.prove)])
def test_an_end_under_load_is_told_and_loses_nothing(site: Site, note: Note, stops: int) -> None:
    """R7: after SIGTERM every MQTT 5 client is told that the server stops, and what was acknowledged is there, once."""
    writers = mqtt_fleet(site.devices["Acme"])
    for _ in range(stops):
        server = working(site.data_dir)
        _point(writers, server.mqtt_port)
        for writer in writers:
            writer.told = None
        run_load(writers, server.base_url, 0.5, then=partial(server.process.send_signal, signal.SIGTERM))  # type: ignore[arg-type]
        assert server.process.wait(30) == 0
        end(server)
        assert {writer.told for writer in writers if writer.version == m.V5} == {m.Reason.SHUTTING_DOWN}
        check_stored(site.data_dir, writers)  # type: ignore[arg-type]
    note("MQTT: stops under load, clients not told", f"{stops}, 0", "0")


def _point(writers: list[MqttWriter], port: int) -> None:
    for writer in writers:
        writer.port = port


@pytest.mark.parametrize("cases", [1_000, pytest.param(100_000, marks=pytest.mark.prove)])
def test_mutated_packets_disturb_nobody(site: Site, chance: random.Random, note: Note, cases: int) -> None:
    """M3: mutated packets on connections of their own, while another device's connection goes on and loses nothing."""
    with started(site.data_dir) as server:
        bystander = MqttWriter("bystander", site.devices["Other"][0], 1, port=server.mqtt_port)

        async def fuzz() -> None:
            stop = asyncio.Event()
            running = asyncio.create_task(bystander.run(server.base_url, stop))
            before = server.rss_bytes()
            for _ in range(10):
                await asyncio.to_thread(_send_mutants, server.mqtt_port, site, chance, cases // 10)
                await more_acknowledged([bystander], 5)
            stop.set()
            await running
            note("MQTT: growth under mutated packets", f"{(server.rss_bytes() - before) / before:.0%}", "<= 50 %")

        asyncio.run(fuzz())
    assert not bystander.unsure
    assert faults([bystander], _stored_of(bystander, site)) == {}  # type: ignore[list-item]
    assert damage(site.data_dir) == []


def _stored_of(writer: MqttWriter, site: Site) -> Counter[str]:
    """How often each value of a writer is stored; mutants may have stored whatever reads as a reading."""
    find = "SELECT payload ->> 'v' FROM readings WHERE payload ->> 'v' LIKE ?"
    found: Counter[str] = Counter()
    for path in segments(site.data_dir):
        with closing(sqlite3.connect(path)) as connection:
            found.update(value for (value,) in connection.execute(find, [f"{writer.name}-%"]))
    return found


def _send_mutants(port: int, site: Site, chance: random.Random, cases: int) -> None:
    device = site.device
    hello = encode(m.Connect(m.V5, "fuzz", True, 60, device.id, device.token.encode()), m.V5)
    alias = {m.Property.TOPIC_ALIAS: 1, m.Property.USER_PROPERTY: [("a", "b")]}
    seeds = [
        encode(m.Connect(m.V5, "f", True, 60, device.id, b"x", m.Will("d/x/s", b"y"), {m.Property.SESSION_EXPIRY_S: 9}), m.V5),
        encode(m.Publish(f"d/{device.id}/t", b'{"w":1}', 0), m.V5),
        encode(m.Publish(f"d/{device.id}/t", b'{"w":1}', 2, 7, properties=alias), m.V5),
        encode(m.Ack(m.Kind.PUBREL, 7), m.V5),
        encode(m.Ack(m.Kind.PUBACK, 7, 0, {m.Property.REASON_STRING: "x"}), m.V5),
        encode(m.Subscribe(3, [m.Subscription(f"d/{device.id}/#", 1), m.Subscription("#")]), m.V5),
        encode(m.Unsubscribe(4, [f"d/{device.id}/#"]), m.V5),
        encode(m.Ping(), m.V5),
        encode(m.Disconnect(4, {m.Property.SESSION_EXPIRY_S: 5}), m.V5),
        encode(m.Auth(0x18, {m.Property.AUTHENTICATION_METHOD: "x"}), m.V5),
    ]
    done = 0
    while done < cases:
        batch = [_mutant(chance.choice(seeds), chance) for _ in range(20)]
        done += len(batch)
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall((hello if chance.random() < 0.8 else b"") + b"".join(batch))
            client.shutdown(socket.SHUT_WR)
            while client.recv(65_536):
                pass


def _mutant(seed: bytes, chance: random.Random) -> bytes:
    """A packet with bytes changed, cut, doubled or inserted; mostly with a length that fits again, to get further in."""
    data = bytearray(seed)
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        at = chance.randrange(len(data)) if data else 0
        how = chance.randrange(4)
        if how == 0 and data:
            data[at] = chance.randrange(256)
        elif how == 1:
            del data[at : at + chance.randrange(1, 9)]
        elif how == 2:
            data[at:at] = data[at : at + chance.randrange(1, 40)]
        else:
            data[at:at] = chance.randbytes(chance.randrange(1, 9))
    if chance.random() < 0.7 and 2 < len(data) < 120:
        data[1] = len(data) - 2
    return bytes(data)
