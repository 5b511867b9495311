"""The stores of SMS accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.inboxes.account_models import SmsAccount
from penstock.core.inboxes.models import AccountRef
from penstock.core.vault.store import HasSecrets
from penstock.kit.ids import SmsAccountId


class SmsAccountStore(Protocol):
    """SMS accounts of the transaction's organisation."""

    async def create(self, account: SmsAccount) -> None:
        """Add an account."""

    async def find(self, account_id: SmsAccountId) -> SmsAccount | None:
        """An account, or None."""

    async def list(self, limit: int, before_id: int) -> Sequence[SmsAccount]:
        """Accounts newest first, with ids below `before_id`."""

    async def count(self) -> int:
        """How many there are."""

    async def update(self, account: SmsAccount) -> None:
        """Store an account's changeable fields."""

    async def numbers_of(self, account_id: SmsAccountId, limit: int) -> Sequence[str]:
        """The numbers in use that send and receive through an account, in order."""

    async def delete(self, account_id: SmsAccountId) -> None:
        """Delete an account."""


class SystemSmsAccountStore(Protocol):
    """SMS accounts of all organisations."""

    async def connecting(self, after: SmsAccountId, limit: int) -> Sequence[AccountRef]:
        """The accounts to which Penstock keeps a connection, by id, after one."""

    async def drop_parts_before(self, before_us: int) -> None:
        """Delete parts of incomplete texts that were received before a time."""

    async def find_owner(self, account_id: SmsAccountId) -> AccountRef | None:
        """Whose an account is: for calls of a provider, which names only the account."""


class HasSmsAccounts(Protocol):
    """A transaction with SMS accounts."""

    @property
    def sms_accounts(self) -> SmsAccountStore:
        """SMS accounts."""


class HasSystemSmsAccounts(Protocol):
    """A transaction with the SMS accounts of all organisations."""

    @property
    def sms_accounts(self) -> SystemSmsAccountStore:
        """SMS accounts."""


class SmsAccountTransaction(HasSmsAccounts, HasSecrets, HasAudit, Protocol):
    """The transaction of the use cases on SMS accounts."""
