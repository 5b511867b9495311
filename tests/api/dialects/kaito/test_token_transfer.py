"""Tokens brought in as Kaito's clients do."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import httpx
import pyotp
import pytest

from tests.support.in_process import InProcessServer
from tests.support.pictures import qr

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
URI = f"otpauth://totp/AWS:root%40example.org?secret={SECRET}&issuer=AWS"
PNG = {"content-type": "image/png"}


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.new_org()) as client:
        yield client


def test_a_picture_becomes_a_token(api: httpx.Client) -> None:
    made = api.post("/v1/tokens/qr", params={"name": "aws-prod"}, content=qr(URI), headers=PNG)
    assert made.status_code == 201, made.text
    assert {name: made.json()[name] for name in ("name", "issuer", "account", "algorithm", "digits", "period")} == {
        **{"name": "aws-prod", "issuer": "AWS", "account": "root@example.org", "algorithm": "SHA1", "digits": 6, "period": 30}
    }
    assert api.get("/v1/tokens").json() == [made.json()]
    assert pyotp.TOTP(SECRET).verify(api.get("/v1/tokens/aws-prod/code").json()["code"], valid_window=1)
    encoded = base64.b64encode(qr(URI)).decode()
    assert api.post("/v1/tokens/qr", json={"picture": encoded}).json()["name"] == "aws-root"
    again = api.post("/v1/tokens/qr", params={"name": "aws-prod"}, content=qr(URI), headers=PNG)
    assert (again.status_code, set(again.json())) == (409, {"error"})
    refused = api.post("/v1/tokens/qr", content=b"<svg/>", headers=PNG)
    assert refused.status_code == 400
    assert "picture" in refused.json()["error"]["message"]


def test_a_file_is_imported(api: httpx.Client) -> None:
    body = {"format": "otpauth", "content": f"{URI}\notpauth://hotp/Bank:1?secret={SECRET}"}
    found = api.post("/v1/tokens/import", json=body | {"dry_run": True}).json()
    assert api.get("/v1/tokens").json() == []
    assert found == api.post("/v1/tokens/import", json=body).json()
    assert [(one["position"], one["name"], one["outcome"]) for one in found] == [
        *((1, "aws-root", "created"), (2, "Bank:1", "left_out"))
    ]
    refused = api.post("/v1/tokens/import", json={"format": "aegis", "content": "x"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_request")
