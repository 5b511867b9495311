"""The public keys of access tokens: what they publish verifies what is signed, and nothing private is in it."""

from __future__ import annotations

import httpx
import jwt

from tests.support.in_process import InProcessServer


def test_a_program_verifies_a_token_by_what_is_published(in_process: InProcessServer) -> None:
    org = in_process.orgs["Acme"]
    with in_process.client() as client:
        body = {"email": org.user_email, "password": org.user_password}
        token = client.post("/api/v2/auth/sign-in", json=body).json()["access_token"]
        answer: httpx.Response = client.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    keys = {one["kid"]: one for one in answer.json()["keys"]}
    key = keys[jwt.get_unverified_header(token)["kid"]]
    assert key.keys() == {"kty", "crv", "use", "alg", "kid", "x"}
    claims = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["EdDSA"], audience="penstock")
    assert claims["org"] == org.organization_id
