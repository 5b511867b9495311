"""MQTT over WebSocket: the same device, the same server, another transport."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.enums import MQTTProtocolVersion
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode
from tests.ingress.mqtt.server.test_paho import VERSIONS, PahoDevice
from tests.support.server import RunningServer, running_server
from tests.support.waiting import CEILING_S

from .conftest import Device, make_device, until

PATIENCE_S = CEILING_S


def url(server: RunningServer) -> str:
    return f"{server.base_url.replace('http', 'ws')}/mqtt"


def open_socket(server: RunningServer, subprotocol: str = "mqtt") -> ClientConnection:
    return connect(url(server), subprotocols=[Subprotocol(subprotocol)], open_timeout=PATIENCE_S)


def hello(device: Device, **options: object) -> bytes:
    values = {"client_id": device.id, "keep_alive_s": 60, "user": device.id, "password": device.token.encode()} | options
    return encode(m.Connect(m.V5, **values), m.V5)  # type: ignore[arg-type]


def receive(socket: ClientConnection, decoder: Decoder) -> m.Packet:
    while (packet := decoder.next()) is None:
        data = socket.recv(PATIENCE_S)
        assert isinstance(data, bytes)
        decoder.feed(data)
    return packet


@pytest.fixture
def socket(server: RunningServer) -> Iterator[ClientConnection]:
    with open_socket(server) as opened:
        yield opened


@pytest.mark.parametrize("version", VERSIONS, ids=["3.1.1", "5"])
def test_a_library_of_others_speaks_it(server: RunningServer, device: Device, version: MQTTProtocolVersion) -> None:
    port = int(server.base_url.rpartition(":")[2])
    client = PahoDevice(Device(device.id, device.token, port, device.api), version, transport="websockets")
    assert client.start() == "Success"
    for qos in (0, 1, 2):
        client.publish({"qos": qos}, qos)
    client.publish({"last": "x" * 50_000}, 1)
    client.stop()
    assert [list(row) for row in device.values()] == [["qos"], ["qos"], ["qos"], ["last"]]


def test_packets_may_be_cut_anywhere_by_frames(device: Device, socket: ClientConnection) -> None:
    decoder = Decoder(1 << 20, m.V5)
    publish = encode(m.Publish(f"d/{device.id}/t", b'{"n":1}', 1, 7), m.V5)
    for byte in hello(device) + publish:
        socket.send(bytes([byte]))
    assert isinstance(receive(socket, decoder), m.ConnAck)
    assert receive(socket, decoder) == m.Ack(m.Kind.PUBACK, 7)
    assert device.values() == [{"n": 1}]


def test_a_text_frame_closes(device: Device, socket: ClientConnection) -> None:
    socket.send(hello(device))
    socket.recv(PATIENCE_S)
    socket.send("text")
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(PATIENCE_S)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1003


def test_another_subprotocol_is_refused(server: RunningServer) -> None:
    with pytest.raises(InvalidStatus), open_socket(server, "amqp"):
        pass


def test_a_device_that_is_paused_is_told_and_closed(device: Device, socket: ClientConnection) -> None:
    decoder = Decoder(1 << 20, m.V5)
    socket.send(hello(device))
    receive(socket, decoder)
    device.api.post(f"{device.path}/pause").raise_for_status()
    packet = receive(socket, decoder)
    assert isinstance(packet, m.Disconnect)
    assert packet.reason == m.Reason.ADMINISTRATIVE_ACTION
    with pytest.raises(ConnectionClosed):
        socket.recv(PATIENCE_S)


def test_a_socket_that_goes_leaves_its_will(server: RunningServer, device: Device) -> None:
    will = m.Will(f"d/{device.id}/s", b"offline")
    with open_socket(server) as socket:
        socket.send(hello(device, will=will))
        socket.recv(PATIENCE_S)
    assert until(device.values) == [{"status": "offline"}]


def test_the_end_of_the_server_is_no_will(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with running_server(data_dir) as server, server.client(server.orgs["Acme"]) as api:
        device = make_device(server, api)
        with open_socket(server) as socket:
            socket.send(hello(device, will=m.Will(f"d/{device.id}/s", b"offline")))
            socket.recv(PATIENCE_S)
            assert server.stop() == 0
        assert "Traceback" not in server.log()
    with running_server(data_dir, orgs=()) as again, again.client(server.orgs["Acme"]) as api:
        time.sleep(0.2)
        assert Device(device.id, device.token, again.mqtt_port, api).values() == []
