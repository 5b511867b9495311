"""What mails and chats share: an address receives so many messages per window, and the others are stored until it ends.

Messages are stored by subject and severity with a count, so a storm of a hundred thousand is a few rows. The address of a chat
channel is its id.
"""

from __future__ import annotations

from penstock.core.notifications.models import Held, MailWindow, Notice
from penstock.core.notifications.store import NotificationTransaction
from penstock.kit.ids import ChannelId

MAX_SUBJECT = 200
MAX_SUBJECTS = 1_000
"""Maximum waiting subjects per address. A template can give each message its own subject; further ones are counted together."""
CHAT = "chat:"
"""No mail address starts with it: the part before the @ has no colon."""


def address_of(channel_id: ChannelId) -> str:
    """The address under which the messages for a chat channel are stored."""
    return f"{CHAT}{channel_id}"


def channel_in(address: str) -> ChannelId:
    """The chat channel of an address."""
    return ChannelId(int(address.removeprefix(CHAT)))


async def enter_window(tx: NotificationTransaction, address: str, now_us: int, *, per_window: int, window_us: int) -> int | None:
    """Count a message in the window of an address. Returns the end of the window if it is full, otherwise None."""
    window = await tx.notices.window(address)
    # A start in the future shows that the clock was set back; the window would hold messages until then.
    if window is None or now_us >= window.since_us + window_us or now_us < window.since_us:
        window = MailWindow(now_us, 0)
    if window.sent >= per_window:
        return window.since_us + window_us
    await tx.notices.set_window(address, MailWindow(window.since_us, window.sent + 1))
    return None


async def hold(tx: NotificationTransaction, address: str, notice: Notice, now_us: int, due_us: int) -> None:
    """Store a message until it is due, combined with those of the same subject and severity."""
    subject, text = " ".join(notice.subject.split())[:MAX_SUBJECT], notice.text
    if await tx.notices.count_subjects(address) >= MAX_SUBJECTS:
        subject, text = "Notifications with other subjects", ""
    await tx.notices.defer(
        Held(
            address=address,
            severity=notice.severity,
            subject=subject,
            text=text,
            count=1,
            first_us=now_us,
            last_us=now_us,
            due_us=due_us,
        )
    )
