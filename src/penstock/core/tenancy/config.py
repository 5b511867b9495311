"""Settings of tenancy."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import LongText, ShortText


class InstallerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The installer that agents are given.

    `{platform}` in file and address is replaced by the project's platform, without spaces.
    """

    file: ShortText
    url: LongText
    host: ShortText
