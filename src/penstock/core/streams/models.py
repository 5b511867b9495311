"""Tickets of streams."""

from __future__ import annotations

import msgspec

from penstock.kit.ids import OrgId
from penstock.kit.secret import hides


@hides("credential")
class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket, with the credential of the caller that it was issued to.

    `stream` is the fingerprint of the stream that was opened with it and `opened_from` the address of the client; both are None
    until then.
    """

    org_id: OrgId
    credential: bytes
    expires_us: int
    stream: bytes | None = None
    opened_from: str | None = None
