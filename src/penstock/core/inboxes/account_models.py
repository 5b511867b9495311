"""Accounts at providers of SMS, and their settings by kind.

These settings are stored and sent unchanged, except secrets (`SECRET_PATHS`): those are present only in requests and in opened
accounts, and are kept in the vault.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from penstock.core.inboxes.models import AccountRef
from penstock.core.vault.models import SecretPaths
from penstock.kit.ids import OrgId, SmsAccountId
from penstock.kit.secret import hides

SECRET_PATHS = ("auth_token", "password")
TARGETS = {"auth_token": ("account_sid", "base_url"), "password": ("host", "port", "tls", "ca_pem", "system_id")}
"""The fields that determine where a secret is sent. If one changes, the secret must be sent again."""
MAX_SECRET = 4_096
SecretText = Annotated[str, Meta(min_length=1, max_length=MAX_SECRET)]
Pem = Annotated[str, Meta(min_length=1, max_length=32_768)]
AccountSid = Annotated[str, Meta(pattern=r"^AC[0-9a-fA-F]{32}$(?!\n)", extra={"form": "AC followed by 32 hexadecimal digits"})]
SystemId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=15,
        pattern=r"^[!-~]+$(?!\n)",
        extra={"form": "1 to 15 ASCII characters without spaces"},
    ),
]
SmppPassword = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_SECRET,
        pattern=r"^(?:[!-~]{1,8}|secret://[!-~]*)$(?!\n)",
        extra={"form": "1 to 8 ASCII characters without spaces, or secret:// followed by the name of a secret"},
    ),
]
SystemType = Annotated[
    str, Meta(max_length=12, pattern=r"^[ -~]*$(?!\n)", extra={"form": "at most 12 printable ASCII characters"})
]

FITTING = {"auth_token": re.compile(f".{{1,{MAX_SECRET}}}", re.DOTALL), "password": re.compile(r"[!-~]{1,8}")}
"""The form of each secret as it is sent to the provider."""


ReceiptIds = Literal["same", "decimal", "hex"]


class AccountKind(StrEnum):
    """How the SMS of an account are sent: only logged, over Twilio's API, or to a message centre over SMPP."""

    LOG = "log"
    TWILIO = "twilio"
    SMPP = "smpp"


class LogSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account whose SMS are logged, without their texts, and count as sent. It has no settings."""


@hides("auth_token")
class TwilioSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account at Twilio. `base_url` is that of another region, or of a server with the same API."""

    account_sid: AccountSid
    auth_token: SecretText | None = None
    base_url: Annotated[str, Meta(min_length=1, max_length=200)] = "https://api.twilio.com"


@hides("password")
class SmppSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message centre that speaks SMPP 3.4, to which Penstock connects as a transceiver.

    The default `port` is 2775, or 3550 with TLS. `window` is how many submitted messages can wait for their response.
    `alphabet` is what the message centre means by its default alphabet (data_coding 0). `receipt_ids` is how delivery receipts
    write the id of a message: as its response did, or in decimal or hexadecimal where that did the other. `ca_pem` has the
    trusted authorities.
    """

    host: Annotated[str, Meta(min_length=1, max_length=253)]
    system_id: SystemId
    password: SmppPassword | None = None
    port: Annotated[int, Meta(ge=1, le=65_535)] | None = None
    tls: bool = False
    ca_pem: Pem | None = None
    system_type: SystemType = ""
    window: Annotated[int, Meta(ge=1, le=100)] = 10
    alphabet: Literal["gsm7", "latin1"] = "gsm7"
    receipt_ids: ReceiptIds = "same"

    @property
    def effective_port(self) -> int:
        """The port to connect to."""
        return self.port or (3550 if self.tls else 2775)


AccountSettings = LogSettings | TwilioSettings | SmppSettings
SETTINGS: dict[AccountKind, type[AccountSettings]] = {
    AccountKind.LOG: LogSettings,
    AccountKind.TWILIO: TwilioSettings,
    AccountKind.SMPP: SmppSettings,
}


class SmsAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account at a provider. `settings` contains no secrets; `secret_paths` are those of the ones that are set."""

    id: SmsAccountId
    org_id: OrgId
    name: str
    kind: AccountKind
    settings: AccountSettings
    secret_paths: SecretPaths = {}
    created_us: int
    updated_us: int

    @property
    def ref(self) -> AccountRef:
        """The account and whose it is."""
        return AccountRef(self.org_id, self.id)


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account to create."""

    name: str
    kind: AccountKind
    settings: AccountSettings


@hides("settings")
class AccountPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of an account. In `settings`, omitted fields are unchanged, and null clears a field."""

    name: str | UnsetType = UNSET
    settings: dict[str, Any] | UnsetType = UNSET


class OpenAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account, and its settings including secrets."""

    account: SmsAccount
    settings: AccountSettings


class AccountCheck(msgspec.Struct, frozen=True):
    """Whether the provider accepts the account's credentials, and its answer. `detail` contains no secret."""

    ok: bool
    detail: str
