"""The listener limits connections, and stops without losing what it has acknowledged."""

from __future__ import annotations

import threading

from tests.support.waiting import eventually

from .running import Inbox, listener


def test_connections_of_one_address_are_limited() -> None:
    with listener(max_connections_per_address=2) as running:
        with running.client() as first, running.client() as second:
            with running.client() as third:
                assert third.greeting.startswith("421")
                assert third.reply() == ""
            assert first.ask("NOOP").startswith("250")
            assert second.ask("NOOP").startswith("250")
        assert eventually(lambda: running.server.connections == 0)
        with running.client() as fourth:
            assert fourth.greeting.startswith("220")
        assert running.server.refused == 1


def test_all_connections_are_limited() -> None:
    with listener(max_connections=1) as running, running.client(), running.client() as second:
        assert second.greeting.startswith("421")


def test_a_stop_says_so_to_clients() -> None:
    with listener() as running, running.client() as client:
        running.run(running.server.stop())
        assert client.replies() == ["421 4.3.2 the server is stopping"]
        assert running.server.connections == 0


def test_a_stop_waits_for_the_answer_to_a_mail() -> None:
    inbox = Inbox("ci")
    inbox.gate = threading.Event()
    with listener(inbox) as running, running.client().ready() as client:
        client.send(b"Subject: x\r\n\r\ntext\r\n.\r\n")
        assert inbox.began.wait(60)
        stopping = threading.Thread(target=lambda: running.run(running.server.stop()))
        stopping.start()
        inbox.gate.set()
        stopping.join(60)
        assert client.replies() == ["250 2.0.0 stored", "421 4.3.2 the server is stopping"]
        assert running.server.received == 1


def test_what_is_counted() -> None:
    with listener() as running, running.client().ready() as client:
        client.send(b"Subject: x\r\n\r\ntext\r\n.\r\n")
        client.reply()
        assert (running.server.received, running.server.connections, running.server.refused) == (1, 1, 0)
