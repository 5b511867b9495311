"""Notifications, put together: mails, SMS and chats for all who tell something, and the loop of what waits."""

from __future__ import annotations

import msgspec

from penstock.adapters.sms import LogSms
from penstock.api.v2.notifications.channel_routes import ChannelEndpoints
from penstock.api.v2.notifications.quiet_hours_routes import QuietHoursEndpoints
from penstock.bootstrap.outbound import Outbound
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.notifications.channels import ChannelService
from penstock.core.notifications.mails import Notifier
from penstock.core.notifications.quiet_hours import QuietHoursService
from penstock.core.notifications.rights import ChannelRights
from penstock.core.notifications.sms import SmsService
from penstock.settings import Settings
from penstock.workers.notifications import NoticeWorker


class Notifications(msgspec.Struct, kw_only=True):
    """Everything about notifications."""

    rights: ChannelRights
    notifier: Notifier
    sms: SmsService
    channels: ChannelService
    quiet_hours: QuietHoursService
    worker: NoticeWorker

    @property
    def part(self) -> Part:
        """What is brought to a server."""
        return Part(
            endpoints=(ChannelEndpoints(self.channels), QuietHoursEndpoints(self.quiet_hours)),
            loops={"notifications": self.worker.run},
        )


def build_notifications(services: Services, settings: Settings, outbound: Outbound) -> Notifications:
    """Notifications over the services, their loop not yet running."""
    database, clock, config = services.database, services.clock, settings.notifications
    rights, notifier = ChannelRights(services.plans), Notifier(services.people.post, clock, config)
    return Notifications(
        rights=rights,
        notifier=notifier,
        sms=SmsService(sender=LogSms(), rights=rights, plans=services.plans, database=database, clock=clock),
        channels=ChannelService(
            database=database,
            http=outbound.http,
            policy=outbound.policy,
            box=services.people.box,
            rights=rights,
            trail=services.trail,
            ids=services.ids,
            clock=clock,
            config=config,
        ),
        quiet_hours=QuietHoursService(database=database, trail=services.trail, clock=clock),
        worker=NoticeWorker(database=database, notifier=notifier, clock=clock),
    )
