"""The server as a device sees it: who is let in, who is cut off, what is told, and what is stored."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from penstock.ingress.mqtt.protocol import packets as m
from tests.support.server import RunningServer, run_cli

from .conftest import Device, until
from .raw import RawClient

Raw = Callable[..., RawClient]
EXPIRY = {m.Property.SESSION_EXPIRY_S: 600}


def reading(device: Device, number: int, packet_id: int = 0, qos: int = 1, *, dup: bool = False) -> m.Publish:
    return m.Publish(f"d/{device.id}/t", b'{"n":%d}' % number, qos, (packet_id or number) if qos else 0, dup)


def told(client: RawClient) -> m.Reason:
    """Why the server disconnects an MQTT 5 client; what comes before is skipped."""
    while (packet := client.receive()) is not None:
        if isinstance(packet, m.Disconnect):
            assert client.is_closed()
            assert packet.properties[m.Property.REASON_STRING]
            return m.Reason(packet.reason)
    raise AssertionError("closed without a word")


# Who is let in.


@pytest.mark.parametrize(
    ("user", "token"),
    [
        ("{id}", "tok_4Jc0Zr1mB8xTq6LwYs2NdVhEp3KaUf9GiBo0"),
        ("{id}", ""),
        ("{id}", "\u00e9"),
        ("{sibling}", "{token}"),
        ("{id}x", "{token}"),
        ("", "{token}"),
        ("+", "{token}"),
        ("#", "{token}"),
    ],
)
def test_a_wrong_pair_of_id_and_token_is_refused(device: Device, sibling: Device, raw: Raw, user: str, token: str) -> None:
    facts = {"id": device.id, "token": device.token, "sibling": sibling.id}
    client = raw()
    answer = client.connect(user.format(**facts), token.format(**facts))
    assert answer.code == m.Reason.BAD_USER_OR_PASSWORD
    assert client.is_closed()


def test_without_user_and_password_nobody_is_let_in(device: Device, raw: Raw) -> None:
    client = raw(version=m.V311)
    client.send(m.Connect(m.V311, device.id))
    assert client.receive() == m.ConnAck(4)
    assert client.is_closed()


def test_a_paused_device_is_refused_until_it_is_resumed(device: Device, raw: Raw) -> None:
    device.api.post(f"{device.path}/pause").raise_for_status()
    answer = raw().connect(device.id, device.token)
    assert (answer.code, answer.properties[m.Property.REASON_STRING]) == (0x87, "the device is paused")
    device.api.post(f"{device.path}/resume").raise_for_status()
    assert raw().connect(device.id, device.token).code == 0


@pytest.mark.parametrize("topic", ["d/{other}/s", "s", "d/{id}/c", "$SYS/x", "d/{id}/nonsense"])
def test_a_will_on_a_topic_not_of_the_device_is_refused(device: Device, sibling: Device, raw: Raw, topic: str) -> None:
    will = m.Will(topic.format(id=device.id, other=sibling.id), b'{"status":"offline"}')
    answer = raw().connect(device.id, device.token, will=will)
    assert answer.code == m.Reason.TOPIC_NAME_INVALID


def test_a_client_without_an_id_is_given_one(device: Device, raw: Raw) -> None:
    answer = raw().connect(device.id, device.token, client_id="")
    assert answer.properties[m.Property.ASSIGNED_CLIENT_ID].startswith(device.id)


# Who is cut off.


@pytest.mark.parametrize(
    ("change", "reason"),
    [("pause", m.Reason.ADMINISTRATIVE_ACTION), ("token", m.Reason.NOT_AUTHORIZED), ("delete", m.Reason.NOT_AUTHORIZED)],
)
def test_a_device_that_was_paused_rekeyed_or_deleted_is_cut_off(device: Device, raw: Raw, change: str, reason: m.Reason) -> None:
    client = raw()
    assert client.connect(device.id, device.token).code == 0
    if change == "delete":
        device.api.delete(device.path).raise_for_status()
    else:
        device.api.post(f"{device.path}/{change}").raise_for_status()
    assert told(client) is reason
    assert raw().connect(device.id, device.token).code != 0


def test_a_change_that_takes_nothing_away_cuts_nobody(device: Device, raw: Raw) -> None:
    client = raw()
    client.connect(device.id, device.token)
    device.api.patch(device.path, json={"name": "Pump 2"}).raise_for_status()
    client.send(reading(device, 1))
    assert client.receive() == m.Ack(m.Kind.PUBACK, 1)


def test_devices_of_a_suspended_organisation_are_cut_off(server: RunningServer, stranger: Device, raw: Raw) -> None:
    client = raw()
    client.connect(stranger.id, stranger.token)
    assert run_cli("org", "suspend", "--data-dir", str(server.data_dir), "--org", "Other").returncode == 0
    try:
        assert told(client) is m.Reason.ADMINISTRATIVE_ACTION
        assert raw().connect(stranger.id, stranger.token).code == m.Reason.NOT_AUTHORIZED
    finally:
        assert run_cli("org", "resume", "--data-dir", str(server.data_dir), "--org", "Other").returncode == 0


def test_a_client_that_connects_anew_takes_over(device: Device, raw: Raw) -> None:
    first, second = raw(), raw()
    first.connect(device.id, device.token)
    assert second.connect(device.id, device.token).code == 0
    assert told(first) is m.Reason.SESSION_TAKEN_OVER
    second.send(reading(device, 1))
    assert second.receive() == m.Ack(m.Kind.PUBACK, 1)


def test_a_device_has_so_many_connections_and_no_more(device: Device, raw: Raw) -> None:
    clients = [raw() for _ in range(5)]
    for number, client in enumerate(clients):
        assert client.connect(device.id, device.token, client_id=f"c{number}").code == 0
    assert told(clients[0]) is m.Reason.QUOTA_EXCEEDED
    clients[4].send(m.Ping())
    assert clients[4].receive() == m.Ping(m.Kind.PINGRESP)


def test_silence_beyond_one_and_a_half_keep_alives_ends_the_connection(device: Device, raw: Raw) -> None:
    client = raw()
    will = m.Will(f"d/{device.id}/s", b'{"status":"offline"}')
    began = time.monotonic()
    client.connect(device.id, device.token, keep_alive_s=1, will=will)
    assert told(client) is m.Reason.KEEP_ALIVE_TIMEOUT
    assert time.monotonic() - began > 1.4
    assert until(device.values) == [{"status": "offline"}]


def test_pings_keep_a_connection_open(device: Device, raw: Raw) -> None:
    client = raw()
    client.connect(device.id, device.token, keep_alive_s=2)
    for _ in range(8):
        time.sleep(0.4)
        client.send(m.Ping())
        assert client.receive() == m.Ping(m.Kind.PINGRESP)


def test_a_violation_ends_the_connection_with_its_reason_and_the_will(device: Device, raw: Raw) -> None:
    client = raw()
    client.connect(device.id, device.token, will=m.Will(f"d/{device.id}/s", b"offline"))
    client.socket.sendall(b"\x00\x00")
    assert told(client) is m.Reason.MALFORMED_PACKET
    assert until(device.values) == [{"status": "offline"}]


def test_a_delayed_will_is_kept_back_when_the_client_returns(device: Device, raw: Raw) -> None:
    will = m.Will(f"d/{device.id}/s", b"offline", properties={m.Property.WILL_DELAY_S: 2})
    for _ in range(2):
        client = raw()
        client.connect(device.id, device.token, clean=False, properties=EXPIRY, will=will)
        client.close()
    last = raw()
    last.connect(device.id, device.token, clean=False, properties=EXPIRY)
    time.sleep(2.5)
    assert device.values() == []
    last.close()


def test_a_delayed_will_is_published_when_the_client_begins_a_new_session(device: Device, raw: Raw) -> None:
    will = m.Will(f"d/{device.id}/s", b"offline", properties={m.Property.WILL_DELAY_S: 600})
    client = raw()
    client.connect(device.id, device.token, clean=False, properties=EXPIRY, will=will)
    client.close()
    raw().connect(device.id, device.token, clean=True)
    assert until(device.values) == [{"status": "offline"}]


# Topics of others.


@pytest.mark.parametrize("version", [m.V311, m.V5])
@pytest.mark.parametrize("qos", [0, 1, 2])
@pytest.mark.parametrize("whose", ["sibling", "stranger", "nobody"])
def test_nothing_is_published_under_another_name(
    device: Device, sibling: Device, stranger: Device, raw: Raw, version: int, qos: int, whose: str
) -> None:
    victim = {"sibling": sibling.id, "stranger": stranger.id, "nobody": "dev_0000000000000"}[whose]
    for topic in (f"d/{victim}/t", f"d/{victim}/s", f"d/{victim}/c", f"devices/{victim}/telemetry", f"d/{device.id}x/t"):
        client = raw(version=version)
        client.connect(device.id, device.token)
        client.send(m.Publish(topic, b'{"n":1}', qos, 1 if qos else 0))
        if version == m.V5 and qos:
            answer = client.receive()
            assert isinstance(answer, m.Ack)
            assert answer.reason == m.Reason.NOT_AUTHORIZED
        else:
            assert client.is_closed()
    for one in (device, sibling, stranger):
        assert one.values() == []
        assert one.quarantined() == []


def test_nothing_that_one_device_publishes_reaches_another(device: Device, sibling: Device, raw: Raw) -> None:
    listener, publisher = raw(), raw()
    listener.connect(sibling.id, sibling.token)
    victims = [device.id, "+", device.id[:-1] + "+", "dev_+", f"{sibling.id}/../{device.id}"]
    roots = ["d", "devices", "+", "$SYS/d", "live", "$share/g/d", "/d"]
    filters = ["#", "+", "+/#", "+/+", "$SYS/#", "$share/g/#", "$share//#"]
    filters += [f"{root}/{victim}/{rest}" for root in roots for victim in victims for rest in ("t", "#")]
    filters.remove(f"d/{sibling.id}/../{device.id}/t")  # below the sibling's own root, whatever follows
    filters.remove(f"d/{sibling.id}/../{device.id}/#")
    filters.remove(f"devices/{sibling.id}/../{device.id}/t")
    filters.remove(f"devices/{sibling.id}/../{device.id}/#")
    assert len(filters) > 60
    for start in range(0, len(filters), 20):
        listener.send(m.Subscribe(1, [m.Subscription(one, 1) for one in filters[start : start + 20]]))
        answer = listener.receive()
        assert isinstance(answer, m.SubAck)
        assert min(answer.codes) >= 0x80
    listener.send(m.Subscribe(2, [m.Subscription(f"d/{sibling.id}/#", 1), m.Subscription(f"devices/{sibling.id}/#", 1)]))
    assert listener.receive() == m.SubAck(m.Kind.SUBACK, 2, [1, 1])
    publisher.connect(device.id, device.token)
    for start in range(0, 2_000, 100):
        publisher.send(*[reading(device, number, start + number) for number in range(1, 101)])
        for _ in range(100):
            assert isinstance(publisher.receive(), m.Ack)
    listener.send(m.Ping())
    assert listener.receive() == m.Ping(m.Kind.PINGRESP)


def test_an_alias_does_not_open_another_topic(device: Device, sibling: Device, raw: Raw) -> None:
    client = raw()
    client.connect(device.id, device.token)
    alias = {m.Property.TOPIC_ALIAS: 1}
    client.send(m.Publish(f"d/{sibling.id}/t", b'{"n":1}', 1, 1, properties=alias))
    client.send(m.Publish("", b'{"n":2}', 1, 2, properties=alias))
    answers = [client.receive(), client.receive()]
    assert [answer.reason for answer in answers if isinstance(answer, m.Ack)] == [m.Reason.NOT_AUTHORIZED] * 2
    assert sibling.values() == []


# Sessions and repetitions.


def test_a_session_is_there_when_its_client_returns(device: Device, raw: Raw) -> None:
    client = raw()
    assert not client.connect(device.id, device.token, clean=False, properties=EXPIRY).session_present
    client.send(m.Disconnect())
    assert client.is_closed()
    assert raw().connect(device.id, device.token, clean=False, properties=EXPIRY).session_present
    assert not raw().connect(device.id, device.token, clean=True).session_present


def test_a_session_without_expiry_ends_with_its_connection(device: Device, raw: Raw) -> None:
    client = raw()
    client.connect(device.id, device.token, clean=False)
    client.send(m.Disconnect())
    assert client.is_closed()
    assert not raw().connect(device.id, device.token, clean=False).session_present


def test_another_device_with_the_same_client_id_has_its_own_session(device: Device, sibling: Device, raw: Raw) -> None:
    first = raw()
    first.connect(device.id, device.token, client_id="same", clean=False, properties=EXPIRY)
    second = raw()
    assert not second.connect(sibling.id, sibling.token, client_id="same", clean=False, properties=EXPIRY).session_present
    first.send(m.Ping())
    assert first.receive() == m.Ping(m.Kind.PINGRESP)


@pytest.mark.parametrize("version", [m.V311, m.V5])
@pytest.mark.parametrize("clean", [True, False])
def test_a_message_repeated_after_a_lost_connection_is_stored_once(device: Device, raw: Raw, version: int, clean: bool) -> None:
    """The acknowledgement was under way when the connection broke: the client cannot know, and sends it again."""
    options = {"clean": clean, "properties": EXPIRY if version == m.V5 else {}}
    client = raw(version=version)
    client.connect(device.id, device.token, **options)
    client.send(reading(device, 1), reading(device, 2, qos=2))
    client.receive()
    client.receive()
    client.close()
    again = raw(version=version)
    again.connect(device.id, device.token, **options)
    again.send(reading(device, 1, dup=True), reading(device, 2, qos=2, dup=True), m.Ack(m.Kind.PUBREL, 2), reading(device, 3))
    answers = [again.receive() for _ in range(4)]
    assert {answer.kind for answer in answers if isinstance(answer, m.Ack)} == {4, 5, 7}
    assert device.values() == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_a_repetition_that_never_arrived_before_is_stored(device: Device, raw: Raw) -> None:
    client = raw()
    client.connect(device.id, device.token)
    client.send(reading(device, 1, dup=True), reading(device, 2, qos=2, dup=True))
    client.receive()
    client.receive()
    assert device.values() == [{"n": 1}, {"n": 2}]


def test_equal_messages_under_one_packet_identifier_are_two_when_neither_is_a_repetition(device: Device, raw: Raw) -> None:
    for qos, done in ((1, m.Kind.PUBACK), (2, m.Kind.PUBCOMP)):
        for _ in range(3):
            client = raw()
            client.connect(device.id, device.token)
            client.send(reading(device, 1, packet_id=1, qos=qos))
            answer = client.receive()
            if qos == 2:
                client.send(m.Ack(m.Kind.PUBREL, 1))
                answer = client.receive()
            assert answer == m.Ack(done, 1)
            client.send(m.Disconnect())
            assert client.is_closed()
    assert device.values() == [{"n": 1}] * 6


# Order, size and pace.


def test_acknowledgements_come_in_the_order_of_the_messages(device: Device, raw: Raw) -> None:
    """4.6.0: in the order in which the messages came, those refused among them."""
    client = raw()
    client.connect(device.id, device.token)
    bodies = [b'{"n":1}', b"{", b'{"n":2}', b"[]", b'{"n":3}'] * 18
    sent = [m.Publish(f"d/{device.id}/t", body, 1, number) for number, body in enumerate(bodies, 1)]
    client.send(*sent)
    answers = [client.receive() for _ in sent]
    assert [answer.packet_id for answer in answers if isinstance(answer, m.Ack)] == list(range(1, 91))
    assert [answer.reason for answer in answers if isinstance(answer, m.Ack)] == [0, 0x99, 0, 0x99, 0] * 18


def test_a_payload_larger_than_a_reading_may_be_is_kept_as_an_excerpt(device: Device, raw: Raw) -> None:
    client = raw()
    client.connect(device.id, device.token)
    client.send(m.Publish(f"d/{device.id}/t", b'{"v":"' + b"x" * 70_000 + b'"}', 1, 1))
    answer = client.receive()
    assert isinstance(answer, m.Ack)
    assert answer.reason == m.Reason.PAYLOAD_FORMAT_INVALID
    (kept,) = device.quarantined()
    assert kept["data"]["size_bytes"] == 70_008
    assert len(kept["data"]["payload"]) == 4096


def test_a_packet_larger_than_connack_allows_ends_the_connection(device: Device, raw: Raw) -> None:
    client = raw()
    limit = client.connect(device.id, device.token).properties[m.Property.MAXIMUM_PACKET_SIZE]
    client.socket.sendall(b"\x30" + b"\xff\xff\x7f")
    assert limit == 262_144
    assert told(client) is m.Reason.PACKET_TOO_LARGE


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"[{}]", b"1", b'"x"', b"null", b"[[1]]", b"{" * 100_000, b'{"a":NaN}'])
def test_what_is_no_reading_is_kept_and_answered(device: Device, raw: Raw, payload: bytes) -> None:
    client = raw()
    client.connect(device.id, device.token)
    client.send(m.Publish(f"d/{device.id}/t", payload, 2, 1))
    answer = client.receive()
    assert isinstance(answer, m.Ack)
    assert (answer.kind, answer.reason) == (m.Kind.PUBREC, 0x99)
    assert len(device.quarantined()) == 1
    assert device.values() == []
