"""Backups of Aegis, plain and encrypted by another library."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.tokens.formats.aegis import parse
from penstock.kit.errors import InvalidInput

from .payloads import SEED, aegis_encrypted, aegis_entry, aegis_plain, opener

JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3))


async def field_of(text: str, passphrase: str | None = None) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        await parse(text, passphrase, opener())
    return caught.value.errors[0].field, caught.value.errors[0].code


async def test_a_plain_backup() -> None:
    others = [
        aegis_entry(type="hotp", name="counter"),
        aegis_entry(type="steam", name="game"),
        aegis_entry(info={"digits": 10}),
        aegis_entry(info={"secret": "!"}),
        {"type": "totp"},
        7,
    ]
    found = await parse(aegis_plain(aegis_entry(), *others), None, opener())
    (entry,) = found.entries
    assert (entry.seed, entry.issuer, entry.account) == (SEED, "Acme", "ada")
    assert (entry.algorithm, entry.digits, entry.period_s) == ("SHA256", 7, 50)
    assert [(one.position, one.name) for one in found.left_out] == [
        *((2, "Acme:counter"), (3, "Acme:game"), (4, "Acme:ada"), (5, "Acme:ada"), (6, ""), (7, ""))
    ]
    assert "HOTP" in found.left_out[0].reason


@pytest.mark.parametrize("n", [2**10, 2**15])
async def test_an_encrypted_backup_opens_with_any_slot_of_the_password(n: int) -> None:
    text = aegis_encrypted("tide weir ü", aegis_entry(), n=n)
    found = await parse(text, "tide weir ü", opener())
    assert [one.seed for one in found.entries] == [SEED]


async def test_a_passphrase_that_is_missing_or_wrong() -> None:
    text = aegis_encrypted("tide weir", aegis_entry())
    assert await field_of(text) == ("passphrase", "required")
    assert await field_of(text, "tide") == ("passphrase", "wrong")
    assert await field_of(text, "x" * 2_000) == ("passphrase", "invalid")


async def test_a_damaged_backup() -> None:
    vault = json.loads(aegis_encrypted("tide weir", aegis_entry()))
    vault["header"]["params"]["tag"] = "00" * 16
    assert await field_of(json.dumps(vault), "tide weir") == ("passphrase", "wrong")
    vault["header"]["slots"] = [{"type": 2}]
    assert await field_of(json.dumps(vault), "tide weir") == ("content", "invalid")


@pytest.mark.parametrize("changes", [{"n": 2**24}, {"n": 3}, {"n": -1}, {"r": 2**40}, {"p": 2**20}, {"salt": ""}, {"n": 0}])
async def test_parameters_that_cost_too_much_or_are_impossible(changes: dict[str, Any]) -> None:
    vault = json.loads(aegis_encrypted("tide weir", aegis_entry()))
    vault["header"]["slots"] = [slot | changes for slot in vault["header"]["slots"]]
    assert await field_of(json.dumps(vault), "tide weir") == ("content", "invalid")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"version":1}',
        '{"version":2,"header":{},"db":{"entries":[]}}',
        '{"version":1,"header":{},"db":7}',
        "[" * 99,
    ],
)
async def test_what_is_no_backup(text: str) -> None:
    assert (await field_of(text))[0] == "content"


@settings(max_examples=40)
@given(st.sampled_from(["version", "header", "db", "slots", "params", "entries", "info"]), JSON)
async def test_any_change_is_read_or_refused(name: str, value: object) -> None:
    for text in (aegis_plain(aegis_entry()), ENCRYPTED):
        vault = json.loads(text)
        for part in (vault, vault["header"], vault["db"]):
            if isinstance(part, dict) and name in part:
                part[name] = value
        if isinstance(vault.get("db"), dict) and vault["db"].get("entries") and name == "info":
            vault["db"]["entries"][0]["info"] = value
        with contextlib.suppress(InvalidInput):
            await parse(json.dumps(vault), "tide weir", opener())


ENCRYPTED = aegis_encrypted("tide weir", aegis_entry(), n=2)
