"""What notifications need of a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.database import OpensOrganizations
from penstock.core.idempotency import HasIdempotency
from penstock.core.notifications.models import Channel, Held, MailWindow, Quiet
from penstock.core.people.store import HasMail
from penstock.core.usage.store import HasUsage
from penstock.kit.ids import ChannelId, OrgId, UserId


class ChannelStore(Protocol):
    """Chat channels of the transaction's organisation."""

    async def create(self, channel: Channel) -> None:
        """Add a channel.

        Raises:
            ChannelExists: there is one of this name.
        """

    async def find(self, channel_id: ChannelId) -> Channel | None:
        """The channel with this id."""

    async def find_by_name(self, name: str) -> Channel | None:
        """The channel of this name."""

    async def list(self, limit: int, before_id: int) -> Sequence[Channel]:
        """Channels newest first, older than `before_id`."""

    async def count(self) -> int:
        """How many there are."""

    async def update(self, channel: Channel) -> None:
        """Write what can change, and how sending went."""

    async def delete(self, channel_id: ChannelId) -> None:
        """Remove a channel."""


class NoticeStore(Protocol):
    """Mails of the transaction's organisation that wait, and how many went to which address."""

    async def quiet_of(self, address: str) -> Quiet | None:
        """The quiet hours of the person who has this address, in whichever organisation."""

    async def window(self, address: str) -> MailWindow | None:
        """The latest window of an address."""

    async def set_window(self, address: str, window: MailWindow) -> None:
        """Write the window of an address."""

    async def subjects(self, address: str) -> int:
        """How many subjects wait for an address."""

    async def hold(self, held: Held) -> None:
        """Let a mail wait, together with those of the same subject and severity; the earlier time counts."""

    async def due(self, address: str, now_us: int, limit: int) -> Sequence[Held]:
        """What waits for an address and is due: the most severe first, then the latest."""

    async def tally(self, address: str, now_us: int) -> int:
        """How many mails are due for an address."""

    async def postpone(self, address: str, now_us: int, below_rank: int, until_us: int) -> None:
        """Let what is due for an address and less severe than a rank wait longer."""

    async def remove_due(self, address: str, now_us: int) -> None:
        """Forget what is due for an address: it was told."""


class SystemNoticeStore(Protocol):
    """Mails of every organisation that wait, for the worker."""

    async def due_addresses(self, now_us: int, limit: int) -> Sequence[tuple[OrgId, str]]:
        """(organisation, address) for which something is due, the longest due first."""

    async def drop_windows(self, before_us: int) -> None:
        """Remove windows that began before a moment."""


class QuietStore(Protocol):
    """Quiet hours of people, who belong to no single organisation."""

    async def find(self, user_id: UserId) -> Quiet | None:
        """Those of a user."""

    async def set(self, user_id: UserId, quiet: Quiet, now_us: int) -> None:
        """Put quiet hours in place of those that are there."""

    async def delete(self, user_id: UserId) -> bool:
        """Remove them; False when there are none."""


class HasChannels(Protocol):
    """A transaction with chat channels."""

    @property
    def channels(self) -> ChannelStore:
        """Chat channels."""


class HasNotices(Protocol):
    """A transaction with mails that wait."""

    @property
    def notices(self) -> NoticeStore:
        """Mails that wait."""


class HasSystemNotices(Protocol):
    """A transaction across organisations with mails that wait."""

    @property
    def notices(self) -> SystemNoticeStore:
        """Mails that wait, for the worker."""


class HasQuietHours(Protocol):
    """A transaction across organisations with quiet hours."""

    @property
    def quiet_hours(self) -> QuietStore:
        """Quiet hours of people."""


class NotificationTransaction(HasChannels, HasNotices, HasMail, HasUsage, HasIdempotency, HasAudit, Protocol):
    """What use cases on notifications work with."""


class NotificationSystemTransaction(HasQuietHours, OpensOrganizations[NotificationTransaction], Protocol):
    """What quiet hours of people are kept in."""
