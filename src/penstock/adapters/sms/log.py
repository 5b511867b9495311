"""SMS for a server without a provider: they are logged, so that none is lost silently."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import structlog

from penstock.core.inboxes.account_models import OpenAccount
from penstock.core.inboxes.models import OutgoingSms, Submitted
from penstock.core.inboxes.provisioning import AvailableNumber, NumberQuery
from penstock.kit.ids import OrgId, Prefix, encode

_log = structlog.get_logger()
SHOWN_DIGITS = 3
"""How many last digits of a number the log shows."""


class LogSms:
    """Implements `SmsSender` with a log event that records the message without its text."""

    async def send(self, org_id: OrgId, message_id: str, to: str, text: str) -> None:
        _log.warning("sms_not_sent", reason="no provider", message=message_id, to=f"…{to[-SHOWN_DIGITS:]}", characters=len(text))


class LogNumbers:
    """Implements `NumberShop` for development: numbers that are reserved for films, and nothing is bought."""

    async def search(self, opened: OpenAccount, query: NumberQuery) -> Sequence[AvailableNumber]:
        digits = (query.contains or "").strip("*")
        found = (f"+447700900{number:03}" for number in range(1_000))
        return [
            AvailableNumber(value=one, locality=None, region=None, country="GB")
            for one in itertools.islice((one for one in found if digits in one), query.limit)
        ]

    async def buy(self, opened: OpenAccount, value: str) -> None:
        _log.info("sms_number_not_bought", reason="no provider")

    async def give_back(self, opened: OpenAccount, value: str) -> None:
        _log.info("sms_number_not_given_back", reason="no provider")


class LogProvider:
    """Implements `SmsProvider` with the same event, for numbers without an account."""

    async def submit(self, sms: OutgoingSms) -> Submitted:
        await LogSms().send(OrgId(0), encode(Prefix.INBOX_MESSAGE, sms.id), sms.recipient, sms.text)
        return Submitted(())
