"""Chat channels, quiet hours and held mails: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.notifications.errors import ChannelExists
from penstock.core.notifications.hours import ActiveHours
from penstock.core.notifications.models import RANKS, Channel, ChannelKind, Held, MailWindow, Quiet, Severity
from penstock.kit.ids import ChannelId, OrgId, UserId
from penstock.kit.ordering import After


class SqliteChannels:
    """Implements `ChannelStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, channel: Channel) -> None:
        try:
            await self._session.run("create_chat_channel", self._params(channel))
        except sqlite3.IntegrityError as error:
            raise ChannelExists(name=channel.name) from error

    async def find(self, channel_id: ChannelId) -> Channel | None:
        row = await self._session.one("find_chat_channel", {"org_id": self._org_id, "id": channel_id})
        return _channel(row) if row else None

    async def find_by_name(self, name: str) -> Channel | None:
        row = await self._session.one("find_chat_channel_by_name", {"org_id": self._org_id, "name": name})
        return _channel(row) if row else None

    async def list(self, limit: int, after: After) -> Sequence[Channel]:
        own = {"org_id": self._org_id}
        return [_channel(row) for row in await rows_from(self._session, "list_chat_channels", after, limit, own)]

    async def count(self) -> int:
        row = await self._session.one("count_chat_channels", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def update(self, channel: Channel) -> None:
        await self._session.run("update_chat_channel", self._params(channel))

    async def delete(self, channel_id: ChannelId) -> None:
        await self._session.run("delete_chat_channel", {"org_id": self._org_id, "id": channel_id})

    def _params(self, channel: Channel) -> dict[str, Any]:
        paths = msgspec.json.encode(channel.secret_paths, order="sorted").decode()
        return msgspec.structs.asdict(channel) | {"org_id": self._org_id, "secret_paths": paths}


class SqliteNotices:
    """Implements `NoticeStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def find_quiet_hours(self, address: str) -> Quiet | None:
        row = await self._session.one("find_quiet_hours_of_address", {"address": address})
        return _quiet(row) if row else None

    async def window(self, address: str) -> MailWindow | None:
        row = await self._session.one("find_mail_window", {"org_id": self._org_id, "address": address})
        return MailWindow(row["since_us"], row["sent"]) if row else None

    async def set_window(self, address: str, window: MailWindow) -> None:
        params = {"org_id": self._org_id, "address": address}
        await self._session.run("set_mail_window", params | msgspec.structs.asdict(window))

    async def count_subjects(self, address: str) -> int:
        row = await self._session.one("count_held_mails", {"org_id": self._org_id, "address": address})
        return int(row["subjects"]) if row else 0

    async def defer(self, held: Held) -> None:
        params = msgspec.structs.asdict(held) | {"org_id": self._org_id, "rank": RANKS[held.severity]}
        await self._session.run("hold_mail", params)

    async def due(self, address: str, now_us: int, limit: int) -> Sequence[Held]:
        rows = await self._session.all("list_due_held_mails", self._due(address, now_us) | {"limit": limit})
        return [Held(**dict(row) | {"severity": Severity(row["severity"])}) for row in rows]

    async def count_due(self, address: str, now_us: int) -> int:
        row = await self._session.one("tally_due_held_mails", self._due(address, now_us))
        return int(row["total"]) if row else 0

    async def postpone(self, address: str, now_us: int, below_rank: int, until_us: int) -> None:
        params = self._due(address, now_us) | {"below_rank": below_rank, "until_us": until_us}
        await self._session.run("postpone_held_mails", params)

    async def remove_due(self, address: str, now_us: int) -> None:
        await self._session.run("remove_due_held_mails", self._due(address, now_us))

    async def remove_sent(self, address: str, read_us: int) -> None:
        await self._session.run("remove_sent_held_mails", self._due(address, read_us))

    def _due(self, address: str, now_us: int) -> dict[str, Any]:
        return {"org_id": self._org_id, "address": address, "now_us": now_us}


class SqliteSystemNotices:
    """Implements `SystemNoticeStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def due_addresses(self, now_us: int, limit: int, *, chats: bool) -> Sequence[tuple[OrgId, str]]:
        params = {"now_us": now_us, "limit": limit, "chats": chats}
        rows = await self._session.all("due_mail_addresses_of_all", params)
        return [(row["org_id"], row["address"]) for row in rows]

    async def drop_windows(self, before_us: int) -> None:
        await self._session.run("drop_mail_windows_of_all", {"before_us": before_us})


class SqliteQuietHours:
    """Implements `QuietStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find(self, user_id: UserId) -> Quiet | None:
        row = await self._session.one("find_quiet_hours", {"user_id": user_id})
        return _quiet(row) if row else None

    async def set(self, user_id: UserId, quiet: Quiet, now_us: int) -> None:
        hours = msgspec.structs.asdict(quiet.hours) | {"days": msgspec.json.encode(quiet.hours.days).decode()}
        params = {"user_id": user_id, "now_us": now_us, "breaks_through": quiet.breaks_through}
        await self._session.run("set_quiet_hours", hours | params)

    async def delete(self, user_id: UserId) -> bool:
        return bool(await self._session.run("delete_quiet_hours", {"user_id": user_id}))


def _channel(row: sqlite3.Row) -> Channel:
    paths = msgspec.json.decode(row["secret_paths"], type=dict[str, str])
    return Channel(**dict(row) | {"kind": ChannelKind(row["kind"]), "secret_paths": paths})


def _quiet(row: sqlite3.Row) -> Quiet:
    hours = ActiveHours(
        time_zone=row["time_zone"],
        days=tuple(msgspec.json.decode(row["days"])),
        from_minute=row["from_minute"],
        to_minute=row["to_minute"],
    )
    through = row["breaks_through"]
    return Quiet(hours=hours, breaks_through=None if through is None else Severity(through))
