"""Settings of tokens."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import CountFromZero


class TokensConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of tokens."""

    max_per_organization: CountFromZero
