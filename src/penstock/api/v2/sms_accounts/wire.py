"""SMS accounts over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.inbox.wire import Label, Number
from penstock.api.v2.wire import Name
from penstock.core.inboxes.account_models import AccountKind, LogSettings, SmppSettings, TwilioSettings
from penstock.core.inboxes.account_states import LinkState
from penstock.kit.secret import hides
from penstock.kit.wire_types import one_of


class LogCreate(Struct, frozen=True, kw_only=True, tag_field="kind", tag="log", forbid_unknown_fields=True):
    """An account to create that only logs its SMS, for development."""

    name: Name
    settings: LogSettings = LogSettings()


class TwilioCreate(Struct, frozen=True, kw_only=True, tag_field="kind", tag="twilio", forbid_unknown_fields=True):
    """An account to create for Twilio."""

    name: Name
    settings: TwilioSettings


class SmppCreate(Struct, frozen=True, kw_only=True, tag_field="kind", tag="smpp", forbid_unknown_fields=True):
    """An account to create for a message centre that speaks SMPP 3.4."""

    name: Name
    settings: SmppSettings


AccountCreate: TypeAlias = Annotated[LogCreate | TwilioCreate | SmppCreate, Meta(title="SmsAccountCreate")]


@hides("settings")
class AccountPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of an account: omitted fields are unchanged, also inside `settings`, where null clears a field."""

    name: Name | UnsetType = UNSET
    settings: Annotated[dict[str, object], Meta(max_length=32)] | UnsetType = UNSET


class Link(Struct, frozen=True):
    """The state of an account.

    `ready` if it has no connection of its own; else `connecting`, `connected`, `waiting` for the next attempt, or `stopped`.
    `last_error` remains after it is over.
    """

    state: Annotated[str, one_of(*LinkState)]
    since: str | None
    retry_at: str | None
    last_error: str | None
    last_error_at: str | None


class Account(Struct, frozen=True):
    """An account at a provider of SMS.

    A secret in `settings` is returned only as `…_set`, and `…_secret` is the name of the secret that it refers to. `inbound_path`
    and `status_path` are the paths that the provider calls; null if it does not call Penstock.
    """

    id: str
    name: str
    kind: Annotated[str, one_of(*AccountKind)]
    settings: dict[str, object]
    inbound_path: str | None
    status_path: str | None
    link: Link
    created_at: str
    updated_at: str


class NumberQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which numbers to search. `country` is two capital letters (ISO 3166); `contains` are digits, with `*` for any one."""

    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)", extra={"form": "2 capital letters (ISO 3166), such as GB"})]
    type: Literal["local", "mobile", "toll_free"] = "local"
    contains: (
        Annotated[str, Meta(pattern=r"^[0-9*]{2,16}$(?!\n)", extra={"form": "2 to 16 digits, or * for any digit"})] | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=20)] = 20


class AvailableNumber(Struct, frozen=True):
    """A number that can be bought, and where it is."""

    value: str
    locality: str | None
    region: str | None
    country: str | None


class NumberBuy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number to buy."""

    value: Number
    label: Label = ""
    for_notifications: bool = False


class AccountCheck(Struct, frozen=True):
    """Whether the provider accepts the account's credentials, and its answer."""

    ok: bool
    detail: str
