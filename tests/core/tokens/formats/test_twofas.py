"""Backups of 2FAS, plain and encrypted by another library."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.tokens.formats.twofas import parse
from penstock.kit.errors import InvalidInput

from .payloads import SEED, opener, twofas_encrypted, twofas_plain, twofas_service

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=9)
ENCRYPTED = twofas_encrypted("tide weir", twofas_service())


async def field_of(text: str, passphrase: str | None = None) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        await parse(text, passphrase, opener())
    return caught.value.errors[0].field, caught.value.errors[0].code


async def test_a_plain_backup() -> None:
    found = await parse(
        twofas_plain(
            twofas_service(),
            twofas_service(
                otp={"issuer": None, "account": None, "label": "bob", "algorithm": "SHA512", "digits": 8, "period": 60}
            ),
            twofas_service(otp={"algorithm": None, "digits": None, "period": None, "tokenType": None}),
            twofas_service(otp={"tokenType": "HOTP", "account": "counter"}),
            twofas_service(otp={"tokenType": "STEAM"}),
            {"name": "no secret"},
        ),
        None,
        opener(),
    )
    assert [(one.seed, one.issuer, one.account, one.algorithm, one.digits, one.period_s) for one in found.entries] == [
        (SEED, "Acme", "ada", "SHA1", 6, 30),
        (SEED, "Acme", "bob", "SHA512", 8, 60),
        (SEED, "Acme", "ada", "SHA1", 6, 30),
    ]
    assert [(one.position, one.name) for one in found.left_out] == [(4, "Acme:counter"), (5, "Acme:ada"), (6, "")]
    assert "HOTP" in found.left_out[0].reason


async def test_an_encrypted_backup() -> None:
    found = await parse(ENCRYPTED, "tide weir", opener())
    assert [one.seed for one in found.entries] == [SEED]
    assert await field_of(ENCRYPTED) == ("passphrase", "required")
    assert await field_of(ENCRYPTED, "tide") == ("passphrase", "wrong")


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", '{"services":[]}', '{"services":[],"schemaVersion":5}', '{"services":[],"schemaVersion":4}'),
        '{"schemaVersion":4,"servicesEncrypted":"a:b"}',
        '{"schemaVersion":4,"servicesEncrypted":"!:!:!"}',
        '{"schemaVersion":4,"servicesEncrypted":"AAAA:AAAA:AAAA"}',
    ],
)
async def test_what_is_no_backup(text: str) -> None:
    assert (await field_of(text, "x"))[0] == "content"


@settings(max_examples=40)
@given(st.integers(0, len(ENCRYPTED) - 1), st.text(max_size=3))
async def test_any_change_is_read_or_refused(place: int, text: str) -> None:
    plain = twofas_plain(twofas_service())
    for whole in (plain, ENCRYPTED):
        at = place % len(whole)
        with contextlib.suppress(InvalidInput):
            await parse(whole[:at] + text + whole[at + 1 :], "tide weir", opener())


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["secret", "name", "otp"]), st.none() | st.integers(-(2**63), 2**63 - 1) | TEXT))
async def test_any_service_is_read_or_left_out(changes: dict[str, object]) -> None:
    found = await parse(json.dumps({"schemaVersion": 4, "services": [twofas_service() | changes]}), None, opener())
    assert len(found.entries) + len(found.left_out) == 1
