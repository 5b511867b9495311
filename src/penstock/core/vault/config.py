"""Settings of the vault."""

from __future__ import annotations

from typing import Literal

import msgspec

from penstock.kit.bounds import Days, LongText, Seconds, ShortText

MASTER_VARIABLE = "PENSTOCK_VAULT_MASTER_KEY"
PREVIOUS_VARIABLE = "PENSTOCK_VAULT_PREVIOUS_MASTER_KEY"
TOKEN_VARIABLE = "PENSTOCK_VAULT_TRANSIT_TOKEN"  # noqa: S105 (a name)
SECRET_VARIABLES = frozenset({MASTER_VARIABLE, PREVIOUS_VARIABLE, TOKEN_VARIABLE})
"""Variables of the environment that are not settings, because settings are shown in errors."""


class TransitConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the transit engine of HashiCorp Vault or OpenBao is, and which key of it is the master key."""

    url: LongText
    mount: ShortText
    key: ShortText
    namespace: ShortText
    token_file: LongText
    timeout_s: Seconds
    ca_file: LongText


class VaultConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the master key is, and how old the key of an organisation may become."""

    master: Literal["file", "env", "transit"]
    rotate_after_days: Days
    allow_core_dumps: bool
    transit: TransitConfig
