"""The stores of sign-up: those of a new organisation, and those of its first invitation."""

from __future__ import annotations

from typing import Protocol

from penstock.core.database import OpensOrganizations
from penstock.core.people.store import PeopleTransaction
from penstock.core.tenancy.store import HasCredentials, HasOrganizations, TenancyTransaction


class SignupTransaction(TenancyTransaction, PeopleTransaction, Protocol):
    """The transaction on the new organisation."""


class SignupSystemTransaction(HasOrganizations, HasCredentials, OpensOrganizations[SignupTransaction], Protocol):
    """The transaction that creates it."""
