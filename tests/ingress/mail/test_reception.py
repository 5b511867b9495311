"""Who may send to whom, how much, and what is answered if a mail cannot be stored."""

from __future__ import annotations

import pytest

from penstock.core.inboxes.models import Spf

from .running import DOMAIN, Inbox, Raw, listener

MAIL = b"Subject: Hi\r\nMessage-ID: <1@x>\r\n\r\nYour code is 481902\r\n.\r\n"


class Told:
    """A check with a result of the test's own."""

    def __init__(self, result: Spf) -> None:
        self.result = result
        self.asked: list[tuple[str, str, str]] = []

    async def check(self, peer: str, helo: str, sender: str) -> Spf:
        self.asked.append((peer, helo, sender))
        return self.result


def greeted(client: Raw, sender: str = "joe@sender.example") -> Raw:
    client.ask("EHLO client.example")
    assert client.ask(f"MAIL FROM:<{sender}>").startswith("250")
    return client


def send(client: Raw, content: bytes = MAIL) -> str:
    client.ready()
    client.send(content)
    return client.reply()


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        (f"ci@{DOMAIN}", "250"),
        (f"CI@{DOMAIN.upper()}", "250"),
        (f"ci+github@{DOMAIN}", "250"),
        (f"ci+@{DOMAIN}", "250"),
        (f"no@{DOMAIN}", "550 5.1.1"),
        (f"+ci@{DOMAIN}", "550 5.1.1"),
        (f'"ci x"@{DOMAIN}', "550 5.1.1"),
        ("ci@other.example", "550 5.7.1"),
        (f"ci@sub.{DOMAIN}", "550 5.7.1"),
        (f"ci%other.example@{DOMAIN}", "550 5.1.1"),
        (f"@other.example:ci@{DOMAIN}", "250"),  # the route of RFC 821, which is to be ignored
        ("ci", "550 5.7.1"),
    ],
)
def test_recipients(address: str, answer: str) -> None:
    with listener() as running, running.client() as client:
        assert greeted(client).ask(f"RCPT TO:<{address}>").startswith(answer)


def test_guessing_aliases_is_slow() -> None:
    with listener(max_unknown_per_minute=3) as running:
        with running.client() as client:
            greeted(client)
            answers = [client.ask(f"RCPT TO:<guess{number}@{DOMAIN}>") for number in range(4)]
            assert [answer[:3] for answer in answers] == ["550", "550", "550", "421"]
            assert client.reply() == ""
        with running.client() as client:
            assert greeted(client).ask(f"RCPT TO:<ci@{DOMAIN}>").startswith("421"), "not even a known one over a new connection"
        running.clock.s += 60
        with running.client() as client:
            assert greeted(client).ask(f"RCPT TO:<ci@{DOMAIN}>").startswith("250")


def test_recipients_of_one_mail_are_limited() -> None:
    inbox = Inbox("a", "b", "c")
    with listener(inbox, max_recipients=2) as running, running.client() as client:
        greeted(client)
        answers = [client.ask(f"RCPT TO:<{alias}@{DOMAIN}>")[:3] for alias in "abc"]
        assert answers == ["250", "250", "452"]
        client.ask("DATA")
        client.send(MAIL)
        assert client.reply().startswith("250")
    assert [alias for alias, _ in inbox.stored] == ["a", "b"]


def test_mails_of_one_client_are_limited() -> None:
    with listener(max_mails_per_minute=2) as running, running.client() as client:
        assert [send(client)[:3], send(client)[:3]] == ["250", "250"]
        assert client.ask("MAIL FROM:<joe@sender.example>").startswith("450")
        running.clock.s += 60
        assert client.ask("MAIL FROM:<joe@sender.example>").startswith("250")


def test_mails_for_one_alias_are_limited() -> None:
    with listener(Inbox("ci", "other"), max_mails_per_alias_per_minute=1) as running, running.client() as client:
        assert send(client).startswith("250")
        greeted(client)
        assert client.ask(f"RCPT TO:<ci+tag@{DOMAIN}>").startswith("450")
        assert client.ask(f"RCPT TO:<other@{DOMAIN}>").startswith("250")


def test_tags_are_kept_and_an_alias_gets_one_mail() -> None:
    with listener() as running, running.client() as client:
        client.ready(f"ci+GitHub@{DOMAIN}", f"ci@{DOMAIN}", f"ci+aws@{DOMAIN}", f"CI+aws@{DOMAIN}")
        client.send(MAIL)
        assert client.reply().startswith("250")
        [(_, stored)] = running.inbox.stored
        assert stored.content.mail is not None
        assert stored.content.mail.tags == ("GitHub", "aws")


def test_a_repeated_mail_is_acknowledged_and_stored_once() -> None:
    with listener() as running, running.client() as client:
        assert send(client).startswith("250")
        assert send(client, b"Received: again\r\n" + MAIL).startswith("250")
        assert len(running.inbox.stored) == 1
        assert send(client, MAIL.replace(b"<1@x>", b"<2@x>")).startswith("250")
        assert len(running.inbox.stored) == 2


def test_a_mail_that_is_not_stored_is_not_acknowledged() -> None:
    with listener() as running, running.client() as client:
        running.inbox.fails = True
        assert send(client).startswith("451")
        running.inbox.fails = False
        assert send(client) == "250 2.0.0 stored"
        assert len(running.inbox.stored) == 1


def test_an_unexpected_error_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    with listener() as running, running.client() as client:
        monkeypatch.setattr(running.inbox, "received_mail", broken)
        answer = send(client)
        assert answer.startswith("451")
        assert "bug" not in answer
        monkeypatch.setattr(running.inbox, "accepts", broken)
        assert greeted(client).ask(f"RCPT TO:<ci@{DOMAIN}>").startswith("451")


def test_an_alias_that_is_released_in_between() -> None:
    with listener() as running, running.client().ready() as client:
        running.inbox.aliases.clear()
        client.send(MAIL)
        assert client.reply().startswith("550")


def test_the_result_for_the_sender_is_noted() -> None:
    check = Told(Spf.FAIL)
    with listener(check=check) as running, running.client() as client:
        assert send(client).startswith("250")
        [(_, stored)] = running.inbox.stored
        assert stored.content.mail is not None
        assert stored.content.mail.spf is Spf.FAIL
        assert stored.content.mail.envelope_sender == "joe@sender.example"
    assert check.asked == [("127.0.0.1", "client.example", "joe@sender.example")]


@pytest.mark.parametrize(("result", "answer"), [(Spf.FAIL, "550 5.7.23"), (Spf.SOFTFAIL, "250"), (Spf.TEMPERROR, "250")])
def test_the_result_for_the_sender_can_decide(result: Spf, answer: str) -> None:
    with listener(check=Told(result), spf="enforced") as running, running.client() as client:
        assert send(client).startswith(answer)
        assert len(running.inbox.stored) == (answer == "250")
