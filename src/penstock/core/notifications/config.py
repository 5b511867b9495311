"""Settings of notifications."""

from __future__ import annotations

import msgspec


class NotificationsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many mails an address gets one by one within a window, and where chat services are.

    Units: seconds.
    """

    mails_per_window: int
    window_s: int
    max_channels: int
    telegram_url: str
