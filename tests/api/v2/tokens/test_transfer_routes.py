"""Tokens brought in from files and pictures and taken out again, over HTTP."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pyotp
import pytest

from penstock.core.tokens.formats import exported
from tests.core.tokens.formats.payloads import (
    BASE32,
    SEED,
    aegis_encrypted,
    aegis_entry,
    migrated,
    migration,
    twofas_plain,
    twofas_service,
)
from tests.support.in_process import InProcessServer
from tests.support.pictures import qr

TOKENS = "/api/v2/tokens"
IMPORT, EXPORT, PICTURE = f"{TOKENS}/import", f"{TOKENS}/export", f"{TOKENS}/from-picture"
PNG = {"content-type": "image/png"}
WORDS = "tide weir sluice"
OTHER = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def uri(label: str, secret: str = BASE32, more: str = "") -> str:
    return f"otpauth://totp/{label}?secret={secret}{more}"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The full cost of a passphrase is the subject of the tests of the format."""
    monkeypatch.setattr(exported, "MEMORY_KIB", 64)


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.new_org()) as client:
        yield client


def imported(api: httpx.Client, form: str, content: str, **more: Any) -> dict[str, Any]:
    answer = api.post(IMPORT, json={"format": form, "content": content} | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(answer: httpx.Response, field: str, status: int = 400) -> str:
    assert answer.status_code == status, answer.text
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    return str(answer.json()["detail"])


def outcomes(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["name"], one["outcome"]) for one in found["entries"]]


def seed(api: httpx.Client, name: str) -> str:
    return str(api.get(f"{TOKENS}/{name}/seed").raise_for_status().json()["secret"])


def names(api: httpx.Client) -> list[str]:
    return [one["name"] for one in api.get(TOKENS).raise_for_status().json()["data"]]


def actions(api: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get("/api/v2/logs").raise_for_status().json()["data"]
    return found


def test_a_list_of_uris(api: httpx.Client) -> None:
    text = "\n".join([uri("Acme:ada"), "otpauth://hotp/Bank:1?secret=" + BASE32, uri("Acme:ada", OTHER, "&digits=8&period=60")])
    dry = imported(api, "otpauth", text, dry_run=True)
    assert (dry["dry_run"], names(api)) == (True, [])
    found = imported(api, "otpauth", text)
    assert found["entries"] == dry["entries"]
    assert outcomes(found) == [("acme-ada", "created"), ("Bank:1", "left_out"), ("acme-ada-2", "created")]
    assert found["counts"] == {"created": 2, "renamed": 0, "replaced": 0, "skipped": 0, "left_out": 1}
    assert "counter-based" in found["entries"][1]["reason"]
    code = api.get(f"{TOKENS}/acme-ada-2/code").raise_for_status().json()["code"]
    assert code in {pyotp.TOTP(OTHER, digits=8, interval=60).now(), pyotp.TOTP(OTHER, digits=8, interval=60).at(0), code}
    assert pyotp.TOTP(OTHER, digits=8, interval=60).verify(code, valid_window=1)


def test_a_name_that_exists_is_skipped_renamed_or_replaced(api: httpx.Client) -> None:
    imported(api, "otpauth", uri("Acme:ada"))
    again = uri("Acme:ada", OTHER, "&digits=8&algorithm=SHA256")
    assert outcomes(imported(api, "otpauth", again)) == [("acme-ada", "skipped")]
    assert seed(api, "acme-ada") == BASE32
    for dry_run in (True, False):
        assert outcomes(imported(api, "otpauth", again, conflict="rename", dry_run=dry_run)) == [("acme-ada-2", "renamed")]
    assert (seed(api, "acme-ada"), seed(api, "acme-ada-2")) == (BASE32, OTHER)
    before = api.get(f"{TOKENS}/acme-ada").json()
    for dry_run in (True, False):
        assert outcomes(imported(api, "otpauth", again, conflict="replace", dry_run=dry_run)) == [("acme-ada", "replaced")]
    after = api.get(f"{TOKENS}/acme-ada").json()
    assert (seed(api, "acme-ada"), after["digits"], after["algorithm"], after["id"]) == (OTHER, 8, "SHA256", before["id"])
    assert names(api) == ["acme-ada", "acme-ada-2"]


def test_files_of_other_apps(api: httpx.Client) -> None:
    files = {
        "google": migration(migrated(SEED, b"google")),
        "aegis": aegis_encrypted(WORDS, aegis_entry(name="aegis", issuer="")),
        "2fas": twofas_plain(twofas_service(name="", otp={"issuer": "", "account": "twofas"})),
    }
    for form, content in files.items():
        found = imported(api, form, content, passphrase=WORDS)
        assert found["counts"]["created"] == 1
        assert seed(api, found["entries"][0]["name"]) == BASE32
    assert names(api) == ["aegis", "google", "twofas"]
    assert "content" in refused(api.post(IMPORT, json={"format": "aegis", "content": files["2fas"]}), "content")
    assert "is wrong" in refused(
        api.post(IMPORT, json={"format": "aegis", "content": files["aegis"], "passphrase": "x"}), "passphrase"
    )
    refused(api.post(IMPORT, json={"format": "aegis", "content": files["aegis"]}), "passphrase")
    refused(api.post(IMPORT, json={"format": "other", "content": "x"}), "format")
    refused(api.post(IMPORT, json={"format": "otpauth", "content": ""}), "content")
    refused(api.post(IMPORT, json={"format": "otpauth", "content": "x", "passphrase": "x" * 1_025}), "passphrase")


def test_an_exported_file_is_imported_into_another_organisation(in_process: InProcessServer, api: httpx.Client) -> None:
    imported(api, "otpauth", uri("Acme:ada") + "\n" + uri("Acme:bob", OTHER, "&digits=8"))
    api.patch(f"{TOKENS}/acme-ada", json={"description": "Root", "name": "aws.prod"}).raise_for_status()
    answer = api.post(EXPORT, json={"passphrase": WORDS})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="tokens.json"'
    for text in (BASE32, OTHER, base64.b64encode(SEED).decode(), SEED.hex(), "aws.prod"):
        assert text not in answer.text
    with in_process.client(in_process.new_org()) as other:
        found = imported(other, "penstock", answer.text, passphrase=WORDS)
        assert outcomes(found) == [("acme-bob", "created"), ("aws.prod", "created")]
        assert (seed(other, "aws.prod"), seed(other, "acme-bob")) == (BASE32, OTHER)
        token = other.get(f"{TOKENS}/aws.prod").json()
        assert (token["description"], token["issuer"], token["account"]) == ("Root", "Acme", "ada")
    refused(api.post(IMPORT, json={"format": "penstock", "content": answer.text, "passphrase": "tide"}), "passphrase")
    (entry,) = (one for one in actions(api) if one["action"] == "token.export")
    assert (entry["details"]["flagged"], entry["details"]["names"]) == (True, ["acme-bob", "aws.prod"])


def test_an_export_as_plain_text_has_to_be_asked_for(api: httpx.Client) -> None:
    imported(api, "otpauth", uri("Acme:ada") + "\n" + uri("Acme:bob", OTHER))
    assert "at least 12" in refused(api.post(EXPORT, json={"passphrase": "eleven char"}), "passphrase")
    refused(api.post(EXPORT, json={}), "passphrase")
    refused(api.post(EXPORT, json={"format": "otpauth", "passphrase": WORDS}), "passphrase")
    refused(api.post(EXPORT, json={"format": "aegis"}), "format")
    assert api.post(EXPORT, json={"format": "otpauth", "names": ["nobody"]}).status_code == 404
    answer = api.post(EXPORT, json={"format": "otpauth", "names": ["acme-bob", "acme-bob"]})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    (line,) = answer.text.splitlines()
    other = pyotp.parse_uri(line)
    assert isinstance(other, pyotp.TOTP)
    assert (other.secret, other.name, other.issuer) == (OTHER, "bob", "Acme")


def test_an_export_is_not_remembered_for_repetitions(api: httpx.Client) -> None:
    imported(api, "otpauth", uri("Acme:ada"))
    found = [api.post(EXPORT, json={"passphrase": WORDS}, headers={"idempotency-key": "one"}).json()["content"] for _ in range(2)]
    assert found[0] != found[1]


def test_a_picture_with_one_code(api: httpx.Client) -> None:
    picture = qr(uri("Acme:ada"))
    dry = api.post(PICTURE, content=picture, headers=PNG, params={"name": "aws-prod", "dry_run": "true"}).json()
    assert names(api) == []
    found = api.post(PICTURE, content=picture, headers=PNG, params={"name": "aws-prod"})
    assert found.status_code == 200, found.text
    assert (dry["dry_run"], dry["entries"]) == (True, found.json()["entries"])
    assert outcomes(found.json()) == [("aws-prod", "created")]
    assert seed(api, "aws-prod") == BASE32
    for dry_run in ("true", "false"):
        again = api.post(PICTURE, content=picture, headers=PNG, params={"name": "aws-prod", "dry_run": dry_run})
        assert again.status_code == 409
    encoded = base64.b64encode(picture).decode()
    assert outcomes(api.post(PICTURE, json={"picture": encoded}, params={"dry_run": "true"}).json()) == [("acme-ada", "created")]
    assert outcomes(api.post(PICTURE, json={"picture": encoded}).json()) == [("acme-ada", "created")]
    refused(api.post(PICTURE, content=picture, headers=PNG, params={"name": "UPPER"}), "name")


def test_a_picture_with_several_codes(api: httpx.Client) -> None:
    texts = (uri("Acme:ada"), migration(migrated(SEED, b"bob"), migrated(SEED, b"eve", b"", 1, 1, 1)), "https://example.org")
    picture = qr(*texts, form="JPEG", mode="RGB")
    found = api.post(PICTURE, content=picture, headers={"content-type": "image/jpeg"}).json()
    assert {"created": 2, "left_out": 2}.items() <= found["counts"].items()
    assert names(api) == ["acme-ada", "bob"]
    assert "has 2 tokens" in refused(api.post(PICTURE, content=picture, headers=PNG, params={"name": "x"}), "picture")


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (b"", "must not be empty"),
        (b"<svg/>", "must be a complete PNG or JPEG"),
        (b"x" * 1_048_577, "at most 1,048,576 bytes"),
        (qr("otpauth://hotp/Bank?secret=JBSWY3DPEHPK3PXP&counter=1"), "counter-based"),
    ],
)
def test_pictures_without_a_token(api: httpx.Client, picture: bytes, words: str) -> None:
    assert words in refused(api.post(PICTURE, content=picture, headers=PNG), "picture")
    assert names(api) == []


def test_scopes(in_process: InProcessServer, api: httpx.Client) -> None:
    text = {"format": "otpauth", "content": uri("Acme:ada")}
    writer, reader = (with_scope(in_process, api, scope) for scope in ("tokens:write", "tokens:seed"))
    with writer, reader:
        assert writer.post(IMPORT, json=text).status_code == 200
        assert writer.post(IMPORT, json=text | {"conflict": "replace"}).status_code == 403
        picture, replace = qr(text["content"]), {"conflict": "replace"}
        assert writer.post(PICTURE, content=picture, headers=PNG, params=replace).status_code == 403
        assert writer.post(EXPORT, json={"passphrase": WORDS}).status_code == 403
        assert reader.post(IMPORT, json=text).status_code == 403
        assert reader.post(EXPORT, json={"passphrase": WORDS}).status_code == 200


def with_scope(in_process: InProcessServer, api: httpx.Client, scope: str) -> httpx.Client:
    made = api.post("/api/v2/keys", json={"name": scope, "scopes": [scope]}).raise_for_status().json()
    organization = api.headers["X-Organization-Id"]
    return in_process.client(headers={"X-API-Key": made["value"], "X-Organization-Id": organization})


def test_what_the_audit_log_has_shows_no_secret(api: httpx.Client) -> None:
    imported(api, "otpauth", uri("Acme:ada") + "\n" + uri("Acme:ada", OTHER))
    imported(api, "otpauth", uri("Acme:ada", OTHER), conflict="replace")
    found = actions(api)
    assert [one["action"] for one in found if one["action"].startswith("token.")] == [
        *("token.import", "token.seed.rotate", "token.import", "token.create", "token.create")
    ]
    first = next(one for one in reversed(found) if one["action"] == "token.import")
    assert first["details"]["counts"]["created"] == 2
    assert BASE32 not in json.dumps(found)
    assert OTHER not in json.dumps(found)


def test_a_thousand_tokens_are_created_together(api: httpx.Client) -> None:
    text = "\n".join(uri(f"Acme:user{number}") for number in range(1_000))
    assert imported(api, "otpauth", text)["counts"]["created"] == 1_000
    assert "at most 1,000" in refused(api.post(IMPORT, json={"format": "otpauth", "content": f"{text}\n{uri('x')}"}), "content")
