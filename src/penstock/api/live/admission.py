"""Admission to a stream: a key with `telemetry:read` in the headers, or a ticket in the URL; never a key in the URL."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from penstock.api.live.errors import KeyInUrl, OriginRefused
from penstock.api.live.filters import StreamQuery
from penstock.api.live.tickets import Reader, Tickets
from penstock.api.shared.admission import named_organizations
from penstock.api.shared.cors import Origins
from penstock.core.actor import Actor
from penstock.core.limits.models import Limit
from penstock.core.limits.policy import CallLimits
from penstock.core.tenancy.admission import Gate, check_organization
from penstock.kit.client import ClientAddress
from penstock.kit.decoding import decode_query, parse_query
from penstock.kit.http import Headers, Scope, credential, header
from penstock.kit.rate_headers import rate_headers

SCOPE = "telemetry:read"
_KEY_FIELDS = {"key", "api_key", "apikey", "token", "access_token", "x-api-key", "authorization"}


class StreamAdmission:
    """Authorises the request of a stream, and returns its reader and query."""

    def __init__(
        self, gate: Gate, clients: ClientAddress, limits: CallLimits, tickets: Tickets, origins: Sequence[str] = ()
    ) -> None:
        """Create the admission. `origins` are the origins of other hosts whose pages can open a WebSocket."""
        self._origins = Origins(origins)
        self._gate = gate
        self._clients = clients
        self._limits = limits
        self._tickets = tickets

    async def admit(self, scope: Scope, limited: Headers) -> tuple[Reader, StreamQuery]:
        """Return the reader of a stream and the query. Headers with the reader's remaining limits are added to `limited`.

        Raises:
            KeyInUrl, InvalidInput, TicketInvalid, and all that `Gate.admit` and `check_organization` raise; ScopeMissing.

        The caller must `use` the reader after its own checks.
        """
        # Rejected even if a valid credential is in a header: the key in the URL is already in a log.
        if any(name.lower() in _KEY_FIELDS for name in parse_query(scope["query_string"])):
            raise KeyInUrl()
        value = credential(scope)
        # A credential in a header takes precedence, so that a ticket is not consumed by a client that does not need it.
        address = self._clients.of(scope)
        if value is None and b"ticket=" in scope["query_string"]:
            query = decode_query(scope["query_string"], StreamQuery)
            reader = await self._tickets.use(query.ticket or "", scope["path"], query, address)
            await self._take(reader.actor, limited)
            reader.actor.require(SCOPE)
            return reader, query
        actor = await self._gate.admit(value, address)
        await self._take(actor, limited)
        # Streams are raw endpoints, so the executor does not apply the surface's rules to them.
        check_organization(actor, named_organizations(scope), required=True)
        actor.require(SCOPE)
        assert value is not None  # `Gate.admit` rejects a missing credential
        return Reader(actor, value, address), decode_query(scope["query_string"], StreamQuery)

    async def _take(self, actor: Actor, limited: Headers) -> None:
        left: list[tuple[Limit, int]] = []
        try:
            await self._limits.take_into(left, actor, "v2", SCOPE)
        finally:
            limited += rate_headers(left)

    def check_origin(self, scope: Scope) -> None:
        """Check the origin of the page that opens a WebSocket: it must be on this host, or allowed.

        Raises:
            OriginRefused: it is neither.
        """
        # Browsers do not apply CORS to WebSockets, so the server checks the origin. Programs send none.
        origin = header(scope, b"origin")
        if origin is None or self._origins.allow(origin):
            return
        try:
            host = urlsplit(origin.decode("latin-1")).netloc.encode("latin-1")
        except ValueError:  # not a URL
            raise OriginRefused() from None
        if host != header(scope, b"host"):
            raise OriginRefused()

    async def use(self, reader: Reader) -> Reader:
        """Let a reader in after all checks: it uses up a single-use key.

        Raises:
            KeyNotActive, AddressNotAllowed: another reader was the first to use the key.
        """
        return Reader(await self._gate.use(reader.actor, reader.address), reader.credential, reader.address)

    async def renewed(self, reader: Reader) -> Reader:
        """The reader with the rights that its credential has now.

        Raises:
            PenstockError: the credential has ended, or must not be used from this address, or lacks the scope of streams.
        """
        actor = await self._gate.admit(reader.credential, reader.address)
        actor.require(SCOPE)
        return Reader(actor, reader.credential, reader.address)
