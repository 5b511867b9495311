"""TLS on a port of its own, and what stops the start when it is set up wrongly."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_server
from penstock.bootstrap.mqtt import listening
from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.settings import Settings, SettingsInvalid, load_settings
from tests.support.server import run_cli
from tests.support.waiting import CEILING_S


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    private = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths = folder / "chain.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(form))
    paths[1].write_bytes(private)
    return paths


def settings(certificate: Path, key: Path) -> Settings:
    flags = {"mqtt.port": 0, "mqtt.tls_port": 0, "mqtt.tls_certificate": str(certificate), "mqtt.tls_key": str(key)}
    return load_settings(environment={}, flags=flags)


async def test_a_device_speaks_tls_on_the_second_port(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    loaded = settings(*certificate)
    context = ssl.create_default_context(cafile=certificate[0])
    async with open_server(DataDir(tmp_path / "data"), loaded) as server, listening(server.parts.mqtt, loaded.mqtt) as addresses:
        plain, secure = addresses
        assert (plain[:7], secure[:8]) == ("mqtt://", "mqtts://")
        port = int(secure.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
        writer.write(encode(m.Connect(m.V5, "c", user="nobody", password=b"nothing"), m.V5))
        answer = await asyncio.wait_for(reader.read(100), CEILING_S)
        assert answer[3] == m.Reason.BAD_USER_OR_PASSWORD
        writer.close()
        await writer.wait_closed()
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.load_verify_locations(certificate[0])
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        old.set_ciphers("ECDHE+AES:!AESGCM:!CHACHA20")
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await asyncio.open_connection("127.0.0.1", port, ssl=old, server_hostname="localhost")


async def test_a_file_that_is_no_certificate_is_named(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    for pair in ((nonsense, certificate[1]), (tmp_path / "missing.pem", certificate[1])):
        loaded = settings(*pair)
        async with open_server(DataDir(tmp_path / "data"), loaded) as server:
            with pytest.raises(SettingsInvalid, match=r"mqtt\.tls_certificate"):
                async with listening(server.parts.mqtt, loaded.mqtt):
                    pass


def test_a_certificate_without_its_key_is_refused() -> None:
    with pytest.raises(SettingsInvalid, match="must be set together"):
        load_settings(environment={}, flags={"mqtt.tls_certificate": "chain.pem"})


def test_a_taken_port_is_named(tmp_path: Path, server: object) -> None:
    port = server.mqtt_port  # type: ignore[attr-defined]
    done = run_cli("serve", "--data-dir", str(tmp_path / "data"), "--http", "127.0.0.1:0", "--mqtt", f"127.0.0.1:{port}")
    assert done.returncode == 1
    assert done.stderr.strip().endswith(
        f"cannot listen on 127.0.0.1:{port}: Address already in use; "
        "select another address with --mqtt HOST:PORT, or mqtt.host and mqtt.port in the settings"
    )


async def test_a_byte_now_and_then_extends_no_deadline(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    loaded = settings(*certificate)
    loaded = msgspec.structs.replace(loaded, mqtt=msgspec.structs.replace(loaded.mqtt, connect_timeout_s=0.5))
    context = ssl.create_default_context(cafile=certificate[0])
    async with open_server(DataDir(tmp_path / "data"), loaded) as server, listening(server.parts.mqtt, loaded.mqtt) as addresses:
        port = int(addresses[1].rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
        writer.write(b"\x10\xd0\x0f\x00\x04MQTT")

        async def dribble() -> None:
            while True:
                writer.write(b"x")
                await asyncio.sleep(0.05)

        dribbling = asyncio.create_task(dribble())
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), CEILING_S) == b""
        dribbling.cancel()
        writer.transport.abort()
