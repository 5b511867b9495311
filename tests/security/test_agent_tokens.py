"""Attacks on agents' tokens: no forgery opens the WebSocket, a token opens nothing else, and none is found on disk."""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from websockets.exceptions import InvalidStatus

from penstock_agent import wire
from tests.security.test_secrets_at_rest import search
from tests.security.test_tokens import parts_of, text
from tests.support.agents import PairedDevice, RawAgent, new_device, new_pair_code, pair
from tests.support.in_process import InProcessServer
from tests.support.server import RunningServer, run_cli, running_server

REFUSED = (401, "agents.token_invalid")


@pytest.fixture
def api(server: InProcessServer) -> Iterator[httpx.Client]:
    with server.client(server.orgs["Acme"]) as client:
        yield client


@pytest.fixture
def paired(server: InProcessServer, api: httpx.Client) -> PairedDevice:
    return pair(server, api)


def outcome(server: RunningServer | InProcessServer, token: str) -> tuple[int, str]:
    """What the handshake answers to a token."""
    try:
        RawAgent(server, token=token).close()
    except InvalidStatus as refusal:
        return refusal.response.status_code, json.loads(bytes(refusal.response.body))["code"]
    return 101, ""


def public_key_of(server: InProcessServer) -> bytes:
    with closing(sqlite3.connect(server.data_dir / "penstock.db")) as database:
        return bytes(database.execute("SELECT public FROM agent_keys").fetchone()[0])


def forgeries(token: str, public: bytes, other_device: str) -> Iterator[tuple[str, str]]:
    header, claims, signature = parts_of(token)
    head, body, _ = token.split(".")
    for name in ("none", "None", ""):
        yield f"alg {name!r}", f"{text(header | {'alg': name})}.{body}."
        yield f"alg {name!r} with signature", f"{text(header | {'alg': name})}.{body}.{text(signature)}"
    key = load_der_public_key(public)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for secret, what in ((public, "DER"), (pem, "PEM"), (b"", "empty")):
        signed = f"{text(header | {'alg': 'HS256'})}.{body}"
        yield f"HS256 under the public key ({what})", f"{signed}.{text(hmac.digest(secret, signed.encode(), 'sha256'))}"
    own = rsa.generate_private_key(public_exponent=65_537, key_size=2048)

    def signed_by_own(claims: dict[str, Any], **extra: Any) -> str:
        signed = f"{text(header | extra)}.{text(claims)}"
        return f"{signed}.{text(own.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    yield "a key of one's own under a known name", signed_by_own(claims)
    yield "a foreign kid", signed_by_own(claims, kid="mine")
    yield "a kid that is a path", signed_by_own(claims, kid="../../../dev/null")
    yield "a key by address", signed_by_own(claims, jku="http://127.0.0.1:1/keys.json")
    yield "PS256", signed_by_own(claims, alg="PS256")
    for name, value in (
        ("sub", other_device),
        ("org", "org_0000000000001"),
        ("aud", "penstock"),
        ("jti", "0" * 32),
        ("iss", "x"),
    ):
        yield f"another {name}", f"{head}.{text(claims | {name: value})}.{text(signature)}"
    yield "a cut signature", token[:-4]
    yield "padding", token + "=="
    yield "four parts", token + ".e30"
    yield "an empty payload", f"{head}..{text(signature)}"
    yield "a deep header", f"{text(b'[' * 900 + b']' * 900)}.{body}.{text(signature)}"
    yield "nothing", "x"


def test_anybody_with_the_public_key_can_verify_a_token(server: InProcessServer, paired: PairedDevice) -> None:
    """By hand and with plain RSA, as a program that knows nothing of us would."""
    header, claims, signature = parts_of(paired.token)
    key = load_der_public_key(public_key_of(server))
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(signature, paired.token.rpartition(".")[0].encode(), padding.PKCS1v15(), hashes.SHA256())
    assert (header["alg"], header["typ"], key.key_size) == ("RS256", "JWT", 2048)
    assert (claims["sub"], claims["aud"]) == (paired.id, "penstock-agent")


def test_no_forgery_is_let_in(server: InProcessServer, api: httpx.Client, paired: PairedDevice) -> None:
    tried = dict(forgeries(paired.token, public_key_of(server), new_device(api)))
    assert len(tried) > 20
    found = {what: outcome(server, token) for what, token in tried.items()}
    assert {what: answer for what, answer in found.items() if answer != REFUSED} == {}
    assert outcome(server, paired.token)[0] == 101


def test_other_credentials_open_no_agents_connection(server: InProcessServer, api: httpx.Client) -> None:
    made = api.post("/api/v2/devices", json={"name": "Pump"}).raise_for_status().json()
    assert outcome(server, made["access_token"]) == REFUSED
    assert outcome(server, server.orgs["Acme"].api_key) == REFUSED


def test_an_agents_token_opens_nothing_else(server: InProcessServer, paired: PairedDevice) -> None:
    headers = {"Authorization": f"Bearer {paired.token}", "X-Organization-Id": server.orgs["Acme"].organization_id}
    with server.client() as client:
        for path in ("/api/v2/devices", "/api/v2/me", "/api/v2/device/commands", paired.path):
            assert client.get(path, headers=headers).status_code == 401, path
        answer = client.post(f"{paired.path}/telemetry", json={"data": {"v": 1}}, headers=headers)
        assert answer.status_code == 401


def test_a_suspended_organisations_agents_are_cut_off_and_nothing_is_found_on_disk(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_server(data) as server, server.client(server.orgs["Acme"]) as api:
        open_code = new_pair_code(api, new_device(api))
        paired = pair(server, api)
        agent = RawAgent(server, token=paired.token)
        agent.greet()
        agent.send_readings(1, 1)
        agent.acknowledged()
        assert run_cli("org", "suspend", "--org", "Acme", "--data-dir", str(data)).returncode == 0
        assert agent.closed() == wire.CLOSE_PAUSED
        agent.close()
        assert outcome(server, paired.token) == (403, "organizations.suspended")
        signature = paired.token.rpartition(".")[2]
        assert search(data, [open_code, signature]) == []
        assert open_code not in server.log()
        assert signature not in server.log()
    with closing(sqlite3.connect(data / "penstock.db")) as database:
        (sealed,) = database.execute("SELECT sealed FROM agent_keys").fetchone()
    assert b"\x02\x01\x00\x30\x0d\x06\x09\x2a\x86\x48" not in sealed, "a private key in the clear (PKCS #8)"


def test_bad_codes_of_one_address_are_limited_and_a_good_one_is_still_taken(tmp_path: Path) -> None:
    environment = {"PENSTOCK_LIMITS_BAD_CREDENTIALS_PER_MINUTE": "5"}
    with running_server(tmp_path / "data", environment=environment) as server, server.client(server.orgs["Acme"]) as api:
        code = new_pair_code(api, new_device(api))
        with server.client() as anybody:
            bad = [anybody.post("/api/v2/agents/provision", json={"pair_code": f"{n:032x}"}).status_code for n in range(8)]
            assert (bad[0], bad[-1]) == (401, 429)
            assert anybody.post("/api/v2/agents/provision", json={"pair_code": code}).status_code == 200
