"""SMS accounts as a server has them: providers for the inboxes, and a loop that keeps connections."""

from __future__ import annotations

from penstock.bootstrap.server import Server
from tests.support.in_process import InProcessServer


def test_the_inboxes_send_through_the_accounts(in_process: InProcessServer) -> None:
    async def look(server: Server) -> None:
        parts = server.parts
        assert parts.sms.accounts.providers.links is parts.sms.links
        assert parts.inboxes.worker._providers is parts.sms.accounts.providers
        assert "sms_links" in parts.sms.part.loops

    in_process.call(look)
