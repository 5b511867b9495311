"""The person who looks at a page, and how the page should show things to them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import msgspec

UTC = ZoneInfo("UTC")
THEMES = ("system", "light", "dark", "contrast")


class Viewer(msgspec.Struct, kw_only=True):
    """The signed-in person. `scopes` are what the session may do now; `zone` and `locale` how times and numbers are written.

    `badges` are numbers of things that need action, by the key of the menu's item. `limited` is a session that must enrol a
    second factor before anything else. `operator` is whether they operate the server.
    """

    name: str = ""
    email: str = ""
    role: str = ""
    organization: dict[str, str] = {}
    memberships: list[dict[str, Any]] = []
    scopes: frozenset[str] = frozenset()
    zone: ZoneInfo = UTC
    locale: str = "en"
    theme: str = "system"
    preferences: dict[str, Any] = {}
    limited: bool = False
    signed_in: bool = True
    plan: str = ""
    badges: dict[str, int] = {}
    operator: bool = False

    def can(self, scope: str) -> bool:
        """Whether the session has a scope. A page decides by it what to offer; the API checks each call."""
        return scope in self.scopes


def zone_of(name: str | None) -> ZoneInfo | None:
    """The time zone with an IANA name; None if there is none."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):  # unknown names raise ZoneInfoNotFoundError, which is a KeyError
        return None
    except KeyError:
        return None
