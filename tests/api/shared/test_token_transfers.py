"""Files of tokens between wire structs and core models."""

from __future__ import annotations

from penstock.api.shared.token_transfers import ImportedToken, TokenFile, TokenPicture, from_core_entries, to_core_import
from penstock.core.tokens.transfer_models import (
    Conflict,
    EntryOutcome,
    ImportedEntry,
    ImportResult,
    TokenImport,
    TransferFormat,
)


def test_a_file_to_import() -> None:
    file = TokenFile(format="2fas", content="{}", passphrase="tide", conflict="rename", dry_run=True)
    assert to_core_import(file) == TokenImport(
        form=TransferFormat.TWOFAS, content="{}", passphrase="tide", conflict=Conflict.RENAME, dry_run=True
    )


def test_entries() -> None:
    entry = ImportedEntry(position=3, name="a", issuer="b", account="c", outcome=EntryOutcome.LEFT_OUT, reason="d")
    assert from_core_entries(ImportResult(dry_run=True, entries=[entry])) == [ImportedToken(3, "a", "b", "c", "left_out", "d")]


def test_neither_files_nor_pictures_are_shown() -> None:
    assert "otpauth" not in repr(TokenFile(format="penstock", content="otpauth", passphrase="tide"))
    assert "tide" not in repr(TokenFile(format="penstock", content="otpauth", passphrase="tide"))
    assert "PNG" not in repr(TokenPicture(b"PNG"))
