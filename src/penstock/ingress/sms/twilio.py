"""The calls of Twilio for an SMS account: received SMS, and the states of sent ones.

A call is authenticated by its signature, whose key is the account's auth token. A wrong one and an account that does not exist
are answered alike. A 200 means that the call is committed; Twilio repeats calls that get another answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import parse_qsl

import msgspec
import structlog

from penstock.core.database import SystemDatabase
from penstock.core.inboxes.account_errors import SmsSignatureInvalid
from penstock.core.inboxes.account_models import TwilioSettings
from penstock.core.inboxes.account_store import HasSystemSmsAccounts
from penstock.core.inboxes.accounts import SmsAccountService
from penstock.core.inboxes.callbacks import INBOUND, STATUS
from penstock.core.inboxes.errors import SmsAccountNotFound
from penstock.core.inboxes.models import AccountRef, DeliveryReport, IncomingSms, Status
from penstock.core.inboxes.ports import SmsIntake
from penstock.core.tenancy.admission import Gate
from penstock.ingress.sms.signatures import is_signed
from penstock.kit.client import ClientAddress
from penstock.kit.clock import Clock
from penstock.kit.errors import InternalError, InvalidInput, PenstockError
from penstock.kit.http import BodyBudget, ClientGone, Receive, Scope, Send, header, read_body, send_problem
from penstock.kit.ids import Prefix, SmsAccountId, decode
from penstock.kit.operation import Example, asgi_operation
from penstock.kit.request_id import request_id_of

MAX_BODY_BYTES = 65_536
MAX_FIELDS = 200
MAX_ID = 64
MAX_ADDRESS = 100
SIGNATURE = b"x-twilio-signature"
TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_STATES = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.FAILED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}
_EXAMPLE = Example(path={"account_id": "sma_0c2k9fq7w3h8k"}, answer=TWIML.decode())
_SIGNED = {"X-Twilio-Signature": "Twilio's signature over the URL and the form, with the account's auth token."}
_log = structlog.get_logger()
Fields = Sequence[tuple[str, str]]


class TwilioParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the calls need. `public_url` is the base of the URLs that were set at Twilio, or empty."""

    accounts: SmsAccountService
    database: SystemDatabase[HasSystemSmsAccounts]
    intake: SmsIntake
    gate: Gate
    clients: ClientAddress
    budget: BodyBudget
    clock: Clock
    public_url: str


class TwilioCalls:
    """The two calls."""

    def __init__(self, parts: TwilioParts) -> None:
        self._parts = parts

    @asgi_operation(
        "POST",
        INBOUND,
        surface="system",
        tag="Inboxes",
        scope=None,
        answer=str,
        media_type="text/xml",
        headers=_SIGNED,
        refuses=(400, 403, 413, 503),
        example=_EXAMPLE,
    )
    async def inbound(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Receive an SMS from Twilio.

        Called by Twilio with a form. The answer is an empty TwiML document, and means that the SMS is stored. The same
        MessageSid again is the same SMS. An SMS for a number that is none of the account's is accepted and not stored.
        """
        await self._answer(scope, receive, send, self._receive)

    @asgi_operation(
        "POST",
        STATUS,
        surface="system",
        tag="Inboxes",
        scope=None,
        answer=str,
        media_type="text/xml",
        headers=_SIGNED,
        refuses=(400, 403, 413, 503),
        example=_EXAMPLE,
    )
    async def status(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Receive the state of a sent SMS from Twilio.

        Called by Twilio with a form. States that are older than the stored one, and unknown messages, have no effect.
        """
        await self._answer(scope, receive, send, self._report)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, use: Callable[[AccountRef, dict[str, str]], Awaitable[None]]
    ) -> None:
        request_id = request_id_of(scope)
        try:
            fields = _form(await read_body(scope, receive, MAX_BODY_BYTES, self._parts.budget))
            account = await self._authenticated(scope, fields)
            await use(account, dict(fields))
        except PenstockError as error:
            await send_problem(send, error, request_id)
        except ClientGone:
            return
        except Exception:
            _log.exception("sms_call_failed", request_id=request_id)
            await send_problem(send, InternalError(), request_id)
        else:
            await _send_twiml(send, request_id)

    async def _authenticated(self, scope: Scope, fields: Fields) -> AccountRef:
        """The account in the path, if the call is signed with its token.

        Raises:
            SmsSignatureInvalid, OrganizationSuspended, Unavailable.
        """
        given = header(scope, SIGNATURE)
        account_id = decode(Prefix.SMS_ACCOUNT, scope["path"].split("/")[3])
        if given is None or account_id is None:
            raise SmsSignatureInvalid()
        opened = await self._open(account_id)
        if opened is None:
            raise SmsSignatureInvalid()
        account, settings = opened
        url = self._url(scope)
        sid = dict(fields).get("AccountSid")
        if not is_signed(settings.auth_token or "", url, fields, given.decode("latin-1")) or sid != settings.account_sid:
            raise SmsSignatureInvalid()
        await self._parts.gate.check_running(account.org_id)
        return account

    async def _open(self, account_id: SmsAccountId) -> tuple[AccountRef, TwilioSettings] | None:
        async with self._parts.database.system_snapshot() as tx:
            account = await tx.sms_accounts.find_owner(account_id)
        if account is None:
            return None
        try:
            settings = (await self._parts.accounts.open(account)).settings
        except SmsAccountNotFound:
            return None
        # Without a token, anybody could sign.
        return (account, settings) if isinstance(settings, TwilioSettings) and settings.auth_token else None

    def _url(self, scope: Scope) -> str:
        """The URL that Twilio called: below the one in the settings, else as the client, or a trusted proxy, says."""
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        query: bytes = scope["query_string"]
        target = raw.partition(b"?")[0].decode("latin-1") + (f"?{query.decode('latin-1')}" if query else "")
        if self._parts.public_url:
            return self._parts.public_url.rstrip("/") + target
        client = scope.get("client")
        trusted = client is not None and self._parts.clients.trusts(client[0])
        scheme = (trusted and _first(scope, b"x-forwarded-proto")) or scope.get("scheme", "http")
        host = (trusted and _first(scope, b"x-forwarded-host")) or _first(scope, b"host")
        return f"{scheme}://{host}{target}"

    async def _receive(self, account: AccountRef, fields: dict[str, str]) -> None:
        sms = IncomingSms(
            provider_id=_required(fields, "MessageSid", MAX_ID),
            sender=_required(fields, "From", MAX_ADDRESS),
            recipient=_required(fields, "To", MAX_ADDRESS),
            text=fields.get("Body", ""),
            received_us=self._parts.clock.now_us(),
        )
        await self._parts.intake.received(account, sms)

    async def _report(self, account: AccountRef, fields: dict[str, str]) -> None:
        status = _STATES.get(fields.get("MessageStatus") or fields.get("SmsStatus", ""))
        provider_id = _required(fields, "MessageSid", MAX_ID)
        if status is None:
            return  # a step on the way that is not recorded, such as `queued`
        code = fields.get("ErrorCode", "")[:20]
        error = f"Twilio's error {code}" if status is Status.FAILED and code else ""
        report = DeliveryReport(provider_id=provider_id, status=status, error=error, at_us=self._parts.clock.now_us())
        await self._parts.intake.reported(account, report)


def _form(body: bytes) -> Fields:
    try:
        return parse_qsl(
            body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise InvalidInput.field("", f"the body must be a form in UTF-8 with at most {MAX_FIELDS} fields") from None


def _required(fields: dict[str, str], name: str, limit: int) -> str:
    value = fields.get(name, "")
    if not 1 <= len(value) <= limit or "\0" in value:
        raise InvalidInput.field(name, f"must have 1 to {limit} characters")
    return value


def _first(scope: Scope, name: bytes) -> str:
    value = header(scope, name)
    return "" if value is None else value.split(b",")[0].strip().decode("latin-1")


async def _send_twiml(send: Send, request_id: str) -> None:
    headers = [
        (b"content-type", b"text/xml"),
        (b"content-length", b"%d" % len(TWIML)),
        (b"x-request-id", request_id.encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": TWIML})
