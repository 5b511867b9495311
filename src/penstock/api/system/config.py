"""Settings of metrics."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import LongText, Port, ShortText
from penstock.kit.secret import hides


@hides("token")
class MetricsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who can read metrics: callers of a separate listener, callers with a token, or without both, callers on this machine."""

    listen: bool
    host: ShortText
    port: Port
    token: LongText
