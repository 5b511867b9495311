"""Attacks on people's tokens: every forgery is refused like a credential that nobody has."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.security.holding import Holding
from tests.security.people import Person
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org


def raw(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def text(value: Any) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def parts_of(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    head, body, signature = token.split(".")
    return json.loads(raw(head)), json.loads(raw(body)), raw(signature)


def status(client: httpx.Client, org: Org, token: str, path: str = "/api/v2/me") -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}", "X-Organization-Id": org.organization_id}
    answer = client.get(path, headers=headers)
    return answer.status_code, answer.json().get("code", "")


REFUSED = (401, "auth.credential_invalid")


@pytest.fixture(scope="module")
def person(theirs: Holding) -> Person:
    return theirs.people.members("tokens", "owner")[0]


def test_anybody_can_verify_a_token_with_the_published_keys(client: httpx.Client, person: Person) -> None:
    """By hand and with a plain Ed25519, as a program that knows nothing of us would."""
    header, claims, signature = parts_of(person.access_token)
    keys = {key["kid"]: key for key in client.get("/.well-known/jwks.json").json()["keys"]}
    key = keys[header["kid"]]
    assert (header["alg"], key["kty"], key["crv"], key["alg"], key["use"]) == ("EdDSA", "OKP", "Ed25519", "EdDSA", "sig")
    thumbprint = hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{key["x"]}"}}'.encode()).digest()
    assert key["kid"] == text(thumbprint)
    Ed25519PublicKey.from_public_bytes(raw(key["x"])).verify(signature, person.access_token.rpartition(".")[0].encode())
    assert claims["sub"] == person.user_id
    assert claims["exp"] - claims["iat"] == 900
    assert "d" not in key, "the private part stays here"


def forgeries(token: str, jwks: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    header, claims, signature = parts_of(token)
    body, public = token.split(".")[1], raw(jwks[0]["x"])
    for name in ("none", "None", "NONE", ""):
        yield f"alg {name!r}", f"{text(header | {'alg': name})}.{body}."
        yield f"alg {name!r} with signature", f"{text(header | {'alg': name})}.{body}.{text(signature)}"
    for secret, what in ((public, "raw"), (jwks[0]["x"].encode(), "text"), (json.dumps(jwks[0]).encode(), "JWK"), (b"", "empty")):
        signed = f"{text(header | {'alg': 'HS256'})}.{body}"
        yield f"HS256 under the public key ({what})", f"{signed}.{text(hmac.digest(secret, signed.encode(), 'sha256'))}"
    own = Ed25519PrivateKey.generate()
    own_x = text(own.public_key().public_bytes_raw())

    def signed_by_own(claims: dict[str, Any], **extra: Any) -> str:
        signed = f"{text(header | extra)}.{text(claims)}"
        return f"{signed}.{text(own.sign(signed.encode()))}"

    yield "a key of one's own under a known name", signed_by_own(claims)
    yield "a foreign kid", signed_by_own(claims, kid="mine")
    yield "a kid that is a path", signed_by_own(claims, kid="../../../../dev/null")
    yield "a kid that is SQL", signed_by_own(claims, kid="' UNION SELECT x'00' --")
    yield "a key in the header", signed_by_own(claims, jwk={"kty": "OKP", "crv": "Ed25519", "x": own_x})
    yield "a key by address", signed_by_own(claims, jku="http://127.0.0.1:1/keys.json")
    yield "an unknown critical header", signed_by_own(claims, crit=["exp"], exp=1)
    for name, value in (("sub", "usr_0000000000001"), ("org", "org_0000000000001"), ("exp", claims["exp"] + 9999), ("aud", "x")):
        yield f"another {name}", f"{token.split('.', maxsplit=1)[0]}.{text(claims | {name: value})}.{text(signature)}"
    yield "a cut signature", token[:-4]
    yield "a longer signature", token + "AAAA"
    yield "padding", token + "=="
    yield "other bits at the end", token[:-1] + ("B" if token[-1] != "B" else "C")
    yield "a blank inside", token.replace(".", ". ", 1)
    yield "four parts", token + ".e30"
    yield "an empty payload", f"{token.split('.', maxsplit=1)[0]}..{text(signature)}"
    yield "no JSON", f"{text(b'{')}.{body}.{text(signature)}"
    broken = b'{"alg":"EdDSA","typ":"J\xff","kid":"x"}'
    yield "no UTF-8", f"{text(broken)}.{body}.{text(signature)}"
    yield "a long one", "eyJ" + "A" * 6000 + ".e30.e30"
    deep = b'{"alg":"EdDSA","typ":"JWT","kid":' + b"[" * 900 + b"]" * 900 + b"}"
    yield "a deep one", f"{text(deep)}.{body}.{text(signature)}"


def test_no_forgery_is_let_in(client: httpx.Client, acme: Org, person: Person) -> None:
    jwks = client.get("/.well-known/jwks.json").json()["keys"]
    assert status(client, acme, person.access_token)[0] == 200
    let_in = {what: status(client, acme, token) for what, token in forgeries(person.access_token, jwks)}
    assert len(let_in) > 25
    assert {what: found for what, found in let_in.items() if found != REFUSED} == {}
    assert status(client, acme, person.access_token)[0] == 200


def test_a_token_counts_in_its_own_organisation_only(client: httpx.Client, acme: Org, other: Org, person: Person) -> None:
    assert status(client, other, person.access_token) == (403, "auth.organization_mismatch")
    assert status(client, acme, person.access_token)[0] == 200


def test_a_token_of_another_server_is_nobody_s(server: InProcessServer, acme: Org, tmp_path: Any) -> None:
    with in_process_server(tmp_path / "data") as elsewhere, elsewhere.client() as there:
        org = elsewhere.orgs["Acme"]
        wanted = {"email": org.user_email, "password": org.user_password}
        token = there.post("/api/v2/auth/sign-in", json=wanted).json()["access_token"]
        assert status(there, org, token)[0] == 200
        with server.client() as here:
            assert status(here, acme, token) == REFUSED
            # A key that nobody here knows makes the server look into its store once, and then no more for a while.
            assert status(here, acme, token) == REFUSED


def test_a_token_runs_out(tmp_path: Any) -> None:
    environment = {"PENSTOCK_PEOPLE_ACCESS_TOKEN_S": "2"}
    with in_process_server(tmp_path / "data", environment=environment) as running, running.client() as client:
        org = running.orgs["Acme"]
        wanted = {"email": org.user_email, "password": org.user_password}
        tokens = client.post("/api/v2/auth/sign-in", json=wanted).json()
        assert status(client, org, tokens["access_token"])[0] == 200
        time.sleep(2.1)
        assert status(client, org, tokens["access_token"]) == REFUSED
        renewed = client.post("/api/v2/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).json()
        assert status(client, org, renewed["access_token"])[0] == 200
