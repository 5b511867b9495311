"""Builds the guarded client for user-supplied addresses. There is one, so that all callers share its rules and connections."""

from __future__ import annotations

import msgspec

from penstock.adapters.outbound.on_demand import HttpOnDemand
from penstock.adapters.outbound.resolver import SystemResolver
from penstock.adapters.outbound.streams import GuardedStreams
from penstock.core.outbound.targets import TargetPolicy
from penstock.settings import Settings


class Outbound(msgspec.Struct, kw_only=True):
    """The check of addresses, and two clients: `http` for calls, `streams` for connections that stay open."""

    policy: TargetPolicy
    resolver: SystemResolver
    http: HttpOnDemand
    streams: GuardedStreams

    async def aclose(self) -> None:
        """Close every connection, and end the threads that look up names."""
        await self.http.aclose()
        self.resolver.close()


def build_outbound(settings: Settings) -> Outbound:
    """Build the clients. Nothing is connected yet."""
    policy, resolver = TargetPolicy(settings.outbound), SystemResolver()
    return Outbound(
        policy=policy,
        resolver=resolver,
        http=HttpOnDemand(settings.outbound, policy, resolver),
        streams=GuardedStreams(settings.outbound, policy, resolver),
    )
