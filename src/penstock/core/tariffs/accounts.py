"""Accounts: who is billed, a customer as a whole or one of their residents."""

from __future__ import annotations

from typing import Protocol

import msgspec

from penstock.core.audit.models import Target
from penstock.core.customers.models import Customer, Resident
from penstock.core.customers.service import get_customer
from penstock.core.customers.store import HasCustomers, HasResidents
from penstock.core.people.errors import ResidentNotFound
from penstock.kit.ids import CustomerId, Prefix, ResidentId, encode


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A customer, or one of their residents."""

    customer: Customer
    resident: Resident | None = None

    @property
    def resident_id(self) -> ResidentId | None:
        """The id of the resident, None if the account is the whole customer's."""
        return None if self.resident is None else self.resident.id

    @property
    def name(self) -> str:
        """The name of the customer or resident."""
        return self.customer.name if self.resident is None else self.resident.name

    @property
    def target(self) -> Target:
        """The account as the target of an audit entry."""
        if self.resident is None:
            return Target("customer", encode(Prefix.CUSTOMER, self.customer.id), self.customer.name)
        return Target("resident", encode(Prefix.RESIDENT, self.resident.id), self.resident.name)


class HasAccounts(HasCustomers, HasResidents, Protocol):
    """A transaction with customers and residents."""


async def get_account(tx: HasAccounts, customer_id: CustomerId, resident_id: ResidentId | None) -> Account:
    """An account, in a running transaction.

    Raises:
        CustomerNotFound, ResidentNotFound.
    """
    customer = await get_customer(tx, customer_id)
    if resident_id is None:
        return Account(customer=customer)
    resident = await tx.residents.find(resident_id)
    if resident is None or resident.customer_id != customer_id:
        raise ResidentNotFound(resident_id=encode(Prefix.RESIDENT, resident_id))
    return Account(customer=customer, resident=resident)
