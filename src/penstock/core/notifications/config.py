"""Settings of notifications."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.kit.bounds import Count, CountFromZero, LongText


class NotificationsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many individual messages an address or channel receives per window, limits of channels, and addresses of chat services.

    Units: seconds.
    """

    mails_per_window: Count
    chats_per_window: Count
    window_s: Annotated[int, msgspec.Meta(ge=1, le=86_400)]
    max_channels: CountFromZero
    telegram_url: LongText
