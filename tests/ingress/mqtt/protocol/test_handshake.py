"""CONNECT and what it is answered: what the client may do, or why it is let down."""

from __future__ import annotations

import pytest

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.ingress.mqtt.protocol.server_side import Ended, ServerProtocol
from tests.ingress.mqtt.protocol.peer import CONNECT, LIMITS, Peer, five, old


def test_connack_tells_a_client_of_5_what_it_may_do() -> None:
    offer = Peer(five(SESSION_EXPIRY_S=5000)).connack
    assert isinstance(offer, m.ConnAck)
    assert offer.properties == {
        m.Property.RECEIVE_MAXIMUM: 3,
        m.Property.MAXIMUM_PACKET_SIZE: 2048,
        m.Property.TOPIC_ALIAS_MAXIMUM: 2,
        m.Property.SUBSCRIPTION_ID_AVAILABLE: 0,
        m.Property.SHARED_SUBSCRIPTION_AVAILABLE: 0,
        m.Property.SESSION_EXPIRY_S: 1000,
    }


@pytest.mark.parametrize(("asked_s", "told_s"), [(0, 100), (101, 100), (100, None), (1, None)])
def test_a_longer_keep_alive_than_allowed_is_answered_with_ours(asked_s: int, told_s: int | None) -> None:
    peer = Peer(m.Connect(m.V5, "c", True, asked_s, "u", b"p"))
    assert isinstance(peer.connack, m.ConnAck)
    assert peer.connack.properties.get(m.Property.SERVER_KEEP_ALIVE_S) == told_s
    assert peer.machine.keep_alive_s == (told_s or asked_s)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("BAD_USER_OR_PASSWORD", 4),
        ("NOT_AUTHORIZED", 5),
        ("CLIENT_ID_NOT_VALID", 2),
        ("SERVER_UNAVAILABLE", 3),
        ("SERVER_BUSY", 3),
    ],
)
def test_a_refusal_has_the_code_of_its_version(reason: str, code: int) -> None:
    for connect, wanted in ((old(), code), (CONNECT, int(m.Reason[reason]))):
        machine = ServerProtocol(LIMITS)
        machine.receive(encode(connect, connect.version))
        machine.refuse(m.Reason[reason], "no")
        assert machine.data_to_send()[3] == wanted
        assert machine.receive(b"\xc0\x00") == []


def test_another_version_is_answered_with_return_code_1() -> None:
    machine = ServerProtocol(LIMITS)
    (event,) = machine.receive(bytes.fromhex("100d00044d5154540602000a000161"))
    assert isinstance(event, Ended)
    assert machine.data_to_send() == b"\x20\x02\x00\x01"


def test_extended_authentication_is_refused() -> None:
    machine = ServerProtocol(LIMITS)
    (event,) = machine.receive(encode(five(AUTHENTICATION_METHOD="x"), m.V5))
    assert isinstance(event, Ended)
    assert machine.data_to_send()[3] == m.Reason.BAD_AUTHENTICATION_METHOD


def test_a_kept_session_of_3_1_1_needs_a_client_id() -> None:
    machine = ServerProtocol(LIMITS)
    (event,) = machine.receive(encode(old(client_id="", clean=False), m.V311))
    assert isinstance(event, Ended)
    assert machine.data_to_send() == b"\x20\x02\x00\x02"
