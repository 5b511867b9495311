"""The way out to addresses that others gave us, put together once: the same guard, names and connections for all who call."""

from __future__ import annotations

import msgspec

from penstock.adapters.outbound.on_demand import HttpOnDemand
from penstock.adapters.outbound.resolver import SystemResolver
from penstock.adapters.outbound.streams import GuardedStreams
from penstock.core.outbound.targets import TargetPolicy
from penstock.settings import Settings


class Outbound(msgspec.Struct, kw_only=True):
    """What judges an address, and what connects to one: `http` for calls, `streams` for connections that stay open."""

    policy: TargetPolicy
    resolver: SystemResolver
    http: HttpOnDemand
    streams: GuardedStreams

    async def aclose(self) -> None:
        """Close every connection, and let the threads go that look up names."""
        await self.http.aclose()
        self.resolver.close()


def build_outbound(settings: Settings) -> Outbound:
    """Nothing connected yet."""
    policy, resolver = TargetPolicy(settings.outbound), SystemResolver()
    return Outbound(
        policy=policy,
        resolver=resolver,
        http=HttpOnDemand(settings.outbound, policy, resolver),
        streams=GuardedStreams(settings.outbound, policy, resolver),
    )
