"""Imports of tokens, as both surfaces accept and return them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.core.tokens.formats.passphrases import MAX_PASSPHRASE
from penstock.core.tokens.formats.texts import MAX_CONTENT
from penstock.core.tokens.pictures import MAX_PICTURE_BYTES
from penstock.core.tokens.transfer_models import Conflict, EntryOutcome, ImportedEntry, ImportResult, TokenImport, TransferFormat
from penstock.kit.fields import same_fields
from penstock.kit.secret import hides
from penstock.kit.wire_types import one_of

PICTURE_TYPES = ("application/json", "image/png", "image/jpeg")
MAX_IMPORT_BODY_BYTES = 2 * MAX_CONTENT
"""The content as a JSON string, in which quotation marks are escaped."""
MAX_PICTURE_BODY_BYTES = MAX_PICTURE_BYTES * 3 // 2
"""A picture in base64."""
EXAMPLE_PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAEoAAABKAQAAAAA0q//cAAAAw0lEQVR42rWSsQpDMQhFpVmF/IrgKvjrgbcK+RXBVUhfh1Kqa+sQwuFyNd7AedeC315"
    "hBAqBrgd86mjwUj6F0k2IR6ODVnS6E5tWA3E3XxjM3Ga4x0vR+/zWEpKZFTpPkJAUB7wCrtxFe1I1mwPTxVNXoWkqRLP6cizds2hNmMSw0A3qhlftpm"
    "fRqr73cmVQfTEfYPFdtOKCG7jtbLoo9f3aeLUsWbiTassNeUJPk8PVG52em5qvilieNoNjRs3iL7/6CfPrNBhDEIgMAAAAAElFTkSuQmCC"
)
"""The QR code of a token of AWS."""
ConflictName = Literal["skip", "rename", "replace"]
PassphraseText = Annotated[str, Meta(max_length=MAX_PASSPHRASE)]


@hides("content", "passphrase")
class TokenFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of tokens to import.

    `format` is that of the content: `otpauth` and `google` are texts with one URI per line, `aegis` and `2fas` are backups of
    these apps, `penstock` is a file that was exported here. An encrypted file needs its `passphrase`. `conflict` says what to do
    with a token whose name exists: `skip` it, `rename` it, or `replace` the seed of the existing one, which needs the scope
    tokens:seed.
    """

    format: Literal["otpauth", "google", "aegis", "2fas", "penstock"]
    content: Annotated[str, Meta(min_length=1, max_length=MAX_CONTENT)]
    passphrase: PassphraseText | None = None
    conflict: ConflictName = "skip"
    dry_run: bool = False


@hides("picture")
class TokenPicture(Struct, frozen=True, forbid_unknown_fields=True):
    """A picture of QR codes, PNG or JPEG, in base64. It can also be sent as it is, with its own media type."""

    picture: Annotated[bytes, Meta(max_length=MAX_PICTURE_BYTES)]


class ImportedToken(Struct, frozen=True):
    """The outcome of an entry of a file, in a dry run the expected one.

    `position` counts from 1. `name` is that of the token; of an entry that was left out, what the file calls it. `reason` says
    why it was skipped or left out.
    """

    position: int
    name: str
    issuer: str
    account: str
    outcome: Annotated[str, one_of(*EntryOutcome)]
    reason: str


def to_core_import(file: TokenFile) -> TokenImport:
    return TokenImport(
        form=TransferFormat(file.format),
        content=file.content,
        passphrase=file.passphrase,
        conflict=Conflict(file.conflict),
        dry_run=file.dry_run,
    )


def from_core_entries(result: ImportResult) -> list[ImportedToken]:
    return [_from_core_entry(one) for one in result.entries]


def _from_core_entry(entry: ImportedEntry) -> ImportedToken:
    return ImportedToken(**same_fields(entry, ImportedToken), outcome=entry.outcome.value)
