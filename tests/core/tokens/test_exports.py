"""Exports: all tokens that the caller may read in full, or none, and always recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.tokens import exports
from penstock.core.tokens.errors import SeedNotGranted, TokenNotFound
from penstock.core.tokens.exports import TokenExports
from penstock.core.tokens.formats import exported
from penstock.core.tokens.models import Permission
from penstock.core.tokens.transfer_models import TokenExport, TransferFormat
from penstock.core.vault.keyring import wipe
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode
from tests.core.tokens.formats.payloads import opener
from tests.core.tokens.opened import SEED, Opened
from tests.support.shelf import Shelf

WORDS = "tide weir sluice"
PLAIN = TokenExport(form=TransferFormat.OTPAUTH)


@pytest.fixture
def opened(shelf: Shelf, tmp_path: Path) -> Opened:
    return Opened(shelf, tmp_path)


def service(opened: Opened) -> TokenExports:
    return TokenExports(
        database=opened.shelf.database,
        access=opened.access,
        vault=opened.vault,
        trail=opened.service._trail,
        opener=opener(),
    )


async def test_all_tokens_are_in_the_file_and_their_names_in_the_audit_log(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exported, "MEMORY_KIB", 64)
    await opened.add("one", issuer="Acme", account="ada", algorithm="SHA512", digits=8, period_s=60, description="Root")
    await opened.add("two", four_eyes=True)
    content = await service(opened).export(opened.owner, TokenExport(passphrase=WORDS))
    found = await exported.parse(content.decode(), WORDS, opener())
    assert [(one.name, one.seed, one.four_eyes) for one in found.entries] == [("one", SEED, False), ("two", SEED, True)]
    one = found.entries[0]
    assert (one.issuer, one.account, one.algorithm, one.digits, one.period_s) == ("Acme", "ada", "SHA512", 8, 60)
    (entry,) = await opened.entries("token.export")
    assert entry.details == {"flagged": True, "format": "penstock", "names": ["one", "two"]}


async def test_plain_seeds_are_overwritten(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    wiped: list[bytes] = []

    def noted(content: bytearray) -> None:
        wiped.append(bytes(content))
        wipe(content)

    monkeypatch.setattr(exports, "wipe", noted)
    await opened.add("one")
    await service(opened).export(opened.owner, PLAIN)
    assert wiped == [SEED]


async def test_a_caller_exports_what_is_granted_in_full(opened: Opened) -> None:
    await opened.add("one")
    await opened.add("two")
    for granted, error in (({"one": Permission.CODE}, SeedNotGranted), ({}, TokenNotFound)):
        opened.access.grants = granted
        with pytest.raises(error):
            await service(opened).export(opened.member, TokenExport(form=TransferFormat.OTPAUTH, names=["one"]))
    opened.access.grants = {"one": Permission.SEED}
    content = await service(opened).export(opened.member, TokenExport(form=TransferFormat.OTPAUTH, names=["one"]))
    assert len(content.splitlines()) == 1
    assert len(await opened.entries("token.export")) == 1, "what was rejected is not recorded as exported"
    assert await service(opened).export(opened.member, PLAIN) == b"", "all that is granted is nothing in this database"


async def test_a_second_person_must_approve_each_token_that_requires_it(opened: Opened) -> None:
    await opened.add("one")
    opened.access.approved = False
    with pytest.raises(SeedNotGranted):
        await service(opened).export(opened.owner, PLAIN)
    assert opened.access.asked == ["one"]


async def test_names_and_ids_select_tokens_once(opened: Opened) -> None:
    await opened.add("one")
    await opened.add("two")
    content = await service(opened).export(opened.owner, TokenExport(form=TransferFormat.OTPAUTH, names=["two", "two"]))
    assert len(content.splitlines()) == 1
    with pytest.raises(TokenNotFound):
        await service(opened).export(opened.stranger, TokenExport(form=TransferFormat.OTPAUTH, names=["two"]))


async def test_too_many_tokens_for_one_file_are_refused(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MAX_ENTRIES", 1)
    await opened.add("one")
    await service(opened).export(opened.owner, PLAIN)
    await opened.add("two")
    with pytest.raises(InvalidInput, match="names: is required"):
        await service(opened).export(opened.owner, PLAIN)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (TokenExport(), "passphrase"),
        (TokenExport(passphrase="elevenchars"), "passphrase"),
        (TokenExport(passphrase="x" * 1_025), "passphrase"),
        (TokenExport(form=TransferFormat.OTPAUTH, passphrase=WORDS), "passphrase"),
        (TokenExport(form=TransferFormat.AEGIS, passphrase=WORDS), "format"),
    ],
)
async def test_what_is_refused(opened: Opened, request_: TokenExport, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await service(opened).export(opened.owner, request_)
    assert caught.value.errors[0].field == field
    assert WORDS not in repr(request_)


async def test_a_name_is_not_shown_to_who_knows_only_the_id(opened: Opened) -> None:
    hidden = await opened.add("hidden-name")
    ref = encode(Prefix.TOKEN, hidden.id)
    with pytest.raises(TokenNotFound) as raised:
        await service(opened).export(opened.member, TokenExport(form=TransferFormat.OTPAUTH, names=[ref]))
    assert ref in str(raised.value)
    assert "hidden-name" not in str(raised.value)
