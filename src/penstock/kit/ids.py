"""Typed ids: a prefix for readers, 63 bits for the database, sortable by creation.

Internally an id is an integer, of a type for each kind (`DeviceId`), and text at every boundary (`dev_0c2k9fq7w3m1x`). The
integer is 41 bits of milliseconds since 2024-01-01 UTC and 22 bits that start at a random number of 20, strictly increasing
inside one process; the text is 13 lower-case Crockford base32 digits, so that text and integer sort alike.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Final, Generic, NewType, Self, TypeVar

_EPOCH_MS = 1_704_067_200_000
_RANDOM_BITS = 22
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [high + low for high in _DIGITS for low in _DIGITS]
_TO_PYTHON = str.maketrans(
    {chr(code): "!" for code in range(128)} | dict(zip(_DIGITS, "0123456789abcdefghijklmnopqrstuv", strict=True))
)
"""Crockford's digits to those of `int(text, 32)`; any other character is mapped to one that `int` rejects."""
_LENGTH = 13
MAX_ID = 2**63 - 1


OrgId = NewType("OrgId", int)
ProjectId = NewType("ProjectId", int)
UserId = NewType("UserId", int)
SessionId = NewType("SessionId", int)
GroupId = NewType("GroupId", int)
InvitationId = NewType("InvitationId", int)
KeyId = NewType("KeyId", int)
DeviceId = NewType("DeviceId", int)
SensorId = NewType("SensorId", int)
Seq = NewType("Seq", int)
"""A reading's position in the log: readings have no other id."""
AuditSeq = NewType("AuditSeq", int)
"""An entry's position in its organisation's audit log: entries have no other id."""
EventId = NewType("EventId", int)
DefinitionId = NewType("DefinitionId", int)
ExecutionId = NewType("ExecutionId", int)
EventTypeId = NewType("EventTypeId", int)
CustomerId = NewType("CustomerId", int)
ResidentId = NewType("ResidentId", int)
ConnectionId = NewType("ConnectionId", int)
ProfileId = NewType("ProfileId", int)
CodecId = NewType("CodecId", int)
EditId = NewType("EditId", int)
StatementId = NewType("StatementId", int)
MeterAlarmId = NewType("MeterAlarmId", int)
TariffId = NewType("TariffId", int)
InvoiceId = NewType("InvoiceId", int)
InvoiceRunId = NewType("InvoiceRunId", int)
InvoiceHoldId = NewType("InvoiceHoldId", int)
AlertId = NewType("AlertId", int)
ChannelId = NewType("ChannelId", int)
WebhookId = NewType("WebhookId", int)
WebhookMessageId = NewType("WebhookMessageId", int)
WebhookAttemptId = NewType("WebhookAttemptId", int)
RuleId = NewType("RuleId", int)
VersionId = NewType("VersionId", int)
RunId = NewType("RunId", int)
HookId = NewType("HookId", int)
RehearsalId = NewType("RehearsalId", int)
RedecodeId = NewType("RedecodeId", int)
ImportId = NewType("ImportId", int)
SecretId = NewType("SecretId", int)
TokenId = NewType("TokenId", int)
GrantId = NewType("GrantId", int)
SeedRequestId = NewType("SeedRequestId", int)
InboxAddressId = NewType("InboxAddressId", int)
InboxMessageId = NewType("InboxMessageId", int)
SmsAccountId = NewType("SmsAccountId", int)
SensorTemplateId = NewType("SensorTemplateId", int)
FolderId = NewType("FolderId", int)
DashboardId = NewType("DashboardId", int)
WidgetId = NewType("WidgetId", int)
ShareId = NewType("ShareId", int)

JobId = NewType("JobId", int)
MailId = NewType("MailId", int)
EntryId = NewType("EntryId", int)
FiringId = NewType("FiringId", int)
ChangeId = NewType("ChangeId", int)
"""Kinds that are never shown to clients and so have no prefix: jobs, mails, entries of the outbox, firings, changes."""

I = TypeVar("I", bound=int)  # noqa: E741


class IdKind(str, Generic[I]):
    """A kind of thing with an id: its prefix and the type of its number."""

    __slots__ = ("make",)
    make: Callable[[int], I]

    def __new__(cls, word: str, make: Callable[[int], I]) -> Self:
        kind = super().__new__(cls, word)
        kind.make = make
        return kind


class Prefix:
    """The kinds of things with an id."""

    ORGANIZATION: Final = IdKind("org", OrgId)
    PROJECT: Final = IdKind("prj", ProjectId)
    USER: Final = IdKind("usr", UserId)
    SESSION: Final = IdKind("ses", SessionId)
    GROUP: Final = IdKind("grp", GroupId)
    INVITATION: Final = IdKind("inv", InvitationId)
    KEY: Final = IdKind("key", KeyId)
    DEVICE: Final = IdKind("dev", DeviceId)
    SENSOR: Final = IdKind("sen", SensorId)
    READING: Final = IdKind("tel", Seq)
    EVENT: Final = IdKind("evt", EventId)
    DEFINITION: Final = IdKind("def", DefinitionId)
    EXECUTION: Final = IdKind("cmd", ExecutionId)
    EVENT_TYPE: Final = IdKind("ety", EventTypeId)
    CUSTOMER: Final = IdKind("cus", CustomerId)
    RESIDENT: Final = IdKind("res", ResidentId)
    CONNECTION: Final = IdKind("con", ConnectionId)
    PROFILE: Final = IdKind("prf", ProfileId)
    CODEC: Final = IdKind("cdc", CodecId)
    EDIT: Final = IdKind("edt", EditId)
    STATEMENT: Final = IdKind("sta", StatementId)
    METER_ALARM: Final = IdKind("mal", MeterAlarmId)
    TARIFF: Final = IdKind("tar", TariffId)
    INVOICE: Final = IdKind("ivc", InvoiceId)
    INVOICE_RUN: Final = IdKind("ivr", InvoiceRunId)
    INVOICE_HOLD: Final = IdKind("ivh", InvoiceHoldId)
    ALERT: Final = IdKind("alert", AlertId)
    CHANNEL: Final = IdKind("chn", ChannelId)
    WEBHOOK: Final = IdKind("whe", WebhookId)
    WEBHOOK_MESSAGE: Final = IdKind("msg", WebhookMessageId)
    WEBHOOK_ATTEMPT: Final = IdKind("att", WebhookAttemptId)
    RULE: Final = IdKind("rul", RuleId)
    VERSION: Final = IdKind("rvn", VersionId)
    RUN: Final = IdKind("run", RunId)
    HOOK: Final = IdKind("hok", HookId)
    REHEARSAL: Final = IdKind("reh", RehearsalId)
    REDECODE: Final = IdKind("rdc", RedecodeId)
    IMPORT: Final = IdKind("imp", ImportId)
    SECRET: Final = IdKind("sec", SecretId)
    TOKEN: Final = IdKind("tok", TokenId)
    GRANT: Final = IdKind("grn", GrantId)
    SEED_REQUEST: Final = IdKind("srq", SeedRequestId)
    INBOX_ADDRESS: Final = IdKind("ina", InboxAddressId)
    INBOX_MESSAGE: Final = IdKind("inm", InboxMessageId)
    SMS_ACCOUNT: Final = IdKind("sma", SmsAccountId)
    SENSOR_TEMPLATE: Final = IdKind("stp", SensorTemplateId)
    DASHBOARD_FOLDER: Final = IdKind("dfo", FolderId)
    DASHBOARD: Final = IdKind("dsb", DashboardId)
    WIDGET: Final = IdKind("wid", WidgetId)
    DASHBOARD_SHARE: Final = IdKind("dsl", ShareId)


KINDS: Final = tuple(kind for kind in vars(Prefix).values() if isinstance(kind, IdKind))


def created_at_us(number: int) -> int:
    """When an id was created, in microseconds since 1970."""
    return ((number >> _RANDOM_BITS) + _EPOCH_MS) * 1000


def encode(kind: IdKind[I], number: I) -> str:
    """The text of an id.

    Raises:
        ValueError: `number` is negative or needs more than 63 bits.
    """
    if not 0 <= number <= MAX_ID:
        raise ValueError("an id must fit 63 bits")
    # 63 bits are 3 bits for the first digit and six times 10 bits for two more: a table of pairs halves the look-ups.
    pairs, ten_bits = _PAIRS, 1023
    return (
        f"{kind}_{_DIGITS[number >> 60]}{pairs[number >> 50 & ten_bits]}{pairs[number >> 40 & ten_bits]}"
        f"{pairs[number >> 30 & ten_bits]}{pairs[number >> 20 & ten_bits]}{pairs[number >> 10 & ten_bits]}"
        f"{pairs[number & ten_bits]}"
    )


def text_of(word: str, number: int) -> str:
    """The text of an id whose kind is known only at run time, by its prefix.

    Raises:
        ValueError: `number` is negative or needs more than 63 bits.
    """
    return encode(IdKind(word, int), number)


def decode(kind: IdKind[I], text: str) -> I | None:
    """The number in an id's text, or None if the text is not an id of this kind."""
    head, _, digits = text.partition("_")
    # `int` accepts digits of every script, so only ASCII may reach it.
    if head != kind or len(digits) != _LENGTH or not digits.isascii():
        return None
    try:
        number = int(digits.translate(_TO_PYTHON), 32)
    except ValueError:
        return None
    return kind.make(number) if number <= MAX_ID else None


def first_id_at(moment_us: int) -> int:
    """The lowest id that can be created at a time. It converts times to ids, because ids sort by creation."""
    return min(max(moment_us // 1000 - _EPOCH_MS, 0) << _RANDOM_BITS, MAX_ID)


def object_id(moment_us: int, number: int) -> str:
    """An id in the form of MongoDB's: 24 hexadecimal digits, of which the first eight are the seconds of a time."""
    return f"{moment_us // 1_000_000 & 0xFFFFFFFF:08x}{number:016x}"


class IdSource:
    """Creates ids: by the clock, never twice in one process, rarely (2^-20 for two in one millisecond) in two."""

    def __init__(self, now_us: Callable[[], int]) -> None:
        self._now_us = now_us
        self._last = 0
        self._lock = threading.Lock()

    def next(self, make: Callable[[int], I]) -> I:
        """A new id of the requested type (`ids.next(DeviceId)`), greater than all before it."""
        return make(self.number())

    def number(self) -> int:
        """The number of a new id, for values whose type is unknown or that are not ids: a revision, for example."""
        ms = max(self._now_us() // 1000 - _EPOCH_MS, 0)
        with self._lock:
            # Two random bits fewer than there is room for: ids counted upwards then rarely run into the next millisecond.
            self._last = max(self._last + 1, ms << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS - 2))
            return self._last
