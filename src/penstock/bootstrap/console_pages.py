"""The pages of the console. To add those of a noun, add a line here."""

from __future__ import annotations

from penstock.api.console.bills.pages import InvoicePages
from penstock.api.console.bills.run_pages import RunPages
from penstock.api.console.bills.settings_pages import BillSettingsPages
from penstock.api.console.bills.tariff_pages import TariffPages
from penstock.api.console.customers.billing_pages import CustomerBillingPages
from penstock.api.console.customers.pages import CustomerPages
from penstock.api.console.devices.pages import DevicePages
from penstock.api.console.meters.pages import MeterPages
from penstock.api.console.meters.settings_pages import MeterSettingsPages
from penstock.api.console.people.sign_in_pages import SignInPages
from penstock.settings import Settings


def console_pages(settings: Settings) -> list[object]:
    """The pages of all nouns."""
    return [
        SignInPages(session_s=settings.people.session_s),
        DevicePages(),
        CustomerPages(),
        CustomerBillingPages(),
        MeterPages(),
        MeterSettingsPages(),
        BillSettingsPages(),
        TariffPages(),
        RunPages(),
        InvoicePages(),
    ]
