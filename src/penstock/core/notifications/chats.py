"""Messages of alerts and rules for chat channels: posted individually, and combined when there are many.

Theory of operation. As for mails, a channel receives a limited number of individual messages per window; the others wait in the
database until it ends, and become one message. A service that is busy (429, 503) says how long to wait: until then its messages
wait with the others. That wait is kept in memory, so a server that was restarted calls the service again. Waiting messages are
removed after the service accepted them, so that a crash in between repeats the message and loses none.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from penstock.core.database import OrganizationDatabase
from penstock.core.notifications.channels import ChannelService
from penstock.core.notifications.config import NotificationsConfig
from penstock.core.notifications.digest import MAX_LISTED, digest_of, worst_of
from penstock.core.notifications.errors import ChannelFailed, ChannelNotFound, ChannelNotInPlan
from penstock.core.notifications.gathering import address_of, channel_in, enter_window, hold
from penstock.core.notifications.models import RANKS, Channel, ChatMessage, Held, MailWindow, Notice
from penstock.core.notifications.store import NotificationTransaction
from penstock.kit.clock import DAY_US, MINUTE_US, SECOND_US, Clock
from penstock.kit.ids import OrgId, Prefix, encode

LASTS_US = DAY_US
"""How long a message remains useful while its service does not accept it."""
RETRY_US = MINUTE_US
"""The pause after a combined message was not accepted, unless the service asks for a longer one."""
_log = structlog.get_logger()


class ChatNotifier:
    """Decides when messages are posted to channels."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[NotificationTransaction],
        channels: ChannelService,
        clock: Clock,
        config: NotificationsConfig,
    ) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock
        self._per_window = config.chats_per_window
        self._window_us = config.window_s * SECOND_US
        self._busy_until: dict[str, int] = {}

    async def notify(self, org_id: OrgId, name: str, message: ChatMessage) -> bool:
        """Notify the channel with this name; return whether the message was posted now.

        Raises:
            ChannelNotFound, ChannelNotInPlan.
            ChannelFailed: the service did not accept it, and did not ask to wait.
        """
        channel = await self._channels.find(org_id, name)
        if not await self._enter(channel, message):
            return False
        try:
            await self._channels.post(channel, message)
        except ChannelFailed as error:
            if not self._note(channel, error):
                raise
            async with self._database.transaction(org_id) as tx:
                await self._hold(tx, channel, message, self._busy_until[address_of(channel.id)])
            return False
        return True

    async def flush(self, org_id: OrgId, address: str) -> None:
        """Post the messages that are due for a channel as one, and remove them."""
        now_us, channel_id = self._clock.now_us(), channel_in(address)
        async with self._database.snapshot(org_id) as tx:
            channel = await tx.channels.find(channel_id)
            held, total = await tx.notices.due(address, now_us, MAX_LISTED), await tx.notices.count_due(address, now_us)
        if not held:
            return
        subject, text = digest_of(held, total, "message")
        try:
            if channel is None:
                raise ChannelNotFound(channel_id=encode(Prefix.CHANNEL, channel_id))
            found = await self._channels.find(org_id, channel.name)
            await self._channels.post(found, ChatMessage(title=subject, text=text, severity=worst_of(held)))
        except ChannelFailed as error:
            await self._postpone(org_id, address, held, now_us, error)
            return
        except (ChannelNotFound, ChannelNotInPlan) as error:
            _log.warning("chat_messages_dropped", count=total, reason=error.detail)
        async with self._database.transaction(org_id) as tx:
            # Messages that arrived during the call stay, for the next window.
            await tx.notices.remove_sent(address, now_us)
            await tx.notices.postpone(address, now_us, len(RANKS), now_us + self._window_us)
            await tx.notices.set_window(address, MailWindow(now_us, 1))

    async def _enter(self, channel: Channel, message: ChatMessage) -> bool:
        """Count a message in the channel's window, or hold it. Returns whether it can be posted."""
        now_us, address = self._clock.now_us(), address_of(channel.id)
        busy_until_us = self._busy_until.get(address, 0)
        async with self._database.transaction(channel.org_id) as tx:
            if busy_until_us > now_us:
                await self._hold(tx, channel, message, busy_until_us)
                return False
            self._busy_until.pop(address, None)
            full_until_us = await enter_window(tx, address, now_us, per_window=self._per_window, window_us=self._window_us)
            if full_until_us is not None:
                await self._hold(tx, channel, message, full_until_us)
            return full_until_us is None

    async def _hold(self, tx: NotificationTransaction, channel: Channel, message: ChatMessage, due_us: int) -> None:
        notice = Notice(subject=message.title, text=message.text, severity=message.severity)
        await hold(tx, address_of(channel.id), notice, self._clock.now_us(), due_us)

    async def _postpone(self, org_id: OrgId, address: str, held: Sequence[Held], now_us: int, error: ChannelFailed) -> None:
        wait_us = max(error.facts["wait_us"], RETRY_US)
        async with self._database.transaction(org_id) as tx:
            if now_us - min(one.first_us for one in held) >= LASTS_US:
                _log.warning("chat_messages_dropped", count=sum(one.count for one in held), reason=error.detail)
                await tx.notices.remove_due(address, now_us)
            else:
                self._busy_until[address] = now_us + wait_us
                await tx.notices.postpone(address, now_us, len(RANKS), now_us + wait_us)

    def _note(self, channel: Channel, error: ChannelFailed) -> bool:
        """Remember how long a busy service asks to wait. Returns whether it asks to."""
        wait_us: int = error.facts["wait_us"]
        if wait_us:
            self._busy_until[address_of(channel.id)] = self._clock.now_us() + wait_us
        return bool(wait_us)
