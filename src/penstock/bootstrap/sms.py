"""Builds SMS accounts and their providers, and then, over the intake of the inboxes, what providers report through."""

from __future__ import annotations

import random

import msgspec

from penstock.adapters.sms.providers import AccountNumbers, AccountProviders
from penstock.adapters.sms.smpp import SmppParts
from penstock.adapters.sms.smpp_links import SmppLinks
from penstock.adapters.sms.twilio_numbers import TwilioNumbers
from penstock.api.system.metrics import Figure
from penstock.api.v2.sms_accounts.number_routes import SmsNumberEndpoints
from penstock.api.v2.sms_accounts.routes import SmsAccountEndpoints
from penstock.bootstrap.inboxes import Inboxes
from penstock.bootstrap.outbound import Outbound
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.inboxes.account_states import AccountStates
from penstock.core.inboxes.accounts import SmsAccountService
from penstock.core.inboxes.long_texts import LongTexts
from penstock.core.inboxes.provisioning import ProvisioningService
from penstock.ingress.sms.twilio import TwilioCalls, TwilioParts
from penstock.settings import Settings


class SmsAccounts(msgspec.Struct, kw_only=True):
    """SMS accounts and their providers. The inboxes send through `providers`."""

    service: SmsAccountService
    states: AccountStates
    providers: AccountProviders


class SmsLinks(msgspec.Struct, kw_only=True):
    """The connections to message centres, and the calls of providers."""

    accounts: SmsAccounts
    links: SmppLinks
    calls: TwilioCalls
    numbers: ProvisioningService

    @property
    def part(self) -> Part:
        """Endpoints and loop for SMS accounts."""
        accounts = self.accounts
        return Part(
            endpoints=(
                SmsAccountEndpoints(accounts.service, accounts.states, accounts.providers),
                SmsNumberEndpoints(self.numbers),
            ),
            raw=(self.calls,),
            loops={"sms_links": self.links.run},
            figures=(
                Figure("sms_links_connected", "Connections to message centres that are open.", lambda: self.links.connected),
            ),
        )


def build_sms_accounts(services: Services, settings: Settings, outbound: Outbound) -> SmsAccounts:
    """Build the accounts. Nothing is connected yet."""
    states = AccountStates(services.clock)
    service = SmsAccountService(
        database=services.database,
        secrets=services.secret_fields,
        policy=outbound.policy,
        trail=services.trail,
        ids=services.ids,
        clock=services.clock,
    )
    providers = AccountProviders(service, outbound.http, states, settings.sms)
    return SmsAccounts(service=service, states=states, providers=providers)


def build_sms_links(
    services: Services, settings: Settings, outbound: Outbound, accounts: SmsAccounts, inboxes: Inboxes
) -> SmsLinks:
    """Build what reports to the intake of the inboxes. Its loop is not running yet."""
    parts = SmppParts(
        config=settings.sms,
        streams=outbound.streams,
        intake=inboxes.intake,
        long_texts=LongTexts(services.database, services.vault, services.ids, services.settled),
        states=accounts.states,
        clock=services.clock,
        chance=random.random,
    )
    links = SmppLinks(parts=parts, database=services.database, accounts=accounts.service, gate=services.gate)
    services.on_foreign_change.append(links.wake)
    accounts.providers.links = links
    calls = TwilioCalls(
        TwilioParts(
            accounts=accounts.service,
            database=services.database,
            intake=inboxes.intake,
            gate=services.gate,
            clients=services.clients,
            budget=services.bodies,
            clock=services.clock,
            public_url=settings.sms.public_url,
        )
    )
    numbers = ProvisioningService(
        database=services.database,
        accounts=accounts.service,
        addresses=inboxes.addresses,
        shop=AccountNumbers(TwilioNumbers(outbound.http, settings.sms.public_url, settings.sms.response_timeout_s)),
        trail=services.trail,
    )
    return SmsLinks(accounts=accounts, links=links, calls=calls, numbers=numbers)
