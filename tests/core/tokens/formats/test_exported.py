"""Penstock's own file: opened by the description in the guide with other libraries, and read again."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from penstock.core.tokens.formats import exported
from penstock.core.tokens.formats.entries import Entry
from penstock.core.tokens.formats.exported import format_file, parse
from penstock.kit.errors import InvalidInput

from .payloads import BASE32, SEED, opener

WORDS = "tide weir sluice"
ENTRY = Entry(
    seed=SEED,
    name="aws-prod",
    description="Root account",
    four_eyes=True,
    issuer="Acme",
    account="ada",
    algorithm="SHA512",
    digits=8,
    period_s=60,
)


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exported, "MEMORY_KIB", 64)


def opened(file: dict[str, Any], passphrase: str) -> Any:
    """What a program would write that follows the guide."""
    kdf = file["kdf"]
    key = Argon2id(
        salt=base64.b64decode(kdf["salt"]),
        length=32,
        iterations=kdf["iterations"],
        lanes=kdf["lanes"],
        memory_cost=kdf["memory_kib"],
    ).derive(passphrase.encode())
    nonce, content = base64.b64decode(file["cipher"]["nonce"]), base64.b64decode(file["content"])
    return json.loads(AESGCM(key).decrypt(nonce, content, f"{file['format']}:{file['version']}".encode()))


async def test_another_program_opens_it() -> None:
    file = json.loads(await format_file([ENTRY], WORDS, b"0123456789abcdef", opener()))
    assert BASE32 not in json.dumps(file)
    assert (file["format"], file["version"]) == ("penstock-tokens", 1)
    assert file["kdf"]["memory_kib"] == 65_536, "64 MiB"
    assert opened(file, WORDS)["tokens"] == [
        {
            "secret": BASE32,
            "name": "aws-prod",
            "issuer": "Acme",
            "account": "ada",
            "description": "Root account",
            "algorithm": "SHA512",
            "digits": 8,
            "period": 60,
            "four_eyes": True,
        }
    ]
    with pytest.raises(InvalidTag):
        opened(file, "another")


@pytest.mark.usefixtures("_quick")
async def test_it_is_read_again() -> None:
    text = (await format_file([ENTRY], WORDS, b"0123456789abcdef", opener())).decode()
    assert (await parse(text, WORDS, opener())).entries == [ENTRY]
    for passphrase, code in ((None, "required"), ("", "required"), ("tide", "wrong")):
        with pytest.raises(InvalidInput) as caught:
            await parse(text, passphrase, opener())
        assert (caught.value.errors[0].field, caught.value.errors[0].code) == ("passphrase", code)


@pytest.mark.usefixtures("_quick")
async def test_names_that_are_not_valid_are_left_out() -> None:
    entries = [Entry(seed=SEED, name=name) for name in ("UPPER", "tok_x", "good", "")]
    text = (await format_file(entries, WORDS, b"0123456789abcdef", opener())).decode()
    found = await parse(text, WORDS, opener())
    assert [one.name for one in found.entries] == ["good", ""]
    assert [one.name for one in found.left_out] == ["UPPER", "tok_x"]


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize(
    "changes",
    [
        *({"memory_kib": 10**9}, {"memory_kib": 1}, {"iterations": 10**6}, {"iterations": 0}, {"lanes": 10**4}, {"lanes": -1}),
        *({"salt": ""}, {"salt": "!"}, {"name": "argon2d"}, {"version": 16}, {"memory_kib": 131_073}, {"memory_kib": 2**70}),
    ],
)
async def test_parameters_that_cost_too_much_or_are_impossible(changes: dict[str, Any]) -> None:
    file = json.loads(await format_file([ENTRY], WORDS, b"0123456789abcdef", opener()))
    file["kdf"] |= changes
    with pytest.raises(InvalidInput) as caught:
        await parse(json.dumps(file), WORDS, opener())
    assert caught.value.errors[0].field == "content"


@pytest.mark.usefixtures("_quick")
async def test_what_is_damaged_is_refused() -> None:
    text = (await format_file([ENTRY], WORDS, b"0123456789abcdef", opener())).decode()

    with contextlib.suppress(InvalidInput):
        await parse(text[:-40], WORDS, opener())
    for place in range(0, len(text), 29):
        with contextlib.suppress(InvalidInput):
            assert (await parse(text[:place] + "x" + text[place + 1 :], WORDS, opener())).entries == [ENTRY]
