"""What stands in the place of a broker's tests: see `docs/mqtt-interop.md`, whose rows name these."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from penstock.ingress.mqtt.protocol import packets as m
from tests.ingress.mqtt.conftest import Device, until
from tests.ingress.mqtt.raw import RawClient
from tests.ingress.mqtt.test_commands import Commanded
from tests.support.server import Org

Raw = Callable[..., RawClient]
both_versions = pytest.mark.parametrize("version", [m.V311, m.V5])
KEPT = {m.Property.SESSION_EXPIRY_S: 600}


def subscribe(client: RawClient, *wanted: tuple[str, int]) -> list[int]:
    """Subscribe to filters at a QoS each; the codes of the answer."""
    client.send(m.Subscribe(1, [m.Subscription(topic_filter, qos) for topic_filter, qos in wanted]))
    answer = client.receive()
    assert isinstance(answer, m.SubAck)
    return list(answer.codes)


def heard(client: RawClient) -> m.Publish:
    message = client.receive()
    assert isinstance(message, m.Publish), message
    if message.qos:
        client.send(m.Ack(m.Kind.PUBACK, message.packet_id))
    return message


def nothing_more(client: RawClient) -> bool:
    """What was sent before the answer to a ping would come before it."""
    client.send(m.Ping())
    return client.receive() == m.Ping(m.Kind.PINGRESP)


@both_versions
def test_overlapping_filters_of_a_device_bring_a_command_once_at_the_highest_qos(device: Device, raw: Raw, version: int) -> None:
    commanded = Commanded(device)
    client = raw(version=version)
    client.connect(device.id, device.token)
    assert subscribe(client, (f"d/{device.id}/#", 0), (f"d/{device.id}/c", 2), (f"d/{device.id}/+", 1)) == [0, 1, 1]
    asked = commanded.execute(seconds=5)
    message = heard(client)
    assert (message.topic, message.qos) == (f"d/{device.id}/c", 1)
    commanded.wait_for(asked, "received")
    assert nothing_more(client)


@both_versions
def test_overlapping_filters_of_a_program_bring_a_reading_once(acme: Org, device: Device, raw: Raw, version: int) -> None:
    program = raw(version=version)
    program.connect("api-key", acme.api_key, client_id=f"overlap-{device.id}")
    assert subscribe(program, (f"live/{device.id}/#", 2), (f"live/{device.id}/t", 1), (f"live/{device.id}/+", 0)) == [0, 0, 0]
    device.api.post(f"{device.path}/telemetry", json={"data": {"v": 1}}).raise_for_status()
    message = heard(program)
    assert (message.topic, message.payload, message.qos) == (f"live/{device.id}/t", b'{"v":1}', 0)
    program.send(m.Ping())
    while (more := program.receive()) != m.Ping(m.Kind.PINGRESP):  # the filters also select that the device came online
        assert more.topic != message.topic


@both_versions
def test_what_was_asked_while_a_device_was_away_waits_for_its_session(device: Device, raw: Raw, version: int) -> None:
    commanded = Commanded(device)
    options = {"clean": False} | ({"properties": KEPT} if version == m.V5 else {})
    before = raw(version=version)
    before.connect(device.id, device.token, **options)
    subscribe(before, (f"d/{device.id}/c", 1))
    before.send(m.Disconnect())
    assert before.is_closed()
    asked = [commanded.execute(seconds=seconds) for seconds in (1, 2)]
    after = raw(version=version)
    assert after.connect(device.id, device.token, **options).session_present
    for execution_id, seconds in zip(asked, (b'"seconds":1', b'"seconds":2'), strict=True):
        message = heard(after)
        assert message.qos == 1
        assert seconds in message.payload
        commanded.wait_for(execution_id, "received")


def test_aliases_of_a_client_end_with_its_connection(device: Device, raw: Raw) -> None:
    alias = {m.Property.TOPIC_ALIAS: 1}
    before = raw()
    before.connect(device.id, device.token, clean=False, properties=KEPT)
    before.send(
        m.Publish(f"d/{device.id}/t", b'{"n":1}', 1, 1, properties=alias), m.Publish("", b'{"n":2}', 1, 2, properties=alias)
    )
    assert [before.receive(), before.receive()] == [m.Ack(m.Kind.PUBACK, 1), m.Ack(m.Kind.PUBACK, 2)]
    before.send(m.Disconnect())
    assert before.is_closed()
    after = raw()
    assert after.connect(device.id, device.token, clean=False, properties=KEPT).session_present
    after.send(m.Publish("", b'{"n":3}', 1, 3, properties=alias))
    told = after.receive()
    assert isinstance(told, m.Disconnect)
    assert told.reason == m.Reason.PROTOCOL_ERROR
    assert device.values() == [{"n": 1}, {"n": 2}]


def test_a_session_ends_as_the_goodbye_says(device: Device, raw: Raw) -> None:
    client = raw()
    client.connect(device.id, device.token, clean=False, properties=KEPT)
    client.send(m.Disconnect(0, {m.Property.SESSION_EXPIRY_S: 0}))
    assert client.is_closed()
    assert not raw().connect(device.id, device.token, clean=False, properties=KEPT).session_present


def test_more_unanswered_messages_of_qos_2_than_connack_allows_end_the_connection(device: Device, raw: Raw) -> None:
    client = raw()
    allowed = client.connect(device.id, device.token).properties[m.Property.RECEIVE_MAXIMUM]
    client.send(*(m.Publish(f"d/{device.id}/t", b'{"n":%d}' % n, 2, n) for n in range(1, allowed + 2)))
    answers = []
    while (packet := client.receive()) is not None:
        answers.append(packet)
    told = [packet.reason for packet in answers if isinstance(packet, m.Disconnect)]
    assert told == [m.Reason.RECEIVE_MAXIMUM_EXCEEDED]
    assert until(lambda: len(device.values()) == allowed)


def test_a_reason_code_says_why_a_subscription_failed(device: Device, raw: Raw) -> None:
    wanted = [("test/nosubscribe", 2), ("#", 0), (f"$share/group/d/{device.id}/c", 1), (f"d/{device.id}/a#", 0)]
    five, older = raw(), raw(version=m.V311)
    five.connect(device.id, device.token, client_id="five")
    older.connect(device.id, device.token, client_id="older")
    assert subscribe(five, *wanted) == [0x87, 0x87, 0x9E, 0x8F]
    assert subscribe(older, *wanted) == [0x80] * 4
