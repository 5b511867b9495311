"""Settings of SMS providers."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count, LongText, Seconds


class SmsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address under which providers call this server, and the times of connections to message centres.

    Units: seconds.
    """

    public_url: LongText
    response_timeout_s: Seconds
    enquire_link_s: Seconds
    reconnect_min_s: Seconds
    reconnect_max_s: Seconds
    max_connections: Count
