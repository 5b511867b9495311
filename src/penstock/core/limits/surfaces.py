"""How calls of a surface are counted, if not against the plan's minute and day alone."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.limits.models import Limit


class LimitRule(msgspec.Struct, frozen=True, kw_only=True):
    """The rule of one surface.

    `needs_api_access`: a plan without it is refused. `group_of` is the limit that a call with this scope counts against
    instead of the plan's, separately for each caller.
    """

    surface: str
    needs_api_access: bool = False
    group_of: Callable[[str], Limit] | None = None


PLAIN = LimitRule(surface="")
"""Of surfaces without a rule."""
