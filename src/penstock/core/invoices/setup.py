"""How a customer is invoiced: who gets invoices, for which periods, and when they are closed. Pure."""

from __future__ import annotations

from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from penstock.core.invoices.periods import Length, Period, day_at, parse_period, period_after, period_at, start_us
from penstock.kit.clock import DAY_US
from penstock.kit.ids import CustomerId


class InvoiceTarget(StrEnum):
    """Who gets the invoices of a customer: the customer for all its meters, each resident for theirs, or no one."""

    CUSTOMER = "customer"
    RESIDENTS = "residents"
    NONE = "none"


class Invoicing(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a customer.

    With `auto_close` a period is closed `close_after_days` after its end, so that late readings are in it. `hold_if_suspect`: an
    invoice with suspect values waits for a person. `locale` determines the language and the formats of documents. `send_by_mail`:
    each invoice is mailed to its buyer when it is issued.
    """

    target: InvoiceTarget = InvoiceTarget.NONE
    period: Length = Length.MONTH
    due_days: int = 14
    number_prefix: str = ""
    locale: str = "en"
    auto_close: bool = False
    close_after_days: int = 3
    hold_if_suspect: bool = False
    send_by_mail: bool = False


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """The next automatic closing of a customer: the name of the period, and when it is due."""

    customer_id: CustomerId
    period: str
    due_us: int


def first_closing(customer_id: CustomerId, settings: Invoicing, zone: ZoneInfo, now_us: int) -> Schedule | None:
    """The first automatic closing under new settings, None without one: the earliest that is not due yet."""
    if not settings.auto_close or settings.target is InvoiceTarget.NONE:
        return None
    # From the period before the delay on, whose closing may still be ahead.
    period = period_at(settings.period, day_at(now_us - settings.close_after_days * DAY_US, zone))
    return _scheduled(customer_id, settings, zone, period)


def next_closing(schedule: Schedule, settings: Invoicing, zone: ZoneInfo) -> Schedule:
    """The automatic closing after one."""
    return _scheduled(schedule.customer_id, settings, zone, period_after(parse_period(schedule.period)))


def _scheduled(customer_id: CustomerId, settings: Invoicing, zone: ZoneInfo, period: Period) -> Schedule:
    due_us = start_us(period.end, zone) + settings.close_after_days * DAY_US
    return Schedule(customer_id=customer_id, period=period.name, due_us=due_us)
