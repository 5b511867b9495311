"""The outgoing HTTP client, made at its first call.

Importing its library takes 15 ms and loading the system's certificates 20 ms or more, which would delay every server's start,
also of those that never call anyone.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from penstock.adapters.outbound.resolver import Resolver
from penstock.core.outbound.config import OutboundConfig
from penstock.core.outbound.ports import CallAnswer, OutgoingCall
from penstock.core.outbound.targets import TargetPolicy

if TYPE_CHECKING:
    from penstock.adapters.outbound.client import GuardedHttp


class HttpOnDemand:
    """Implements `OutgoingHttp`."""

    def __init__(self, config: OutboundConfig, policy: TargetPolicy, resolver: Resolver) -> None:
        self._config = config
        self._policy = policy
        self._resolver = resolver
        # A file of certificates that cannot be read is an error of the settings, which belongs to the start.
        if config.ca_file:
            _ = self.client

    @cached_property
    def client(self) -> GuardedHttp:
        """The client itself, made when it is first asked for."""
        from penstock.adapters.outbound.client import GuardedHttp

        return GuardedHttp(self._config, self._policy, self._resolver)

    async def send(self, call: OutgoingCall) -> CallAnswer:
        return await self.client.send(call)

    async def aclose(self) -> None:
        """Close every connection."""
        if "client" in self.__dict__:  # where a cached property is kept
            await self.client.aclose()
