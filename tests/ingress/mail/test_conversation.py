"""What clients may send, and when: with clients of the standard library, and with sockets for what no library would send."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.support.authority import Authority
from tests.support.waiting import eventually

from .running import DOMAIN, Inbox, Listener, listener

MAIL = b"Subject: Hi\r\n\r\nYour code is 481902\r\n"
SECOND = b"MAIL FROM:<evil@sender.example>\r\nRCPT TO:<ci@codes.example>\r\nDATA\r\nSubject: smuggled\r\n\r\ninner\r\n.\r\n"


@pytest.fixture(scope="module")
def running() -> Iterator[Listener]:
    with listener(max_size_bytes=20_000, max_line_bytes=2_000, max_unknown_per_minute=1_000, max_mails_per_minute=1_000,
                  max_mails_per_alias_per_minute=1_000) as made:  # fmt: skip
        yield made


@pytest.fixture(autouse=True)
def empty(running: Listener) -> None:
    running.inbox.stored.clear()
    running.inbox.fails = False


def mail(body: str, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Shop <no-reply@shop.example>", f"ci@{DOMAIN}", "Your code"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    return made


# What a client of the standard library does.


def test_a_mail_arrives(running: Listener) -> None:
    with smtplib.SMTP("127.0.0.1", running.port) as client:
        client.send_message(mail("Your code is 481902\n.hidden dot\nbye"))
    [(alias, stored)] = running.inbox.stored
    assert alias == "ci"
    assert stored.content.code == "481902"
    assert stored.content.body == "Your code is 481902\n.hidden dot\nbye"
    assert stored.sender == "no-reply@shop.example"
    assert stored.content.mail is not None
    assert stored.content.mail.peer == "127.0.0.1"
    assert stored.content.mail.tls == ""


def test_several_mails_over_one_connection(running: Listener) -> None:
    with smtplib.SMTP("127.0.0.1", running.port) as client:
        for number in range(3):
            client.send_message(mail(f"Your code is 48190{number}"))
    assert [stored.content.code for _, stored in running.inbox.stored] == ["481900", "481901", "481902"]


def test_what_is_announced(running: Listener) -> None:
    with smtplib.SMTP("127.0.0.1", running.port) as client:
        client.ehlo()
        assert client.esmtp_features == {"size": "20000", "8bitmime": "", "pipelining": ""}
        with pytest.raises(smtplib.SMTPNotSupportedError):
            client.login("user", "password")


def test_an_error_has_no_sender(running: Listener) -> None:
    # RFC 5321: reports about undeliverable mails come from nobody.
    with smtplib.SMTP("127.0.0.1", running.port) as client:
        client.sendmail("", [f"ci@{DOMAIN}"], MAIL)
    [(_, stored)] = running.inbox.stored
    assert stored.content.mail is not None
    assert stored.content.mail.envelope_sender == ""


def test_the_older_greeting_works(running: Listener) -> None:
    with running.client() as client:
        assert client.ask("HELO old.example").startswith("250")
        assert client.ask("MAIL FROM:<a@b.example>").startswith("250")
        assert client.ask(f"RCPT TO:<ci@{DOMAIN}>").startswith("250")
        assert client.ask("DATA").startswith("354")
        client.send(MAIL + b".\r\n")
        assert client.reply() == "250 2.0.0 stored"


def test_commands_in_the_wrong_order(running: Listener) -> None:
    with running.client() as client:
        assert client.ask("MAIL FROM:<a@b.example>").startswith("503")
        assert client.ask("EHLO c.example").startswith("250")
        assert client.ask(f"RCPT TO:<ci@{DOMAIN}>").startswith("503")
        assert client.ask("DATA").startswith("503")
        assert client.ask("MAIL FROM:<a@b.example>").startswith("250")
        assert client.ask("MAIL FROM:<a@b.example>").startswith("503")
        assert client.ask("DATA").startswith("503")
        assert client.ask("AUTH PLAIN AGEAYg==").startswith("500")
        assert client.ask("VRFY ci").startswith("252")
        assert client.ask("EXPN ci").startswith("502")
        assert client.ask("RSET").startswith("250")
        assert client.ask(f"RCPT TO:<ci@{DOMAIN}>").startswith("503")
        assert client.ask("QUIT").startswith("221")
        assert client.reply() == ""


def test_a_group_of_commands_at_once(running: Listener) -> None:
    with running.client() as client:
        client.send(
            b"EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<ci@codes.example>\r\nRCPT TO:<no@codes.example>\r\nDATA\r\n"
        )
        assert [client.reply()[:3] for _ in range(5)] == ["250", "250", "250", "550", "354"]
        client.send(MAIL + b".\r\nMAIL FROM:<a@b.example>\r\nRSET\r\nQUIT\r\n")
        assert [client.reply()[:3] for _ in range(4)] == ["250", "250", "250", "221"]
    assert len(running.inbox.stored) == 1


# A mail inside another one.


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r\n.\n\r\n", b"\n\n.\r\n", b"\r\r\n.\n"])
def test_a_bare_line_feed_ends_the_connection_and_nothing_is_stored(running: Listener, end: bytes) -> None:
    with running.client().ready() as client:
        client.send(MAIL + b"text" + end + SECOND + b".\r\n")
        assert client.replies() == ["521 5.5.2 a line must end with CRLF"]
    assert running.inbox.stored == []


@pytest.mark.parametrize(
    "end", [b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\r\n.\x00\r\n", b"\r\n.\r\r\n", b"\r\n. \r\n", b"\r\n\x00.\r\n"]
)
def test_nothing_else_ends_a_mail(running: Listener, end: bytes) -> None:
    with running.client().ready() as client:
        client.send(MAIL + b"text" + end + SECOND)
        assert client.reply() == "250 2.0.0 stored"
        assert client.ask("QUIT").startswith("221"), "the commands in the mail were none"
    assert len(running.inbox.stored) == 1
    assert "RCPT TO" in running.inbox.bodies[0]


def test_a_line_feed_in_the_next_segment_belongs_to_its_carriage_return(running: Listener) -> None:
    with running.client().ready() as client:
        for byte in MAIL + b".\r\n":
            client.send(bytes([byte]))
        assert client.reply() == "250 2.0.0 stored"
        client.send(b"NOOP\r")
        client.send(b"\nNOOP")
        assert client.reply() == "250 OK"
        client.send(b"\n")
        assert client.replies() == ["521 5.5.2 a line must end with CRLF"]


def test_a_command_that_ends_with_a_bare_line_feed(running: Listener) -> None:
    with running.client() as client:
        client.send(b"EHLO c.example\n")
        assert client.replies() == ["521 5.5.2 a line must end with CRLF"]


# Sizes.


def test_a_mail_that_is_announced_as_too_large(running: Listener) -> None:
    with running.client() as client:
        client.ask("EHLO c.example")
        assert client.ask("MAIL FROM:<a@b.example> SIZE=20001").startswith("552")
        assert client.ask("MAIL FROM:<a@b.example> SIZE=20000").startswith("250")


def test_a_mail_that_is_too_large(running: Listener) -> None:
    with running.client().ready() as client:
        client.send((b"x" * 98 + b"\r\n") * 201 + b".\r\n")
        assert client.reply().startswith("552")
        assert client.ask("NOOP").startswith("250"), "the connection is in order"
    assert running.inbox.stored == []


def test_a_mail_of_exactly_the_size(running: Listener) -> None:
    with running.client().ready() as client:
        client.send((b"x" * 98 + b"\r\n") * 200 + b".\r\n")
        assert client.reply() == "250 2.0.0 stored"


def test_a_client_that_does_not_stop_is_disconnected(running: Listener) -> None:
    with running.client().ready() as client:
        try:
            for _ in range(100_000):
                client.send(b"x" * 998 + b"\r\n")
        except OSError:
            return
    pytest.fail("the server read 100 MB of a mail of at most 20 KB")


def test_a_line_that_is_too_long(running: Listener) -> None:
    with running.client().ready() as client:
        client.send(b"x" * 5_000 + b"\r\n.\r\n")
        assert client.reply().startswith("500")
        assert client.ask("NOOP").startswith("250")
    with running.client().ready() as client:
        # What remains of a long line is not the end of the mail.
        client.send(b"x" * 2_001 + b".\r\n" + b"y" * 4_001 + b"\r\n.\r\n")
        assert client.reply().startswith("500")
        assert client.ask("NOOP").startswith("250")
    assert running.inbox.stored == []


@pytest.mark.parametrize("line", ["NOOP " + "x" * 600, "x" * 5_000, "MAIL FROM:<" + "a" * 600 + "@b.example>"])
def test_a_command_that_is_too_long(running: Listener, line: str) -> None:
    with running.client() as client:
        client.ask("EHLO c.example")
        assert client.ask(line).startswith("500")
        assert client.ask("NOOP").startswith("250")


@pytest.mark.parametrize(
    "line", [b"", b"\xff\xfe", b"MAIL FROM:<\xe4@b.example>", b"MAIL FROM:<((((((((((((((a@b>", b"RCPT TO:<\x00>", b"EHLO"]
)
def test_commands_that_make_no_sense(running: Listener, line: bytes) -> None:
    with running.client() as client:
        client.send(line + b"\r\n")
        assert client.reply()[:1] in "45"
        assert client.ask("NOOP").startswith("250")


def test_a_client_that_only_guesses_is_disconnected(running: Listener) -> None:
    with running.client() as client:
        client.send(b"GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: b\r\nAccept: c\r\nCookie: d\r\nX: e\r\n\r\n")
        assert len(client.replies()) <= 6


def test_idle_commands_are_limited(running: Listener) -> None:
    with running.client() as client:
        client.send(b"NOOP\r\n" * 200)
        found = client.replies()
    assert found[-1].startswith("421")
    assert len(found) <= 60


# Times.


def test_a_client_that_says_nothing_is_disconnected() -> None:
    with listener(command_timeout_s=0.05) as running, running.client() as client:
        assert client.replies() == ["421 4.4.2 timeout"]


def test_a_client_that_sends_slowly_is_disconnected() -> None:
    with listener(data_timeout_s=0.05) as running, running.client().ready() as client:
        client.send(b"Subject: x\r\n")
        assert client.replies() == ["421 4.4.2 timeout"]
        assert running.inbox.stored == []


def test_a_connection_does_not_last_forever() -> None:
    with listener(session_timeout_s=0.1) as running, running.client() as client:
        assert client.replies() == ["421 4.4.2 the connection was open for too long"]


# TLS.


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def serving(authority: Authority) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    pair = authority.pair()
    context.load_cert_chain(pair.certificate, pair.key)
    return context


@pytest.mark.parametrize("uv", [False, True])
def test_a_mail_over_tls(authority: Authority, uv: bool) -> None:
    context = serving(authority)
    with listener(context=lambda: context, uv=uv) as running:
        with smtplib.SMTP("localhost", running.port) as client:
            client.ehlo()
            assert client.has_extn("starttls")
            client.starttls(context=authority.trusting())
            client.ehlo()
            assert not client.has_extn("starttls")
            client.send_message(mail("Your code is 481902"))
        [(_, stored)] = running.inbox.stored
    assert stored.content.mail is not None
    assert stored.content.mail.tls == "TLSv1.3"


def test_commands_before_tls_do_not_count_after_it(authority: Authority) -> None:
    context = serving(authority)
    with listener(context=lambda: context) as running, running.client() as client:
        client.ask("EHLO c.example")
        assert client.ask("MAIL FROM:<plain@b.example>").startswith("250")
        # Injected by someone in between, in the same segment: must be executed neither before nor after the handshake.
        client.send(b"STARTTLS\r\nRSET\r\nNOOP\r\n")
        assert client.reply().startswith("220")
        with authority.trusting().wrap_socket(client.socket, server_hostname="localhost", do_handshake_on_connect=True) as secure:
            secure.sendall(b"RCPT TO:<ci@codes.example>\r\n")
            assert secure.recv(1_000).startswith(b"503"), "neither the greeting nor the sender is known any more"
            secure.sendall(b"EHLO c.example\nQUIT\r\n")
            assert secure.recv(1_000).startswith(b"521"), "a bare line feed is refused here too"


def test_tls_can_be_required(authority: Authority) -> None:
    context = serving(authority)
    with listener(context=lambda: context, tls="required") as running, running.client() as client:
        assert client.ask("EHLO c.example").startswith("250")
        assert client.ask("MAIL FROM:<a@b.example>").startswith("530")


@pytest.mark.parametrize("uv", [False, True])
def test_a_handshake_that_fails_ends_the_connection(authority: Authority, uv: bool) -> None:
    context = serving(authority)
    with listener(context=lambda: context, uv=uv) as running:
        with running.client() as client:
            client.ask("EHLO c.example")
            assert client.ask("STARTTLS").startswith("220")
            client.send(b"nonsense\r\n" * 10)
            client.replies()
        with running.client() as client:
            client.ask("EHLO c.example")
            client.ask("STARTTLS")
        assert eventually(lambda: running.server.connections == 0)


# The end.


def test_a_mail_is_stored_although_the_client_does_not_wait() -> None:
    inbox = Inbox("ci")
    inbox.gate = threading.Event()
    with listener(inbox) as running:
        with running.client().ready() as client:
            client.send(MAIL + b".\r\n")
            assert inbox.began.wait(60)
            client.socket.shutdown(socket.SHUT_RDWR)
        assert eventually(lambda: running.server.connections == 0)
        assert inbox.stored == []
        inbox.gate.set()
        assert eventually(lambda: len(inbox.stored) == 1)


def test_a_client_that_leaves_in_the_midst_of_a_mail_has_sent_none(running: Listener) -> None:
    with running.client().ready() as client:
        client.send(MAIL)
    assert eventually(lambda: running.server.connections == 0)
    assert running.inbox.stored == []
