"""Mail to a real SMTP server: with and without TLS and login."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from penstock.adapters.mail.config import MailConfig
from penstock.adapters.mail.smtp import SmtpMailer
from penstock.core.people.errors import MailFailed
from penstock.core.people.models import Message
from penstock.settings import load_settings
from tests.support.mailbox import smtp_server

MESSAGE = Message(id="1f", to="ada@example.org", subject="Grüße", text="Zwölf Boxkämpfer.\n.\nfrom here\n")


def config(port: int, **changes: object) -> MailConfig:
    plain = {"host": "127.0.0.1", "port": port, "tls": "none", "sender": "Penstock <iot@example.org>", "timeout_s": 5.0}
    return msgspec.structs.replace(load_settings(environment={}).mail, **plain | changes)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that signs itself: its file, and a server that shows it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / "cert.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)
    return file, context


async def test_a_message_arrives_as_it_was_written() -> None:
    with smtp_server() as mailbox:
        await SmtpMailer(config(mailbox.port)).send(MESSAGE)
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Grüße"
    assert mail["To"] == "ada@example.org"
    assert mail["Message-ID"] == "<1f@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == MESSAGE.text


async def test_starttls_and_login(certificate: tuple[Path, ssl.SSLContext]) -> None:
    file, context = certificate
    with smtp_server(tls=context, login=("iot", "s3cret")) as mailbox:
        good = config(mailbox.port, tls="starttls", user="iot", password="s3cret", ca_file=str(file))
        await SmtpMailer(good).send(MESSAGE)
        assert len(mailbox.mails) == 1
        with pytest.raises(MailFailed, match="SMTPAuthenticationError: the server responded 535") as refused:
            await SmtpMailer(msgspec.structs.replace(good, password="wrong")).send(MESSAGE)
        assert "wrong" not in str(refused.value)
        with pytest.raises(MailFailed, match="certificate"):
            await SmtpMailer(msgspec.structs.replace(good, ca_file="")).send(MESSAGE)
        with pytest.raises(MailFailed):
            await SmtpMailer(msgspec.structs.replace(good, tls="none")).send(MESSAGE)
        assert len(mailbox.mails) == 1


async def test_implicit_tls(certificate: tuple[Path, ssl.SSLContext]) -> None:
    file, context = certificate
    with smtp_server(ssl_context=context) as mailbox:
        await SmtpMailer(config(mailbox.port, tls="implicit", ca_file=str(file))).send(MESSAGE)
    assert len(mailbox.mails) == 1


async def test_a_server_that_is_not_there_or_takes_nothing() -> None:
    with smtp_server() as mailbox:
        mailbox.refuse = 1
        with pytest.raises(MailFailed, match="451"):
            await SmtpMailer(config(mailbox.port)).send(MESSAGE)
        port = mailbox.port
    with pytest.raises(MailFailed):
        await SmtpMailer(config(port)).send(MESSAGE)


def test_the_password_does_not_show() -> None:
    assert "s3cret" not in repr(config(25, password="s3cret"))
