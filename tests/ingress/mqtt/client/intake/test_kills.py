"""The server is killed while a broker's messages flow: nothing is lost, nothing stands twice."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from tests.ingress.mqtt.client.conftest import ALLOWED, Shown, Site
from tests.support.brokers import PATIENCE_S, Broker, Mosquitto, Publisher
from tests.support.server import RunningServer, bootstrap_org, start_server
from tests.support.waiting import eventually

MESSAGES = 600


def kill(server: RunningServer) -> None:
    server.kill()
    assert server.process.stdout is not None
    server.process.stdout.close()


def survive(broker: Broker, folder: Path, kills: int, qos: int, batch: int = MESSAGES) -> None:
    """Publish a batch for every life of the server, which is killed somewhere in it; then count."""
    data_dir = folder / "data"
    org = bootstrap_org(data_dir)
    server = start_server(data_dir, environment=ALLOWED)
    publisher = Publisher(broker)
    try:
        with server.client(org) as api:
            site = Site(broker, api, publisher)
            device_id = site.device()
            connection = site.connect({"topic": f"{site.topic}/{{{{deviceId}}}}/n", "qos": qos})
        number = 0
        for life in range(kills):
            before = number
            while number < before + batch:
                # Every fifth says what the one before said: packet identifiers tell them apart, and not the payloads alone.
                sent = publisher.client.publish(f"{site.topic}/{site.name}/n", str(number - (number % 5 == 0)), qos)
                number += 1
                if number == before + batch * (life + 1) // (kills + 1):
                    sent.wait_for_publish(PATIENCE_S)
                    assert sent.is_published()
                    kill(server)
            sent.wait_for_publish(PATIENCE_S)
            assert sent.is_published()
            server = start_server(data_dir, environment=ALLOWED)
            if life % 2:
                time.sleep(0.05 * life)  # sometimes it is killed again while the broker still repeats
        with server.client(org) as api:
            site, connection = Site(broker, api, publisher, site.topic, site.name), Shown(api, connection.id)
            assert eventually(lambda: len(site.rows(device_id)) >= number), len(site.rows(device_id))
            connection.until("connected")
            site.publisher.publish(f"{site.topic}/{site.name}/n", "-2", qos)
            assert eventually(lambda: {"n": -2} in site.values(device_id)[-5:], PATIENCE_S)
            found = Counter(row["n"] for row in site.values(device_id))
        assert found == Counter([one - (one % 5 == 0) for one in range(number)] + [-2])
    finally:
        publisher.close()
        kill(server)


@pytest.mark.prove
def test_a_killed_server_loses_nothing_and_stores_nothing_twice(broker: Broker, tmp_path: Path) -> None:
    survive(broker, tmp_path, kills=1, qos=1 if isinstance(broker, Mosquitto) else 2)


@pytest.mark.prove
@pytest.mark.parametrize("qos", [1, 2])
def test_so_does_one_that_is_killed_again_and_again(broker: Broker, tmp_path: Path, qos: int) -> None:
    survive(broker, tmp_path, kills=20, qos=qos, batch=2_000)
