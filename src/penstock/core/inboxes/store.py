"""The stores of inboxes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from penstock.core.audit.store import HasAudit
from penstock.core.inboxes.account_store import HasSmsAccounts
from penstock.core.inboxes.models import (
    Address,
    AddressGrant,
    Channel,
    DueSms,
    Message,
    MessageFilter,
    Part,
    StoredMessage,
    Subject,
    Subjects,
)
from penstock.core.outbox import HasOutbox
from penstock.core.people.store import HasGroups, HasMembers, HasSessions
from penstock.core.tenancy.store import HasKeys
from penstock.core.vault.models import Sealed
from penstock.kit.ids import GroupId, InboxAddressId, InboxMessageId, KeyId, OrgId, SmsAccountId, UserId
from penstock.kit.ordering import After

Account: TypeAlias = tuple[OrgId, SmsAccountId | None]
"""An account of an organisation; None is the one that only logs."""


class AddressStore(Protocol):
    """Addresses of the transaction's organisation, and their grants.

    `reach` limits an answer to addresses that are granted to one of some subjects; None does not limit it.
    """

    async def create(self, address: Address) -> None:
        """Add an address.

        Raises:
            AddressExists: the organisation has it already, or the alias belongs to another one.
        """

    async def find(self, address_id: InboxAddressId, reach: Subjects | None = None) -> Address | None:
        """The address with this id."""

    async def find_value(self, value: str, reach: Subjects | None = None) -> Address | None:
        """The address with this value, also if it was released."""

    async def for_notifications(self) -> Address | None:
        """The number that alerts and rules send from."""

    async def list(
        self, channel: Channel | None, reach: Subjects | None, limit: int, after: After, *, released: bool
    ) -> Sequence[Address]:
        """Addresses after a place or an id, by default newest first, with released ones on request."""

    async def count(self) -> int:
        """The number of addresses that are not released."""

    async def update(self, address: Address) -> None:
        """Store the fields that can change. Only one number is for notifications: another one ceases to be."""

    async def grant(self, grant: AddressGrant) -> bool:
        """Grant an address; False if it is granted already."""

    async def revoke(self, address_id: InboxAddressId, subject: Subject) -> bool:
        """End a grant; False if there is none."""

    async def grants(self, address_id: InboxAddressId) -> Sequence[AddressGrant]:
        """The grants of an address, oldest first."""

    async def count_grants(self, address_id: InboxAddressId) -> int:
        """The number of grants of an address."""

    async def groups_of(self, user_id: UserId) -> Sequence[GroupId]:
        """The groups of a user."""

    async def keys_of(self, user_id: UserId) -> Sequence[KeyId]:
        """The keys that a user answers for, also revoked ones."""


class InboxMessageStore(Protocol):
    """Messages of the transaction's organisation. `reach` is as in `AddressStore`."""

    async def add(self, message: Message, sealed: Sealed) -> None:
        """Add a message."""

    async def find(self, message_id: InboxMessageId, reach: Subjects | None = None) -> StoredMessage | None:
        """The message with this id."""

    async def find_received(self, source: int, provider_id: str) -> InboxMessageId | None:
        """The inbound message with the provider's id of it. `source` is the account, or the address of a mail."""

    async def find_job(self, job: str) -> InboxMessageId | None:
        """The outbound message of an alert's or rule's job."""

    async def list(self, filters: MessageFilter, reach: Subjects | None, limit: int, before_id: int) -> Sequence[StoredMessage]:
        """Messages newest first."""

    async def next_inbound(self, address_id: InboxAddressId, after_id: int) -> StoredMessage | None:
        """The oldest message that an address received after another one."""

    async def last_id(self) -> InboxMessageId:
        """The latest message; 0 without one."""

    async def count_queued(self) -> int:
        """The number of messages that wait to be sent."""

    async def update(self, message: Message) -> None:
        """Store the state: status, error, attempts and times."""

    async def claim(self, message_id: InboxMessageId, now_us: int) -> StoredMessage | None:
        """Change a queued message to `sending`; None if it is no longer queued."""

    async def parts(self, message_id: InboxMessageId) -> Sequence[Part]:
        """What the provider reported about each part of a message."""

    async def find_part(self, account_id: SmsAccountId, provider_id: str) -> Part | None:
        """What the provider reported under an id."""

    async def put_part(self, part: Part) -> None:
        """Store what the provider reported under an id, replacing what it reported before."""


class SystemInboxStore(Protocol):
    """Inboxes of all organisations."""

    async def find_alias(self, alias: str) -> Address | None:
        """The alias that receives mails, unless it was released."""

    async def due(self, now_us: int, limit: int, without: Collection[Account] = ()) -> Sequence[DueSms]:
        """The next SMS of each number: the oldest, if it is due and none of the number is being sent.

        Without those of some organisations' accounts.
        """

    async def next_due_us(self) -> int | None:
        """When the next SMS is due; None if none waits."""

    async def interrupted(self, limit: int) -> Sequence[tuple[OrgId, InboxMessageId]]:
        """Messages that are `sending`: at the start, those whose outcome is not known."""

    async def drop_before(self, before_us: int, limit: int) -> int:
        """Delete messages from before a time that do not wait to be sent. Returns their number."""

    async def drop_unclaimed(self, before_us: int) -> None:
        """Delete reports from before a time whose message is not known."""


class HasInboxes(Protocol):
    """A transaction with inboxes."""

    @property
    def inbox_addresses(self) -> AddressStore:
        """Addresses."""

    @property
    def inbox_messages(self) -> InboxMessageStore:
        """Messages."""


class HasSystemInboxes(Protocol):
    """A transaction with the inboxes of all organisations."""

    @property
    def inboxes(self) -> SystemInboxStore:
        """Inboxes."""


@runtime_checkable
class InboxTransaction(HasInboxes, HasSmsAccounts, HasGroups, HasMembers, HasSessions, HasKeys, HasOutbox, HasAudit, Protocol):
    """The transaction of the use cases on inboxes."""
