"""The stores of notifications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.database import OpensOrganizations
from penstock.core.idempotency import HasIdempotency
from penstock.core.notifications.models import Channel, Held, MailWindow, Quiet
from penstock.core.people.store import HasMail
from penstock.core.usage.store import HasUsage
from penstock.core.vault.store import HasSecrets
from penstock.kit.ids import ChannelId, OrgId, UserId
from penstock.kit.ordering import After


class ChannelStore(Protocol):
    """Chat channels of the transaction's organisation."""

    async def create(self, channel: Channel) -> None:
        """Add a channel.

        Raises:
            ChannelExists: a channel with this name exists.
        """

    async def find(self, channel_id: ChannelId) -> Channel | None:
        """The channel with this id."""

    async def find_by_name(self, name: str) -> Channel | None:
        """The channel with this name."""

    async def list(self, limit: int, after: After) -> Sequence[Channel]:
        """Channels after a place or an id, by default newest first."""

    async def count(self) -> int:
        """The number of channels."""

    async def update(self, channel: Channel) -> None:
        """Write the fields that can change, and the outcome of sending."""

    async def delete(self, channel_id: ChannelId) -> None:
        """Remove a channel."""


class NoticeStore(Protocol):
    """Waiting mails of the transaction's organisation, and the windows of addresses."""

    async def find_quiet_hours(self, address: str) -> Quiet | None:
        """The quiet hours of the user with this address, in any organisation."""

    async def window(self, address: str) -> MailWindow | None:
        """The latest window of an address."""

    async def set_window(self, address: str, window: MailWindow) -> None:
        """Write the window of an address."""

    async def count_subjects(self, address: str) -> int:
        """The number of subjects that are waiting for an address."""

    async def defer(self, held: Held) -> None:
        """Add a waiting mail, combined with those of the same subject and severity; the earlier time applies."""

    async def due(self, address: str, now_us: int, limit: int) -> Sequence[Held]:
        """The waiting mails of an address that are due: the most severe first, then the latest."""

    async def count_due(self, address: str, now_us: int) -> int:
        """The number of mails that are due for an address."""

    async def postpone(self, address: str, now_us: int, below_rank: int, until_us: int) -> None:
        """Postpone the due mails of an address that are less severe than a rank."""

    async def remove_due(self, address: str, now_us: int) -> None:
        """Delete the due mails of an address after they were sent."""

    async def remove_sent(self, address: str, read_us: int) -> None:
        """Delete the messages that were due for an address at a time, without those that were added to afterwards."""


class SystemNoticeStore(Protocol):
    """Waiting mails and messages for chats of all organisations, for the workers."""

    async def due_addresses(self, now_us: int, limit: int, *, chats: bool) -> Sequence[tuple[OrgId, str]]:
        """(organisation, address) with due mails, or with due messages for chats; longest due first."""

    async def drop_windows(self, before_us: int) -> None:
        """Delete windows that started before this time."""


class QuietStore(Protocol):
    """Quiet hours of users, across organisations."""

    async def find(self, user_id: UserId) -> Quiet | None:
        """A user's quiet hours, or None."""

    async def set(self, user_id: UserId, quiet: Quiet, now_us: int) -> None:
        """Replace a user's quiet hours."""

    async def delete(self, user_id: UserId) -> bool:
        """Remove them; False if there were none."""


class HasChannels(Protocol):
    """A transaction with chat channels."""

    @property
    def channels(self) -> ChannelStore:
        """Chat channels."""


class HasNotices(Protocol):
    """A transaction with waiting mails."""

    @property
    def notices(self) -> NoticeStore:
        """Waiting mails."""


class HasSystemNotices(Protocol):
    """A transaction across organisations with waiting mails."""

    @property
    def notices(self) -> SystemNoticeStore:
        """Waiting mails, for the worker."""


class HasQuietHours(Protocol):
    """A transaction across organisations with quiet hours."""

    @property
    def quiet_hours(self) -> QuietStore:
        """Quiet hours of users."""


class NotificationTransaction(HasChannels, HasNotices, HasMail, HasUsage, HasIdempotency, HasAudit, HasSecrets, Protocol):
    """The transaction of the use cases on notifications."""


class NotificationSystemTransaction(HasQuietHours, OpensOrganizations[NotificationTransaction], Protocol):
    """The transaction of the use cases on quiet hours."""
