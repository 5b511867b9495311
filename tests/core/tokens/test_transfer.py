"""Imports as one transaction, within the limits and for callers who may not use every token."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from penstock.core.actor import Actor
from penstock.core.tokens.errors import TokenExists, TokenLimitReached
from penstock.core.tokens.models import Permission, TokenFilter
from penstock.core.tokens.transfer import MAX_NAMES_TRIED, TokenImports
from penstock.core.tokens.transfer_models import Conflict, EntryOutcome, ImportResult, TokenImport, TransferFormat
from penstock.kit.errors import InvalidInput, PenstockError
from tests.core.tokens.formats.payloads import BASE32, opener
from tests.core.tokens.opened import SEED, Opened
from tests.support.shelf import Shelf

EVERYTHING = TokenFilter()
URI = f"otpauth://totp/Acme:ada?secret={BASE32}"


class Texts:
    """Implements `PictureReader`: a picture is its texts, in lines."""

    async def read(self, picture: bytes) -> Sequence[str]:
        return picture.decode().split("\n") if picture else []


@pytest.fixture
def opened(shelf: Shelf, tmp_path: Path) -> Opened:
    return Opened(shelf, tmp_path, max_tokens=120)


def imports(opened: Opened) -> TokenImports:
    trail = opened.service._trail
    return TokenImports(
        database=opened.shelf.database,
        tokens=opened.service,
        access=opened.access,
        vault=opened.vault,
        trail=trail,
        opener=opener(),
        pictures=Texts(),
        clock=opened.clock,
        on_change=opened.codes.forget,
    )


def file(*uris: str, conflict: Conflict = Conflict.SKIP, dry_run: bool = False) -> TokenImport:
    return TokenImport(form=TransferFormat.OTPAUTH, content="\n".join(uris), conflict=conflict, dry_run=dry_run)


def outcomes(result: ImportResult) -> list[tuple[str, EntryOutcome]]:
    return [(one.name, one.outcome) for one in result.entries]


def with_scopes(actor: Actor) -> Actor:
    return msgspec.structs.replace(actor, scopes=frozenset({"tokens:write", "tokens:seed"}))


async def seed_of(opened: Opened, name: str) -> bytes:
    return bytes((await opened.service.seed(opened.owner, name)).seed)


async def test_nothing_is_created_if_not_all_can_be(opened: Opened) -> None:
    await opened.add("acme-ada")
    uris = [f"otpauth://totp/x{number}?secret={BASE32}" for number in range(120)]
    with pytest.raises(TokenLimitReached):
        await imports(opened).import_file(with_scopes(opened.owner), file(*uris, URI, conflict=Conflict.REPLACE))
    assert (await opened.service.list(opened.owner, EVERYTHING, 10, None)).items[0].token.name == "acme-ada"
    assert len((await opened.service.list(opened.owner, EVERYTHING, 200, None)).items) == 1
    assert await seed_of(opened, "acme-ada") == SEED, "the replaced seed is the old one again"
    assert await opened.entries("token.import") == []


async def test_a_replaced_seed_counts_at_once(opened: Opened) -> None:
    await opened.add("acme-ada")
    before = await opened.codes.current(opened.owner, "acme-ada")
    result = await imports(opened).import_file(with_scopes(opened.owner), file(URI, conflict=Conflict.REPLACE))
    assert outcomes(result) == [("acme-ada", EntryOutcome.REPLACED)]
    assert (await opened.codes.current(opened.owner, "acme-ada")).code != before.code


async def test_a_seed_that_is_not_granted_in_full_is_not_replaced(opened: Opened) -> None:
    await opened.add("acme-ada")
    with_scope = with_scopes(opened.member)
    for granted, outcome in (
        ({}, EntryOutcome.SKIPPED),
        ({"acme-ada": Permission.CODE}, EntryOutcome.SKIPPED),
        ({"acme-ada": Permission.SEED}, EntryOutcome.REPLACED),
    ):
        opened.access.grants = granted
        result = await imports(opened).import_file(with_scope, file(URI, conflict=Conflict.REPLACE))
        assert outcomes(result) == [("acme-ada", outcome)]


async def test_four_eyes_are_not_avoided_by_an_import(opened: Opened) -> None:
    token = await opened.add("acme-ada", four_eyes=True)
    for dry_run in (True, False):
        request = file(URI, conflict=Conflict.REPLACE, dry_run=dry_run)
        result = await imports(opened).import_file(with_scopes(opened.owner), request)
        assert outcomes(result) == [("acme-ada", EntryOutcome.SKIPPED)]
        assert "second person" in result.entries[0].reason
    found = await opened.service.seed(opened.owner, token.name)
    assert found.seed == SEED


async def test_a_seed_that_two_persons_guard_is_not_replaced_by_one(opened: Opened) -> None:
    await opened.add("acme-ada", four_eyes=True)
    before = await opened.codes.current(opened.owner, "acme-ada")
    result = await imports(opened).import_file(with_scopes(opened.owner), file(URI, conflict=Conflict.REPLACE))
    assert outcomes(result) == [("acme-ada", EntryOutcome.SKIPPED)]
    assert "second person" in result.entries[0].reason
    assert (await opened.codes.current(opened.owner, "acme-ada")).code == before.code


async def test_names_are_numbered_until_one_is_free(opened: Opened) -> None:
    for number in range(MAX_NAMES_TRIED + 1):
        await opened.add("acme-ada" if number == 0 else f"acme-ada-{number + 1}")
    result = await imports(opened).import_file(opened.owner, file(URI, conflict=Conflict.RENAME))
    assert outcomes(result) == [("acme-ada", EntryOutcome.SKIPPED)]
    await opened.service.delete(opened.owner, f"acme-ada-{MAX_NAMES_TRIED}")
    result = await imports(opened).import_file(opened.owner, file(URI, conflict=Conflict.RENAME))
    assert outcomes(result) == [(f"acme-ada-{MAX_NAMES_TRIED}", EntryOutcome.RENAMED)]


async def test_new_names_are_not_those_of_other_entries(opened: Opened) -> None:
    await opened.add("acme-ada")
    uris = (URI, f"otpauth://totp/acme-ada-2?secret={BASE32}", URI + "&digits=8")
    result = await imports(opened).import_file(opened.owner, file(*uris, conflict=Conflict.RENAME))
    assert len({one.name for one in result.entries}) == 3
    assert result.counts == {"created": 2, "renamed": 1, "replaced": 0, "skipped": 0, "left_out": 0}


async def test_a_dry_run_changes_nothing_and_says_the_same(opened: Opened) -> None:
    await opened.add("acme-ada")
    owner = with_scopes(opened.owner)
    for conflict in Conflict:
        dry = await imports(opened).import_file(owner, file(URI, URI + "&digits=8", conflict=conflict, dry_run=True))
        assert len((await opened.service.list(opened.owner, EVERYTHING, 200, None)).items) == 1
        assert await opened.entries("token.import") == []
        assert dry.dry_run
    real = await imports(opened).import_file(owner, file(URI, URI + "&digits=8", conflict=conflict))
    assert outcomes(real) == outcomes(dry)


async def test_the_audit_log_has_each_token_and_the_counts(opened: Opened) -> None:
    await imports(opened).import_file(opened.owner, file(URI, "otpauth://hotp/x?secret=AA"))
    (entry,) = await opened.entries("token.import")
    assert entry.details == {
        "format": "otpauth",
        "conflict": "skip",
        "counts": {"created": 1, "renamed": 0, "replaced": 0, "skipped": 0, "left_out": 1},
    }
    (created,) = await opened.entries("token.create")
    assert created.target.name == "acme-ada"


async def test_one_token_is_enrolled_by_its_picture(opened: Opened) -> None:
    one = imports(opened)
    assert (await one.enrol(opened.owner, URI.encode(), "aws-prod")).name == "aws-prod"
    assert [(await one.enrol(opened.owner, URI.encode(), None)).name for _ in range(2)] == ["acme-ada", "acme-ada-2"]
    assert await seed_of(opened, "aws-prod") != SEED
    with pytest.raises(TokenExists):
        await one.enrol(opened.owner, URI.encode(), "aws-prod")


@pytest.mark.parametrize(
    ("texts", "code"),
    [("", "no_code"), ("hello", "no_token"), (f"{URI}\n{URI}&digits=8", "many"), ("otpauth://hotp/x?secret=AA", "no_token")],
)
async def test_pictures_that_have_not_one_token(opened: Opened, texts: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await imports(opened).enrol(opened.owner, texts.encode(), "aws-prod")
    assert [(one.field, one.code) for one in caught.value.errors] == [("picture", code)]


async def test_organisations_do_not_see_names_of_others(opened: Opened) -> None:
    await opened.add("acme-ada")
    result = await imports(opened).import_file(opened.stranger, file(URI))
    assert outcomes(result) == [("acme-ada", EntryOutcome.CREATED)]


async def test_to_replace_needs_the_scope_of_seeds(opened: Opened) -> None:
    with pytest.raises(PenstockError, match="tokens:seed"):
        await imports(opened).import_file(opened.member, file(URI, conflict=Conflict.REPLACE))
    with pytest.raises(PenstockError, match="tokens:seed"):
        await imports(opened).import_picture(opened.member, URI.encode(), Conflict.REPLACE)
