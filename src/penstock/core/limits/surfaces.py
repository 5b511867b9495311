"""How calls of a surface are counted, if not only against the plan's minute and day."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.limits.models import Limit


class LimitRule(msgspec.Struct, frozen=True, kw_only=True):
    """The rule of one surface.

    `needs_api_access`: calls are rejected if the plan does not include API access. `group_of` returns the limit that a call with
    this scope counts against instead of the plan's, separately for each caller.
    """

    surface: str
    needs_api_access: bool = False
    group_of: Callable[[str], Limit] | None = None


PLAIN = LimitRule(surface="")
"""For surfaces without their own rule."""
