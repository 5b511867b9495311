"""Mails to inboxes, as a user sees them: from a real SMTP client to the API of a real server."""

from __future__ import annotations

import contextlib
import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ingress.mail.running import Raw
from tests.support.authority import Authority
from tests.support.server import RunningServer, bootstrap_org, running_server
from tests.support.waiting import awaited

DOMAIN = "codes.example"
LISTENING = {
    "PENSTOCK_INBOX_MAIL_LISTEN": "true",
    "PENSTOCK_INBOX_MAIL_PORT": "0",
    "PENSTOCK_INBOX_MAIL_DOMAINS": f"{DOMAIN}, other.example",
    "PENSTOCK_INBOX_MAIL_SPF": "off",  # no test asks a name server
}

MANY = LISTENING | {f"PENSTOCK_INBOX_MAIL_MAX_MAILS_PER{name}_MINUTE": "1000000" for name in ("", "_ALIAS_PER")}


def mail_port(server: RunningServer) -> int:
    """The port, which the server logs or prints at its start."""
    assert server.mail_port
    return server.mail_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("mails")
    pair = Authority(folder).pair()
    own = {"PENSTOCK_INBOX_MAIL_TLS_CERTIFICATE": str(pair.certificate), "PENSTOCK_INBOX_MAIL_TLS_KEY": str(pair.key)}
    with running_server(folder / "data", environment=LISTENING | own) as running:
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[httpx.Client]:
    with server.client(server.orgs["Acme"]) as made:
        yield made


def alias(client: httpx.Client, value: str) -> str:
    answer = client.post("/api/v2/inbox/addresses", json={"channel": "mail", "value": value})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def code_mail(code: str, to: str, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Shop <no-reply@shop.example>", to, "Your code"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(f"Your code is {code}. It is valid for 10 minutes.")
    made.add_alternative(f"<p>Your code is <b>{code}</b>. <a href='https://shop.example/verify'>Verify</a></p>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="terms.pdf")
    return made


def messages(client: httpx.Client, of: str) -> list[dict[str, Any]]:
    return list(client.get("/api/v2/inbox/messages", params={"address": of}).json()["data"])


def test_a_mail_is_in_the_inbox(server: RunningServer, client: httpx.Client) -> None:
    address_id = alias(client, "ci")
    with smtplib.SMTP("localhost", mail_port(server)) as smtp:
        smtp.starttls()
        smtp.send_message(code_mail("481902", f"CI+github@{DOMAIN}"))
    [found] = messages(client, "ci")
    assert found["address_id"] == address_id
    assert (found["channel"], found["from"], found["subject"]) == ("mail", "no-reply@shop.example", "Your code")
    assert (found["code"], found["links"]) == ("481902", ["https://shop.example/verify"])
    assert found["body"].strip() == "Your code is 481902. It is valid for 10 minutes."
    assert found["mail"] == {
        "peer": "127.0.0.1",
        "envelope_sender": "no-reply@shop.example",
        "spf": "none",
        "tls": "TLSv1.3",
        "tags": ["github"],
        "attachments": [{"name": "terms.pdf", "content_type": "application/pdf", "size": 4}],
    }


def test_a_call_that_waits_gets_the_mail(server: RunningServer, client: httpx.Client) -> None:
    alias(client, "waiting")
    found: list[httpx.Response] = []
    with server.client(server.orgs["Acme"]) as other:
        waiter = threading.Thread(
            target=lambda: found.append(other.get("/api/v2/inbox/messages/next", params={"address": "waiting", "timeout": 60}))
        )
        waiter.start()
        figure = "penstock_inbox_waiting 1"
        awaited(lambda: figure in client.get("/metrics").text or None, what="the call that waits")
        with smtplib.SMTP("127.0.0.1", mail_port(server)) as smtp:
            smtp.send_message(code_mail("551203", "waiting@other.example"))
        waiter.join()
    assert found[0].json()["code"] == "551203"


def test_what_is_not_received(server: RunningServer, client: httpx.Client) -> None:
    address_id = alias(client, "released")
    assert client.delete(f"/api/v2/inbox/addresses/{address_id}").status_code == 204
    with smtplib.SMTP("127.0.0.1", mail_port(server)) as smtp:
        for recipient, code in (("released@codes.example", 550), ("nobody@codes.example", 550), ("ci@gmail.example", 550)):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                smtp.send_message(code_mail("111111", recipient))
            assert refused.value.recipients[recipient][0] == code


def test_nothing_of_a_mail_is_readable_in_the_database_or_the_log(server: RunningServer, client: httpx.Client) -> None:
    alias(client, "private")
    with smtplib.SMTP("127.0.0.1", mail_port(server)) as smtp:
        smtp.send_message(code_mail("907341", f"private+sekrettag@{DOMAIN}"))
    assert messages(client, "private")[0]["code"] == "907341"
    files = [file.read_bytes() for file in server.data_dir.rglob("*") if file.is_file()]
    for text in (b"907341", b"sekrettag", b"terms.pdf"):
        assert not any(text in content for content in files)
        assert text not in server.log_path.read_bytes()


def test_guesses_of_clients_are_not_logged(server: RunningServer) -> None:
    with Raw(mail_port(server)) as client:
        assert client.ask("GUESSED 1").startswith("500")
        assert client.ask("NOOP").startswith("250")
    assert "GUESSED" not in server.log()


def test_figures(server: RunningServer, client: httpx.Client) -> None:
    alias(client, "counted")
    with smtplib.SMTP("127.0.0.1", mail_port(server)) as smtp:
        smtp.send_message(code_mail("123123", f"counted@{DOMAIN}"))
    text = client.get("/metrics").text
    assert "penstock_mail_received_total" in text


# Kills.


def test_a_mail_that_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    _kill_in_the_midst(tmp_path, rounds=2)


@pytest.mark.prove
def test_mails_that_were_acknowledged_survive_many_kills(tmp_path: Path) -> None:
    _kill_in_the_midst(tmp_path, rounds=25)


def _kill_in_the_midst(folder: Path, rounds: int) -> None:
    """Kill the server while clients deliver mails. What has an acknowledgement is stored; what is repeated, stored once."""
    org = bootstrap_org(folder / "data")
    acknowledged: list[str] = []
    for number in range(rounds):
        with running_server(folder / "data", orgs=(), environment=MANY) as server:
            if number == 0:
                with server.client(org) as client:
                    alias(client, "ci")
            clients = [threading.Thread(target=_deliver, args=(server, f"{number}-{one}", acknowledged)) for one in range(3)]
            for one in clients:
                one.start()
            goal = len(acknowledged) + 5 + number
            awaited(partial(_has, acknowledged, goal), what="acknowledgements")
            server.kill()
            for one in clients:
                one.join()
    with running_server(folder / "data", orgs=(), environment=MANY) as server:
        with Raw(mail_port(server)) as client_again, server.client(org) as client:
            again = _send(client_again, acknowledged[-1])
            found = _subjects(client)
        assert again == "250 2.0.0 stored"
        assert set(acknowledged) <= set(found)
        assert len(found) == len(set(found)), "a mail that is delivered again is stored once"
        assert server.stop() == 0


def _has(acknowledged: list[str], goal: int) -> bool:
    return len(acknowledged) >= goal


def _deliver(server: RunningServer, name: str, acknowledged: list[str]) -> None:
    with contextlib.suppress(OSError, AssertionError), Raw(mail_port(server)) as client:
        for number in range(1000):
            subject = f"{name}-{number}"
            if not _send(client, subject).startswith("250"):
                return
            acknowledged.append(subject)


def _send(client: Raw, subject: str) -> str:
    client.ready(f"ci@{DOMAIN}")
    client.send(f"Subject: {subject}\r\nMessage-ID: <{subject}@x>\r\n\r\ntext\r\n.\r\n".encode())
    return client.reply()


def _subjects(client: httpx.Client) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        query: dict[str, str] = {"address": "ci", "limit": "1000"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v2/inbox/messages", params=query).json()
        found += [one["subject"] for one in page["data"]]
        cursor = page["next_cursor"]
        if not cursor:
            return found
