"""Imports and exports of tokens over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.routes import Routes
from penstock.api.shared.token_transfers import (
    EXAMPLE_PICTURE,
    MAX_IMPORT_BODY_BYTES,
    MAX_PICTURE_BODY_BYTES,
    PICTURE_TYPES,
    TokenFile,
    TokenPicture,
    from_core_entries,
    to_core_import,
)
from penstock.api.v2.telemetry.export import file_writer
from penstock.api.v2.tokens.transfer_wire import ExportedTokenFile, ImportCounts, PictureQuery, TokenExport, TokenImportResult
from penstock.core.tokens import transfer_models as core
from penstock.core.tokens.exports import TokenExports
from penstock.core.tokens.models import Token
from penstock.core.tokens.transfer import TokenImports
from penstock.core.tokens.transfer_models import (
    Conflict,
    EntryOutcome,
    ImportedEntry,
    ImportResult,
    TransferFormat,
)
from penstock.kit.operation import Example

_URI = "otpauth://totp/AWS:root@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=AWS"
_COUNTS = {"created": 1, "renamed": 0, "replaced": 0, "skipped": 0, "left_out": 1}
_ENTRY = {"position": 1, "name": "aws-root", "issuer": "AWS", "account": "root@example.org", "outcome": "created", "reason": ""}
_LEFT_OUT: dict[str, Any] = {
    "position": 2,
    "name": "Bank:4711",
    "issuer": "",
    "account": "",
    "outcome": "left_out",
    "reason": "counter-based tokens (HOTP) are not supported, only time-based ones (TOTP)",
}
_RESULT = {"dry_run": False, "counts": _COUNTS, "entries": [_ENTRY, _LEFT_OUT]}
_ENROLLED = _RESULT | {"counts": _COUNTS | {"left_out": 0}, "entries": [_ENTRY]}
_EXPORTED = {
    "format": "penstock-tokens",
    "version": 1,
    "kdf": {
        "name": "argon2id",
        "version": 19,
        "memory_kib": 65_536,
        "iterations": 3,
        "lanes": 4,
        "salt": "eGf2cSoAbfy8icYtDoAYOQ==",
    },
    "cipher": {"name": "AES-256-GCM", "nonce": "9+ayOsZRUkOLLx6c"},
    "content": "UR8AdsXupLyHyrJ6dxlJc1LpwJX0osAWiG23BFKyTHI=",
}
JSON, TEXT = "application/json", "text/plain"


class TokenTransferEndpoints:
    """Bring tokens in from files and pictures, and take them out."""

    routes = Routes("/api/v2/tokens", surface="v2", tag="Tokens")

    def __init__(self, imports: TokenImports, exports: TokenExports) -> None:
        self._imports = imports
        self._exports = exports

    @routes.post(
        "/import",
        scope="tokens:write",
        max_body_bytes=MAX_IMPORT_BODY_BYTES,
        refuses=(429,),
        example=Example(body={"format": "otpauth", "content": f"{_URI}\notpauth://hotp/Bank:4711?…"}, answer=_RESULT),
    )
    async def import_tokens(self, call: Call[None, TokenFile]) -> TokenImportResult:
        """Import tokens from a file.

        Of Google Authenticator, Aegis, 2FAS, this platform, or `otpauth://` URIs, at most 1,000 tokens. Each gets a name made of
        its issuer and account. All of them are created together, or none; with `dry_run` nothing is. Entries that cannot become
        tokens are listed with the reason.
        """
        return _result(await self._imports.import_file(call.actor, to_core_import(call.body)))

    @routes.post(
        "/from-picture",
        scope="tokens:write",
        body_types=PICTURE_TYPES,
        max_body_bytes=MAX_PICTURE_BODY_BYTES,
        refuses=(409, 429),
        example=Example(body={"picture": EXAMPLE_PICTURE}, answer=_ENROLLED),
    )
    async def from_picture(self, call: Call[PictureQuery, TokenPicture]) -> TokenImportResult:
        """Create tokens from a picture of QR codes.

        A PNG or JPEG of at most 1 MiB and 16 million pixels, such as a screenshot, sent as it is or in base64. It can have
        several codes, and those of an export of Google Authenticator. The picture is not stored.
        """
        query, picture = call.query, call.body.picture
        if query.name is not None and query.dry_run:
            planned = await self._imports.check_enrol(call.actor, picture, query.name)
            return _result(ImportResult(dry_run=True, entries=[planned]))
        if query.name is not None:
            return _result(_enrolled(await self._imports.enrol(call.actor, picture, query.name)))
        conflict = Conflict(query.conflict)
        return _result(await self._imports.import_picture(call.actor, picture, conflict, dry_run=query.dry_run))

    @routes.post(
        "/export",
        scope="tokens:seed",
        media_type=JSON,
        other_media_types=(TEXT,),
        refuses=(403, 404),
        idempotent=False,
        example=Example(body={"passphrase": "correct horse battery"}, answer=_EXPORTED),
    )
    async def export(self, call: Call[None, TokenExport]) -> ExportedTokenFile | Stream:
        """Export tokens with their seeds.

        As a file that is encrypted with a passphrase; only if that is asked for, as a text with one `otpauth://` URI per line,
        which is not encrypted. The caller must be allowed to read the seed of each. The entry in the audit log is flagged, and
        lists the names.
        """
        body = call.body
        form = TransferFormat(body.format)
        request = core.TokenExport(form=form, passphrase=body.passphrase, names=body.names)
        content = await self._exports.export(call.actor, request)
        if form is TransferFormat.OTPAUTH:
            return Stream(write=file_writer(content, b"text/plain; charset=utf-8", "tokens.txt"))
        return Stream(write=file_writer(content, JSON.encode(), "tokens.json"))


def _result(result: ImportResult) -> TokenImportResult:
    return TokenImportResult(result.dry_run, ImportCounts(**result.counts), from_core_entries(result))


def _enrolled(token: Token) -> ImportResult:
    entry = ImportedEntry(position=1, name=token.name, issuer=token.issuer, account=token.account, outcome=EntryOutcome.CREATED)
    return ImportResult(dry_run=False, entries=[entry])
