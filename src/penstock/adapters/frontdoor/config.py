"""What a client of the front door may take: time, bytes and connections; and how it is spoken to."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from penstock.kit.bounds import Count, Positive


class TlsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server's own TLS; without a certificate it speaks plain HTTP."""

    certificate: str = ""
    """File with the certificate, and behind it the chain up to one that clients know (PEM)."""

    key: str = ""
    """File with the certificate's private key, without a password (PEM)."""

    min_version: Literal["1.2", "1.3"] = "1.2"
    """The oldest version spoken."""

    hsts_s: Annotated[int, msgspec.Meta(ge=0)] = 31_536_000
    """Seconds for which browsers shall use nothing but TLS to this host (Strict-Transport-Security); 0 asks for nothing."""

    @property
    def on(self) -> bool:
        return bool(self.certificate)


class FrontDoorConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits on what a client may cost before, while and after it is served.

    Units: seconds, bytes and bytes per second, as the names say. A deadline is enforced by a sweep about once a second
    (four times within the shortest deadline, if that is sooner), so a client may see it up to two sweeps late.
    """

    header_timeout_s: Positive = 10
    """From the first byte of a request to the end of its header; also from accepting a connection to its first byte."""

    body_timeout_s: Positive = 30
    """From the end of the header to the end of the body, unless the body keeps `body_min_rate_bytes_s`."""

    body_min_rate_bytes_s: Positive = 1000
    """A body may outlast `body_timeout_s` while it has averaged at least this since its start."""

    keep_alive_timeout_s: Positive = 15
    """From the end of a response to the first byte of the next request."""

    write_stall_timeout_s: Positive = 30
    """A client that leaves our bytes waiting must take `body_min_rate_bytes_s` averaged over this long, or is cut."""

    max_header_bytes: Annotated[int, msgspec.Meta(ge=1024)] = 32_768
    """Request line and header together; also all chunk framing and trailers of one body beyond the plain minimum."""

    max_connections: Count = 5000
    """Connections open at once, WebSockets included."""

    max_idle_per_address: Count = 64
    """Connections of one address that were never answered below 400. An IPv6 address counts as its /64 network."""

    trusted_proxies: tuple[Annotated[str, msgspec.Meta(max_length=64)], ...] = ()
    """Networks of proxies. Each carries many clients over few connections, so `max_idle_per_address` is not for them."""

    tls: TlsConfig = TlsConfig()
