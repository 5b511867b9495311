"""Settings of the web console."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import LongText


class ConsoleConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether there are pages at all, what their maps are drawn from, and where cookies may go.

    `tile_url` is a template of addresses with `{z}`, `{x}` and `{y}`, or empty for the outline that is shipped. `kit` shows all
    parts of pages at `/console/kit`.
    """

    enabled: bool
    tile_url: LongText
    tile_attribution: LongText
    dangerous_plain_cookies: bool
    kit: bool
