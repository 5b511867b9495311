"""Imports and exports of tokens over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.api.shared.token_bodies import TokenName
from penstock.api.shared.token_transfers import ConflictName, ImportedToken, PassphraseText
from penstock.core.tokens.formats.entries import MAX_ENTRIES
from penstock.kit.secret import hides


class PictureQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """With `name` the picture must have one token, which gets this name. Without it, `conflict` is as in an import."""

    name: TokenName | None = None
    conflict: ConflictName = "rename"
    dry_run: bool = False


class ImportCounts(Struct, frozen=True):
    """How many entries have each outcome."""

    created: int
    renamed: int
    replaced: int
    skipped: int
    left_out: int


class TokenImportResult(Struct, frozen=True):
    """The outcome of the entries of a file, in its order; in a dry run the expected one."""

    dry_run: bool
    counts: ImportCounts
    entries: list[ImportedToken]


@hides("passphrase")
class TokenExport(Struct, frozen=True, forbid_unknown_fields=True):
    """What to export: all tokens, or those with some `names`.

    `penstock` is a file that is encrypted with the `passphrase` of at least 12 characters. `otpauth` is a text with one URI per
    line, which is not encrypted.
    """

    format: Literal["penstock", "otpauth"] = "penstock"
    passphrase: PassphraseText | None = None
    names: Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(max_length=MAX_ENTRIES)] | None = None


class ExportedTokenFileKdf(Struct, frozen=True):
    """How the key of a file is derived from the passphrase. `salt` is Base64."""

    name: Literal["argon2id"]
    version: Literal[19]
    memory_kib: int
    iterations: int
    lanes: int
    salt: str


class ExportedTokenFileCipher(Struct, frozen=True):
    """How the content of a file is encrypted. `nonce` is Base64."""

    name: Literal["AES-256-GCM"]
    nonce: str


class ExportedTokenFile(Struct, frozen=True):
    """An encrypted file of tokens. `content` is Base64."""

    format: Literal["penstock-tokens"]
    version: Literal[1]
    kdf: ExportedTokenFileKdf
    cipher: ExportedTokenFileCipher
    content: str
