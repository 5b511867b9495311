"""Preferences: maps rows to models."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.preferences.models import Preferences
from penstock.kit.ids import OrgId, UserId

_DECODER = msgspec.json.Decoder(Preferences)


class SqlitePreferences:
    """Implements `PreferenceStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def find(self, user_id: UserId) -> Preferences | None:
        row = await self._session.one("find_preferences", {"org_id": self._org_id, "user_id": user_id})
        return _DECODER.decode(row["content"]) if row else None

    async def save(self, user_id: UserId, preferences: Preferences, now_us: int) -> None:
        content = msgspec.json.encode(preferences).decode()
        params = {"org_id": self._org_id, "user_id": user_id, "content": content, "updated_us": now_us}
        await self._session.run("save_preferences", params)
