"""Settings of inboxes."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count, Days, Seconds, WholeSeconds


class InboxesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of an organisation's inboxes, how SMS are sent, and how long messages are kept."""

    max_addresses: Count
    max_grants: Count
    max_queued: Count
    max_waiting: Count
    messages_kept_days: Days
    sends_per_second: Count
    submit_timeout_s: Seconds
    give_up_after_s: WholeSeconds
