"""The ports of SMS accounts."""

from __future__ import annotations

from typing import Protocol

from penstock.core.inboxes.account_models import AccountCheck, OpenAccount


class AccountProber(Protocol):
    """Asks a provider whether an account works."""

    async def probe(self, opened: OpenAccount) -> AccountCheck:
        """Ask the provider, without sending anything. A provider that cannot be reached is an answer too."""
