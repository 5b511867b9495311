"""Builds the services for notifications: mail, SMS and chat, and the loop that sends delayed mails."""

from __future__ import annotations

import msgspec

from penstock.api.v2.notifications.channel_routes import ChannelEndpoints
from penstock.api.v2.notifications.quiet_hours_routes import QuietHoursEndpoints
from penstock.bootstrap.inboxes import Inboxes
from penstock.bootstrap.outbound import Outbound
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.notifications.channels import ChannelService
from penstock.core.notifications.chats import ChatNotifier
from penstock.core.notifications.mails import Notifier
from penstock.core.notifications.quiet_hours import QuietHoursService
from penstock.core.notifications.rights import ChannelRights
from penstock.core.notifications.sms import SmsService
from penstock.settings import Settings
from penstock.workers.notifications import ChatWorker, NoticeWorker


class Notifications(msgspec.Struct, kw_only=True):
    """The services for notifications."""

    rights: ChannelRights
    notifier: Notifier
    sms: SmsService
    channels: ChannelService
    quiet_hours: QuietHoursService
    chats: ChatNotifier
    worker: NoticeWorker
    chat_worker: ChatWorker

    @property
    def part(self) -> Part:
        """Endpoints and loops for notifications."""
        return Part(
            endpoints=(ChannelEndpoints(self.channels), QuietHoursEndpoints(self.quiet_hours)),
            loops={"notifications": self.worker.run, "chats": self.chat_worker.run},
        )


def build_notifications(services: Services, settings: Settings, outbound: Outbound, inboxes: Inboxes) -> Notifications:
    """Build the services for notifications. Their loops are not running yet."""
    database, clock, config = services.database, services.clock, settings.notifications
    rights, notifier = ChannelRights(services.plans), Notifier(services.people.post, clock, config)
    channels = ChannelService(
        database=database,
        http=outbound.http,
        policy=outbound.policy,
        secrets=services.secret_fields,
        rights=rights,
        trail=services.trail,
        ids=services.ids,
        clock=clock,
        config=config,
    )
    chats = ChatNotifier(database=database, channels=channels, clock=clock, config=config)
    return Notifications(
        rights=rights,
        notifier=notifier,
        sms=SmsService(sender=inboxes.sms, allowance=inboxes.allowance, database=database, clock=clock),
        channels=channels,
        chats=chats,
        quiet_hours=QuietHoursService(database=database, trail=services.trail, clock=clock),
        worker=NoticeWorker(database=database, notifier=notifier, clock=clock, settled=services.settled),
        chat_worker=ChatWorker(database=database, notifier=chats, clock=clock),
    )
