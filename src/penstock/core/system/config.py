"""Settings for the operator's work over the API."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import LongText, ShortText


class SystemConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who operates the server, and where their backups are written.

    `operators` are e-mails of users. Without any, the owners of the only organisation operate the server, as long as there is
    only one. An empty `backup_dir` is the folder `backups` of the data directory.
    """

    operators: tuple[ShortText, ...]
    backup_dir: LongText
