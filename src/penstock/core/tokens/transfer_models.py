"""What is imported and exported, and the outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from penstock.kit.secret import hides


class TransferFormat(StrEnum):
    """The format of a file of tokens."""

    OTPAUTH = "otpauth"
    GOOGLE = "google"
    AEGIS = "aegis"
    TWOFAS = "2fas"
    PENSTOCK = "penstock"


class Conflict(StrEnum):
    """What to do with an imported token whose name exists."""

    SKIP = "skip"
    RENAME = "rename"
    REPLACE = "replace"


class EntryOutcome(StrEnum):
    """The outcome of one entry, in a dry run the expected one."""

    CREATED = "created"
    RENAMED = "renamed"
    REPLACED = "replaced"
    SKIPPED = "skipped"
    LEFT_OUT = "left_out"


@hides("content", "passphrase")
class TokenImport(msgspec.Struct, frozen=True, kw_only=True):
    """A file to import."""

    form: TransferFormat
    content: str
    passphrase: str | None = None
    conflict: Conflict = Conflict.SKIP
    dry_run: bool = False


class ImportedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one entry. `name` is that of the token, or what an entry that was left out is called in the file."""

    position: int
    name: str
    issuer: str = ""
    account: str = ""
    outcome: EntryOutcome
    reason: str = ""


class ImportResult(msgspec.Struct, frozen=True):
    """The outcome of all entries, in the order of the file."""

    dry_run: bool
    entries: Sequence[ImportedEntry]

    @property
    def counts(self) -> dict[str, int]:
        """How many entries have each outcome."""
        found = Counter(one.outcome for one in self.entries)
        return {outcome.value: found[outcome] for outcome in EntryOutcome}


@hides("passphrase")
class TokenExport(msgspec.Struct, frozen=True, kw_only=True):
    """What to export: all tokens, or those with some names. Only a file in Penstock's own format is encrypted."""

    form: TransferFormat = TransferFormat.PENSTOCK
    passphrase: str | None = None
    names: Sequence[str] | None = None
