"""The providers of accounts, by the accounts' kinds."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.adapters.sms.log import LogNumbers, LogProvider
from penstock.adapters.sms.smpp_links import SmppLinks
from penstock.adapters.sms.twilio import TwilioProvider
from penstock.adapters.sms.twilio_numbers import TwilioNumbers
from penstock.core.inboxes.account_config import SmsConfig
from penstock.core.inboxes.account_models import AccountCheck, LogSettings, OpenAccount, TwilioSettings
from penstock.core.inboxes.account_states import AccountStates
from penstock.core.inboxes.accounts import SmsAccountService
from penstock.core.inboxes.models import AccountRef, OutgoingSms, Submitted
from penstock.core.inboxes.ports import SmsProvider
from penstock.core.inboxes.provisioning import AvailableNumber, NumberQuery, NumberShop
from penstock.core.outbound.ports import OutgoingHttp
from penstock.kit.errors import Unavailable


class _NotConnected:
    """The provider of an account whose link has not started."""

    async def submit(self, sms: OutgoingSms) -> Submitted:
        raise Unavailable(reason="the message centre is not connected")


class AccountNumbers:
    """Implements `NumberShop` with that of the account's kind."""

    def __init__(self, twilio: TwilioNumbers) -> None:
        self._twilio = twilio
        self._log = LogNumbers()

    async def search(self, opened: OpenAccount, query: NumberQuery) -> Sequence[AvailableNumber]:
        return await self._of(opened).search(opened, query)

    async def buy(self, opened: OpenAccount, value: str) -> None:
        await self._of(opened).buy(opened, value)

    async def give_back(self, opened: OpenAccount, value: str) -> None:
        await self._of(opened).give_back(opened, value)

    def _of(self, opened: OpenAccount) -> NumberShop:
        return self._log if isinstance(opened.settings, LogSettings) else self._twilio


class AccountProviders:
    """Implements `SmsProviders` and `AccountProber`. `links` is set once these are built, which need what the inboxes build."""

    def __init__(self, accounts: SmsAccountService, http: OutgoingHttp, states: AccountStates, config: SmsConfig) -> None:
        self._accounts = accounts
        self._http = http
        self._states = states
        self._config = config
        self.links: SmppLinks | None = None

    async def of(self, account: AccountRef | None) -> SmsProvider:
        if account is None:
            return LogProvider()
        return self._made(await self._accounts.open(account))

    async def probe(self, opened: OpenAccount) -> AccountCheck:
        settings = opened.settings
        if isinstance(settings, LogSettings):
            return AccountCheck(ok=True, detail="SMS are only logged")
        if isinstance(settings, TwilioSettings):
            return await self._twilio(opened.account.ref, settings).probe()
        state = self._states.find(opened.account.id)
        link = None if self.links is None else self.links.find(opened.account.id)
        if link is not None and link.is_connected:
            return AccountCheck(ok=True, detail="the message centre is connected")
        return AccountCheck(ok=False, detail=state.last_error or "the message centre is not connected yet")

    def _made(self, opened: OpenAccount) -> SmsProvider:
        ref, settings = opened.account.ref, opened.settings
        if isinstance(settings, LogSettings):
            return LogProvider()
        if isinstance(settings, TwilioSettings):
            return self._twilio(ref, settings)
        link = None if self.links is None else self.links.find(ref.id)
        return _NotConnected() if link is None else link

    def _twilio(self, ref: AccountRef, settings: TwilioSettings) -> TwilioProvider:
        config = self._config
        return TwilioProvider(self._http, ref, settings, self._states, config.public_url, config.response_timeout_s)
