"""The transactions of the use cases on grants."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from penstock.core.database import OpensOrganizations
from penstock.core.outbox import HasOutbox
from penstock.core.people.store import HasGroups, HasMembers
from penstock.core.tenancy.store import HasKeys
from penstock.core.tokens.grant_store import HasSystemGrants
from penstock.core.tokens.store import TokenTransaction


@runtime_checkable
class GrantTransaction(TokenTransaction, HasGroups, HasMembers, HasKeys, HasOutbox, Protocol):
    """The transaction of the use cases on grants and requests."""


class GrantSystemTransaction(HasSystemGrants, OpensOrganizations[GrantTransaction], Protocol):
    """The transaction of the worker for grants."""
