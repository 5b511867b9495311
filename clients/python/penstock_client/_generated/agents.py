"""`client.agents`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Agents(Resource):
    """penstock-agent on a device: pair codes, the paired agent, and unpairing."""

    def confirm(self, *, token: str, request_timeout: float | None = None) -> None:
        """Confirm that an agent has stored its token.

        Called by `penstock-agent provision`; the token is the only credential. The pair code is used then. Can be
        repeated.
        """
        request = Request("POST", "/api/v2/agents/confirm", body=present({"token": token}), timeout_s=request_timeout)
        self._call(request)

    def create_pair_code(
        self, device_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.PairCode:
        """Create a pair code for a device.

        The code is returned once. It replaces any earlier code. The paired agent stays paired until the new code is
        used.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request(
            "POST", f"/api/v2/devices/{quoted(device_id)}/pair-code", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.PairCode = self._call(request)
        return answer

    def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Pairing:
        """Get the agent that is paired with a device.

        Requires the scope `devices:read`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/agent", timeout_s=request_timeout)
        answer: schemas.Pairing = self._call(request)
        return answer

    def provision(
        self,
        *,
        pair_code: str,
        macaddress: str | Unset = UNSET,
        agent_version: str | Unset = UNSET,
        agent_id: str | Unset = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.Provisioned:
        """Exchange a pair code for an agent's token.

        Called by `penstock-agent provision`; the code is the only credential. The token is an RS256 JWT bound to the
        device. The new agent replaces the one that was paired before.

        With `agent_id`, the same agent gets the same token again until it confirms that it has stored it, or connects:
        an agent that ends in between can still be paired with its code.
        """
        request = Request(
            "POST",
            "/api/v2/agents/provision",
            body=present(
                {"pair_code": pair_code, "macaddress": macaddress, "agent_version": agent_version, "agent_id": agent_id}
            ),
            timeout_s=request_timeout,
        )
        answer: schemas.Provisioned = self._call(request)
        return answer

    def unpair(self, device_id: str, *, request_timeout: float | None = None) -> None:
        """Unpair a device's agent.

        The agent is disconnected, and its token and any open pair code become invalid. Succeeds also if no agent is
        paired.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request("DELETE", f"/api/v2/devices/{quoted(device_id)}/agent", timeout_s=request_timeout)
        self._call(request)


class AsyncAgents(AsyncResource):
    """As `Agents`, for an event loop."""

    async def confirm(self, *, token: str, request_timeout: float | None = None) -> None:
        """Confirm that an agent has stored its token.

        As `Agents.confirm`.
        """
        request = Request("POST", "/api/v2/agents/confirm", body=present({"token": token}), timeout_s=request_timeout)
        await self._call(request)

    async def create_pair_code(
        self, device_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.PairCode:
        """Create a pair code for a device.

        As `Agents.create_pair_code`.
        """
        request = Request(
            "POST", f"/api/v2/devices/{quoted(device_id)}/pair-code", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.PairCode = await self._call(request)
        return answer

    async def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Pairing:
        """Get the agent that is paired with a device.

        As `Agents.get`.
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/agent", timeout_s=request_timeout)
        answer: schemas.Pairing = await self._call(request)
        return answer

    async def provision(
        self,
        *,
        pair_code: str,
        macaddress: str | Unset = UNSET,
        agent_version: str | Unset = UNSET,
        agent_id: str | Unset = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.Provisioned:
        """Exchange a pair code for an agent's token.

        As `Agents.provision`.
        """
        request = Request(
            "POST",
            "/api/v2/agents/provision",
            body=present(
                {"pair_code": pair_code, "macaddress": macaddress, "agent_version": agent_version, "agent_id": agent_id}
            ),
            timeout_s=request_timeout,
        )
        answer: schemas.Provisioned = await self._call(request)
        return answer

    async def unpair(self, device_id: str, *, request_timeout: float | None = None) -> None:
        """Unpair a device's agent.

        As `Agents.unpair`.
        """
        request = Request("DELETE", f"/api/v2/devices/{quoted(device_id)}/agent", timeout_s=request_timeout)
        await self._call(request)
