"""The transactions of use cases on subscriptions, with the stores of everything that a plan limits."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.billing.store import HasBills
from penstock.core.database import OpensOrganizations
from penstock.core.devices.store import HasDevices
from penstock.core.outbox import HasOutbox
from penstock.core.tenancy.store import HasKeys, HasOrganizations


class SubscriptionTransaction(HasBills, HasDevices, HasKeys, HasOutbox, HasAudit, Protocol):
    """The transaction of a change of plan inside an organisation."""


class SubscriptionSystemTransaction(HasOrganizations, OpensOrganizations[SubscriptionTransaction], Protocol):
    """The transaction that finds organisations and changes their plans."""
