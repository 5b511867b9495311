"""Message centres over SMPP 3.4: one connection, which is opened again whenever it is lost, and the provider that uses it.

An SMS is submitted at most once, part by part: the next part is written after the one before was accepted. So if nothing was
accepted and the response says so, nothing was sent; and if a connection ends before a response, the outcome is unknown.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from typing import Protocol

import msgspec
import structlog

from penstock.adapters.sms import pdus
from penstock.adapters.sms.receipts import id_of_response, is_receipt, read_receipt
from penstock.adapters.sms.smpp_session import Answer, Lost, NoResponse, NotWritten, SmppSession
from penstock.adapters.sms.texts import Received, read_text, submissions
from penstock.core.inboxes.account_config import SmsConfig
from penstock.core.inboxes.account_models import OpenAccount, SmppSettings
from penstock.core.inboxes.account_states import AccountStates, LinkState
from penstock.core.inboxes.errors import OutcomeUnknown, SmsRefused
from penstock.core.inboxes.gsm import Alphabet, whole
from penstock.core.inboxes.long_texts import LongTexts
from penstock.core.inboxes.models import AccountRef, IncomingSms, OutgoingSms, Submitted
from penstock.core.inboxes.ports import SmsIntake
from penstock.core.outbound.errors import CallFailed, TargetRefused
from penstock.kit.backoff import Doubling, jittered
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.errors import InvalidInput, PenstockError, Unavailable
from penstock.kit.ids import Prefix, encode

STEADY_S = 10.0
"""A connection that lasted this long after its sign-in resets the count of attempts."""
MAX_UNCONFIRMED = 200
_log = structlog.get_logger()


class Tls(msgspec.Struct, frozen=True, kw_only=True):
    """The TLS parameters: the trusted authorities (None: those of the system). PEM texts."""

    ca_pem: str | None = None
    certificate_pem: str | None = None
    key_pem: str | None = None


class Streams(Protocol):
    """Opens connections to addresses that users configured, if calls to them are allowed."""

    async def open(self, host: str, port: int, tls: Tls | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection.

        Raises:
            TargetRefused: calls to the host, or to an address it resolves to, are not allowed. Nothing was sent.
            CallFailed: the connection failed; the error has the reason.
        """


class SmppParts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts that all links share."""

    config: SmsConfig
    streams: Streams
    intake: SmsIntake
    long_texts: LongTexts
    states: AccountStates
    clock: Clock
    chance: Callable[[], float]


class SmppLink:
    """Keeps the connection of one account. Implements `SmsProvider`."""

    def __init__(self, parts: SmppParts, account: AccountRef, settings: SmppSettings) -> None:
        self.account = account
        self.settings = settings
        self._parts = parts
        self._stop = asyncio.Event()
        self._session: SmppSession | None = None
        self._bound_at: float | None = None
        self._reference = secrets.randbelow(256)
        self._alphabet = Alphabet(settings.alphabet)
        # Messages that are stored but whose response could not be written: the message centre delivers them again.
        self._unconfirmed: dict[bytes, str] = {}
        self._assigned: dict[int, tuple[bytes, str]] = {}

    @property
    def is_connected(self) -> bool:
        """Whether SMS can be submitted now."""
        return self._session is not None and self._session.is_open

    async def submit(self, sms: OutgoingSms) -> Submitted:
        session = self._session
        if session is None or not session.is_open:
            raise Unavailable(reason="the message centre is not connected")
        self._reference = (self._reference + 1) % 256
        try:
            parts = submissions(sms.sender, sms.recipient, sms.text, self._alphabet, self._reference)
        except InvalidInput as error:
            raise SmsRefused(reason=error.detail) from None
        ids: list[str] = []
        for part in parts:
            ids.append(await self._submitted(session, part, len(ids), len(parts)))
        return Submitted(tuple(ids))

    async def _submitted(self, session: SmppSession, part: pdus.Submission, before: int, total: int) -> str:
        """Submit one part. Returns its id."""
        at = f"part {before + 1} of {total}: " if total > 1 else ""
        try:
            answer = await session.submit(part)
        except NoResponse as error:
            raise OutcomeUnknown(reason=f"{at}{error}") from None
        except NotWritten as error:
            if before:
                raise OutcomeUnknown(reason=f"{at}{error}; the parts before it were accepted") from None
            raise Unavailable(reason=str(error)) from None
        if answer.status != pdus.OK:
            raise _refusal(answer, at, before)
        provider_id = id_of_response(pdus.message_id_of(answer.frame), self.settings.receipt_ids)
        if not provider_id:
            raise OutcomeUnknown(reason=f"{at}the message centre accepted it without an id")
        return provider_id

    def stop(self) -> None:
        """Sign out, and end."""
        self._stop.set()

    async def run(self) -> None:
        """Connect, and keep reconnecting until stopped."""
        loop, attempt = asyncio.get_running_loop(), 0
        while not self._stop.is_set():
            self._parts.states.note(self.account.id, LinkState.CONNECTING)
            self._bound_at = None
            try:
                await self._connect()
            except (Lost, CallFailed, TargetRefused) as error:
                # Counted from the sign-in: a message centre that refuses slowly must not be asked at the first pause for ever.
                steady = self._bound_at is not None and loop.time() - self._bound_at > STEADY_S
                attempt = 1 if steady else attempt + 1
                await self._pause(attempt, _reason_of(error))

    async def _pause(self, attempt: int, reason: str) -> None:
        config = self._parts.config
        doubling = Doubling(
            first_us=round(config.reconnect_min_s * SECOND_US), longest_us=round(config.reconnect_max_s * SECOND_US)
        )
        pause_us = jittered(doubling.pause_us(attempt), 0.5, 1.0, self._parts.chance)
        self._parts.states.note(self.account.id, LinkState.WAITING, reason, self._parts.clock.now_us() + pause_us)
        _log.info("sms_link_lost", account=encode(Prefix.SMS_ACCOUNT, self.account.id), reason=reason)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), pause_us / SECOND_US)

    async def _connect(self) -> None:
        settings = self.settings
        tls = Tls(ca_pem=settings.ca_pem) if settings.tls else None
        opening = asyncio.create_task(self._parts.streams.open(settings.host, settings.effective_port, tls))
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({opening, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not opening.done():
                return
            reader, writer = opening.result()
            await self._serve(SmppSession(reader, writer, settings, self._parts.config, self), stopped)
        finally:
            stopped.cancel()
            opening.cancel()
            await asyncio.gather(stopped, opening, return_exceptions=True)

    async def _serve(self, session: SmppSession, stopped: asyncio.Task[bool]) -> None:
        serving = asyncio.create_task(session.serve())
        try:
            await self._bound(session, serving)
            self._session, self._bound_at = session, asyncio.get_running_loop().time()
            self._parts.states.note(self.account.id, LinkState.CONNECTED)
            await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                await session.close()
            else:
                await serving
        finally:
            self._session = None
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    async def _bound(self, session: SmppSession, serving: asyncio.Task[None]) -> None:
        binding = asyncio.create_task(session.bind())
        await asyncio.wait({binding, serving}, return_when=asyncio.FIRST_COMPLETED)
        if binding.done():
            await binding
            return
        binding.cancel()
        await asyncio.gather(binding, return_exceptions=True)
        await serving

    async def take(self, frame: pdus.Frame) -> int:
        """Implements `Receiver`: store what a deliver_sm brings."""
        try:
            delivered = pdus.read_delivered(frame)
        except pdus.Malformed as error:
            self._parts.states.fail(self.account.id, str(error))
            return pdus.PERMANENT
        try:
            if is_receipt(delivered):
                await self._report(delivered)
            else:
                await self._receive(delivered, frame)
        except PenstockError as error:
            self._parts.states.fail(self.account.id, error.detail)
            return pdus.TEMPORARY
        return pdus.OK

    def responded(self, frame: pdus.Frame, *, written: bool) -> None:
        """Implements `Receiver`: remember a stored message whose response was not written, as it will be delivered again."""
        assigned = self._assigned.pop(frame.sequence, None)
        if assigned is not None and not written:
            if len(self._unconfirmed) >= MAX_UNCONFIRMED:
                self._unconfirmed.pop(next(iter(self._unconfirmed)))
            self._unconfirmed[assigned[0]] = assigned[1]

    async def _report(self, delivered: pdus.Delivered) -> None:
        report = read_receipt(delivered, self._parts.clock.now_us(), self.settings.receipt_ids)
        if report is None:
            self._parts.states.fail(self.account.id, "a delivery receipt without an id or a state")
            return
        await self._parts.intake.reported(self.account, report)

    async def _receive(self, delivered: pdus.Delivered, frame: pdus.Frame) -> None:
        received = read_text(delivered, self._alphabet)
        if received.header is None:
            await self._store(received, whole(received.text), self._provider_id(delivered, frame))
            return
        found = await self._parts.long_texts.take(
            self.account, received.sender, received.recipient, received.header, received.text
        )
        if found is not None:
            await self._store(received, found.text, f"text-{found.number}")
            await self._parts.long_texts.finish(self.account, found)

    async def _store(self, received: Received, text: str, provider_id: str) -> None:
        sms = IncomingSms(
            provider_id=provider_id,
            sender=received.sender,
            recipient=received.recipient,
            text=text,
            received_us=self._parts.clock.now_us(),
        )
        if await self._parts.intake.received(self.account, sms) is None:
            self._parts.states.fail(self.account.id, "an SMS for a number that is none of the account's")

    def _provider_id(self, delivered: pdus.Delivered, frame: pdus.Frame) -> str:
        """The id of a received message. SMPP has none, unless the message centre adds it as an optional parameter.

        A message that was stored, but whose response could not be written, has the id that it was stored with.
        """
        given = delivered.options.get(pdus.RECEIPTED_ID, b"").split(b"\0", 1)[0][:64]
        if given:
            return given.decode("latin-1")
        body = frame.content[pdus.HEADER_BYTES :]
        provider_id = self._unconfirmed.pop(body, None) or secrets.token_hex(16)
        self._assigned[frame.sequence] = (body, provider_id)
        return provider_id


def _refusal(answer: Answer, at: str, before: int) -> PenstockError:
    reason = f"{at}{pdus.status_text(answer.status)}"
    if before:
        return OutcomeUnknown(reason=f"{reason}; the parts before it were accepted")
    return Unavailable(reason=reason) if answer.status in pdus.LATER else SmsRefused(reason=reason)


def _reason_of(error: Lost | CallFailed | TargetRefused) -> str:
    if isinstance(error, TargetRefused):
        return f"{error.facts['reason']}; the operator can allow it with outbound.allowed_targets"
    return str(error.facts["reason"]) if isinstance(error, CallFailed) else str(error)


def settings_of(opened: OpenAccount) -> SmppSettings:
    """The settings of an account of this kind."""
    assert isinstance(opened.settings, SmppSettings)
    return opened.settings
