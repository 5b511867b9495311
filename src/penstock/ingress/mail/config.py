"""Settings of the listener for mails to inboxes."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from penstock.kit.bounds import Count, LongText, Port, Seconds, ShortText


class InboxMailConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where mails to inboxes are received, for which domains, and the limits of their senders.

    Units: seconds, bytes and counts, as in the names. Without a certificate of its own, the listener uses that of `http.tls`.
    """

    listen: bool = False
    host: ShortText = "127.0.0.1"
    port: Port = 2525
    domains: tuple[ShortText, ...] = ()
    host_name: ShortText = ""
    tls: Literal["off", "offered", "required"] = "offered"
    tls_certificate: LongText = ""
    tls_key: LongText = ""
    spf: Literal["off", "noted", "enforced"] = "noted"
    spf_timeout_s: Annotated[float, msgspec.Meta(ge=0.1, le=60)] = 5
    max_size_bytes: Annotated[int, msgspec.Meta(ge=1_024, le=104_857_600)] = 1_048_576
    max_line_bytes: Annotated[int, msgspec.Meta(ge=1_001, le=1_048_576)] = 8_192
    max_recipients: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 20
    max_connections: Count = 100
    max_connections_per_address: Count = 10
    max_mails_per_minute: Count = 60
    max_mails_per_alias_per_minute: Count = 60
    max_unknown_per_minute: Count = 20
    command_timeout_s: Seconds = 60
    data_timeout_s: Seconds = 120
    session_timeout_s: Seconds = 600
