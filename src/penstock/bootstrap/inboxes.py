"""Builds the services and workers for inboxes."""

from __future__ import annotations

import msgspec

from penstock.adapters.sms.log import LogSms
from penstock.api.shared.message_waiting import Waiting
from penstock.api.system.metrics import Figure
from penstock.api.v2.inbox.address_routes import InboxAddressEndpoints
from penstock.api.v2.inbox.message_routes import InboxMessageEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.inboxes.accounts import KnownAccounts
from penstock.core.inboxes.addresses import AddressService
from penstock.core.inboxes.codes import CodeFinder
from penstock.core.inboxes.intake import Intake
from penstock.core.inboxes.messages import MessageService
from penstock.core.inboxes.payloads import InboxPayloads
from penstock.core.inboxes.ports import SmsProviders
from penstock.core.inboxes.sending import SendingService
from penstock.core.notifications.rights import ChannelRights
from penstock.core.notifications.sms import SmsAllowance
from penstock.kit.ids import OrgId
from penstock.settings import Settings
from penstock.workers.inbox_tidy import InboxTidy
from penstock.workers.sms_sending import SmsSendingWorker


class Inboxes(msgspec.Struct, kw_only=True):
    """The services for inboxes. `sms` sends for alerts and rules."""

    addresses: AddressService
    messages: MessageService
    sending: SendingService
    intake: Intake
    payloads: InboxPayloads
    waiting: Waiting
    worker: SmsSendingWorker
    tidy: InboxTidy
    allowance: SmsAllowance
    sms: NotificationSms

    @property
    def part(self) -> Part:
        """Endpoints, loops and figures for inboxes."""
        return Part(
            endpoints=(InboxAddressEndpoints(self.addresses), InboxMessageEndpoints(self.messages, self.waiting, self.sending)),
            loops={"sms_sending": self.worker.run, "inbox_tidy": self.tidy.run},
            apart=self.payloads.topics,
            figures=(
                Figure("sms_sent", "SMS that a provider accepted.", lambda: self.worker.sent, counts=True),
                Figure("sms_failed", "SMS that were not sent, or perhaps not.", lambda: self.worker.failed, counts=True),
                Figure("inbox_waiting", "Calls that wait for a message.", lambda: self.waiting.total),
            ),
        )


class NotificationSms:
    """Implements `SmsSender`: from the organisation's number for notifications, and without one to the log."""

    def __init__(self, sending: SendingService, log: LogSms) -> None:
        self._sending = sending
        self._log = log

    async def send(self, org_id: OrgId, message_id: str, to: str, text: str) -> None:
        if not await self._sending.send_for_job(org_id, message_id, to, text):
            await self._log.send(org_id, message_id, to, text)


def build_inboxes(services: Services, settings: Settings, providers: SmsProviders) -> Inboxes:
    """Build the services and workers. The loops are not running yet."""
    database, clock, config, vault = services.database, services.clock, settings.inboxes, services.vault
    waiting, allowance = Waiting(config.max_waiting), SmsAllowance(ChannelRights(services.plans), services.plans)
    worker = SmsSendingWorker(
        database=database, boxes=vault, providers=providers, allowance=allowance, clock=clock, config=config
    )
    sending = SendingService(
        database=database,
        boxes=vault,
        allowance=allowance,
        trail=services.trail,
        ids=services.ids,
        clock=clock,
        config=config,
        wake=worker.wake,
    )
    return Inboxes(
        addresses=AddressService(
            database=database, accounts=KnownAccounts(), trail=services.trail, ids=services.ids, clock=clock, config=config
        ),
        messages=MessageService(database=database, boxes=vault, trail=services.trail, clock=clock),
        sending=sending,
        intake=Intake(
            database=database,
            boxes=vault,
            extractor=CodeFinder(),
            arrivals=waiting,
            trail=services.trail,
            ids=services.ids,
            clock=clock,
        ),
        payloads=InboxPayloads(database, vault),
        waiting=waiting,
        worker=worker,
        tidy=InboxTidy(database, services.settled, config),
        allowance=allowance,
        sms=NotificationSms(sending, LogSms()),
    )
