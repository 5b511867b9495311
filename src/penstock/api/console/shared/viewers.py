"""Finds out who looks at a page, and how they want to see it, by calls of the API like any other."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.calling import ApiCaller, ApiFailed
from penstock.api.console.shared.cookies import THEME, ZONE
from penstock.api.console.shared.viewer import THEMES, UTC, Viewer, zone_of
from penstock.kit.clock import Clock
from penstock.kit.http import Scope

KEPT_US = 5_000_000
"""How long the answers about a person are kept: what they may do is checked by each call, and not by this."""
OPERATOR_KEPT_US = 300_000_000
"""How long it is kept whether a person is the operator, which only decides what the menu offers."""
MAX_KEPT = 1_000
PROFILE, ME, PREFERENCES = "/api/v2/profile", "/api/v2/me", "/api/v2/profile/preferences"
ALERTS = "/api/v2/alert-events/summary"
SYSTEM = "/api/v2/system"


class Viewers:
    """The people behind sessions, kept for a few seconds."""

    def __init__(self, api: ApiCaller, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._kept: dict[str, tuple[Viewer, int]] = {}
        self._operators: dict[str, tuple[bool, int]] = {}

    async def of(self, scope: Scope, token: str, cookies: dict[str, str]) -> Viewer:
        """The person with an access token.

        Raises:
            ApiFailed: the session has ended, or the organisation is suspended.
        """
        now_us = self._clock.now_us()
        found = self._kept.get(token)
        if found is not None and now_us < found[1]:
            return found[0]
        viewer = await self._read(scope, token, cookies)
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[token] = viewer, now_us + KEPT_US
        return viewer

    def forget(self, token: str) -> None:
        """Forget a person who sent a form: it may have changed what the next page shows about them."""
        self._kept.pop(token, None)

    async def _read(self, scope: Scope, token: str, cookies: dict[str, str]) -> Viewer:
        profile = await self._get(scope, token, PROFILE)
        assert profile is not None
        me = await self._get(scope, token, ME, optional=True) or {}
        preferences = await self._get(scope, token, PREFERENCES, optional=True) or {}
        memberships = profile["memberships"]
        current = me.get("organization_id") or (memberships[0]["organization_id"] if memberships else "")
        here: dict[str, Any] = next((one for one in memberships if one["organization_id"] == current), {})
        scopes = frozenset(me.get("scopes", ()))
        alerts = await self._get(scope, token, ALERTS, optional=True) if "alerts:read" in scopes else None
        theme = preferences.get("theme") or cookies.get(THEME, "")
        return Viewer(
            name=profile["name"] or profile["email"],
            email=profile["email"],
            role=profile["role"],
            organization={"id": current, "name": here.get("organization_name", "")},
            memberships=memberships,
            scopes=scopes,
            zone=zone_of(preferences.get("time_zone")) or zone_of(cookies.get(ZONE)) or UTC,
            locale=preferences.get("locale") or "en",
            theme=theme if theme in THEMES else "system",
            preferences=preferences,
            limited=bool(here.get("require_mfa")) and not profile["mfa"],
            operator="org:admin" in scopes and await self._is_operator(scope, token, f"{profile['user_id']} {current}"),
            plan=me.get("plan", ""),
            badges={"alerts": (alerts or {}).get("open", 0)},
        )

    async def _is_operator(self, scope: Scope, token: str, person: str) -> bool:
        now_us = self._clock.now_us()
        found = self._operators.get(person)
        if found is not None and now_us < found[1]:
            return found[0]
        is_operator = (await self._api.call(scope, "GET", SYSTEM, query={}, body=None, token=token)).ok
        if len(self._operators) >= MAX_KEPT:
            self._operators.clear()
        self._operators[person] = is_operator, now_us + OPERATOR_KEPT_US
        return is_operator

    async def _get(self, scope: Scope, token: str, path: str, *, optional: bool = False) -> dict[str, Any] | None:
        answer = await self._api.call(scope, "GET", path, query={}, body=None, token=token)
        if answer.ok:
            value: dict[str, Any] = answer.value
            return value
        if optional and answer.status in (403, 404):
            return None
        raise ApiFailed(answer.status, answer.value or {})


def visitor(cookies: dict[str, str]) -> Viewer:
    """Someone without a session."""
    theme = cookies.get(THEME, "")
    return Viewer(zone=zone_of(cookies.get(ZONE)) or UTC, theme=theme if theme in THEMES else "system", signed_in=False)
