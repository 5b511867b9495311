"""Limits on the time, bytes and connections of an HTTP client, and the server's TLS."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from penstock.kit.bounds import Count, LongText, Seconds, ShortText, WholeSecondsFromZero


class TlsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server's own TLS; without a certificate it serves plain HTTP."""

    certificate: LongText = ""
    """File with the certificate, followed by the chain up to one that clients trust (PEM)."""

    key: LongText = ""
    """File with the certificate's private key, without a password (PEM)."""

    min_version: Literal["1.2", "1.3"] = "1.2"
    """The oldest supported version."""

    hsts_s: WholeSecondsFromZero = 31_536_000
    """Seconds for which browsers must use only TLS for this host (Strict-Transport-Security); 0 sends no such header."""

    @property
    def on(self) -> bool:
        return bool(self.certificate)


class FrontDoorConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits on a client's cost before, during and after its requests.

    Units: seconds, bytes and bytes per second, as in the names. A sweep about once a second enforces deadlines (four times
    within the shortest deadline, if that is more often), so a deadline can take effect up to two sweeps late.
    """

    header_timeout_s: Seconds = 10
    """From the first byte of a request to the end of its header; also from accepting a connection to its first byte."""

    body_timeout_s: Seconds = 30
    """From the end of the header to the end of the body, unless the body keeps `body_min_rate_bytes_s`."""

    body_min_rate_bytes_s: Annotated[float, msgspec.Meta(ge=1, le=1_000_000_000)] = 1000
    """A body may take longer than `body_timeout_s` while its average rate since the start is at least this."""

    keep_alive_timeout_s: Seconds = 15
    """From the end of a response to the first byte of the next request."""

    write_stall_timeout_s: Seconds = 30
    """A client must read pending bytes at `body_min_rate_bytes_s`, averaged over this time, or it is disconnected."""

    max_header_bytes: Annotated[int, msgspec.Meta(ge=1_024, le=1_048_576)] = 32_768
    """Request line and header together; also all chunk framing and trailers of one body beyond the plain minimum."""

    max_connections: Count = 5000
    """Connections open at once, WebSockets included."""

    max_idle_per_address: Count = 64
    """Connections of one address without a response below 400. An IPv6 address counts as its /64 network."""

    trusted_proxies: tuple[ShortText, ...] = ()
    """Networks of proxies. Each carries many clients over few connections, so `max_idle_per_address` does not apply to them."""

    tls: TlsConfig = TlsConfig()
