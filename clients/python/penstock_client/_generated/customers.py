"""`client.customers`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Customers(Resource):
    """The customers and residents an organisation measures for, and devices that report before they are registered."""

    def add_resident(
        self, customer_id: str, *, name: str, email: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Resident:
        """Add a resident to a customer.

        Requires the scope `customers:write`.

        `customer_id`: A customer's id (`cus_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/customers/{quoted(customer_id)}/residents",
            body=present({"name": name, "email": email}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Resident = self._call(request)
        return answer

    def create(
        self,
        *,
        name: str,
        admin_email: str,
        tenant_name: str,
        timezone: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Customer:
        """Create a customer.

        Uplinks that name its tenant are routed to it.

        Requires the scope `customers:write`.
        """
        request = Request(
            "POST",
            "/api/v2/customers",
            body=present({"name": name, "admin_email": admin_email, "tenant_name": tenant_name, "timezone": timezone}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Customer = self._call(request)
        return answer

    def delete(self, customer_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a customer.

        Its residents are deleted with it. Its devices are kept, without a placement.

        Requires the scope `customers:write`.

        `customer_id`: A customer's id (`cus_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/customers/{quoted(customer_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def delete_resident(self, customer_id: str, resident_id: str, *, request_timeout: float | None = None) -> None:
        """Delete a resident.

        Their devices stay assigned to the customer.

        Requires the scope `customers:write`.

        `customer_id`: A customer's id (`cus_…`). `resident_id`: A resident's id (`res_…`).
        """
        request = Request(
            "DELETE", f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}", timeout_s=request_timeout
        )
        self._call(request)

    def get(self, customer_id: str, *, request_timeout: float | None = None) -> schemas.Customer:
        """Get a customer.

        Requires the scope `customers:read`.

        `customer_id`: A customer's id (`cus_…`).
        """
        request = Request("GET", f"/api/v2/customers/{quoted(customer_id)}", timeout_s=request_timeout)
        answer: schemas.Customer = self._call(request)
        return answer

    def invite_manager(
        self, customer_id: str, *, email: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Invitation:
        """Invite someone to manage a customer.

        Sends a mail. A manager who accepts sees this customer, its residents, devices, consumption, alarms and
        invoices, and nothing else. Inviting therefore also requires `customers:read`, `devices:read`, `telemetry:read`
        and `billing:read`.

        Requires the scope `customers:write`.

        `customer_id`: A customer's id (`cus_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/customers/{quoted(customer_id)}/managers/invitation",
            body=present({"email": email}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invitation = self._call(request)
        return answer

    def invite_resident(
        self, customer_id: str, resident_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Invitation:
        """Invite a resident to sign in.

        Sends a mail to their address. A resident who accepts can see the latest readings, the history and the
        consumption of the devices assigned to them, and nothing else. Inviting therefore also requires
        `telemetry:read`.

        Requires the scope `customers:write`.

        `customer_id`: A customer's id (`cus_…`). `resident_id`: A resident's id (`res_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}/invitation",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invitation = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Customer]:
        """List customers.

        A page of the list, oldest first unless sorted otherwise.

        Requires the scope `customers:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for.
        """
        request = Request(
            "GET", "/api/v2/customers", query={"limit": limit, "cursor": cursor, "q": q, "sort": sort}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_residents(
        self,
        customer_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Resident]:
        """List the residents of a customer.

        A page of the list, oldest first unless sorted otherwise.

        Requires the scope `customers:read`.

        `customer_id`: A customer's id (`cus_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page. `q`: A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves.
        `sort`: The order; descending with a leading minus sign. A `cursor` continues only the order that it was
        returned for.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/residents",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def register_unregistered_devices(
        self, customer_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.RegisteredDevices:
        """Register the unregistered devices of a customer.

        Registers the devices whose uplinks named the customer's tenant, at most 1,000 per call; `has_more` says that
        others wait. If the plan's limit of devices does not allow all of them, none is registered. Their earlier
        readings are added shortly afterwards.

        Requires the scope `devices:write`.

        `customer_id`: A customer's id (`cus_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/customers/{quoted(customer_id)}/register-unregistered-devices",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.RegisteredDevices = self._call(request)
        return answer

    def update(
        self,
        customer_id: str,
        *,
        name: str | Unset | None = UNSET,
        admin_email: str | Unset | None = UNSET,
        timezone: str | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Customer:
        """Change a customer.

        Requires the scope `customers:write`.

        `customer_id`: A customer's id (`cus_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/customers/{quoted(customer_id)}",
            body=present({"name": name, "admin_email": admin_email, "timezone": timezone}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Customer = self._call(request)
        return answer


class AsyncCustomers(AsyncResource):
    """As `Customers`, for an event loop."""

    async def add_resident(
        self, customer_id: str, *, name: str, email: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Resident:
        """Add a resident to a customer.

        As `Customers.add_resident`.
        """
        request = Request(
            "POST",
            f"/api/v2/customers/{quoted(customer_id)}/residents",
            body=present({"name": name, "email": email}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Resident = await self._call(request)
        return answer

    async def create(
        self,
        *,
        name: str,
        admin_email: str,
        tenant_name: str,
        timezone: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Customer:
        """Create a customer.

        As `Customers.create`.
        """
        request = Request(
            "POST",
            "/api/v2/customers",
            body=present({"name": name, "admin_email": admin_email, "tenant_name": tenant_name, "timezone": timezone}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Customer = await self._call(request)
        return answer

    async def delete(self, customer_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a customer.

        As `Customers.delete`.
        """
        request = Request("DELETE", f"/api/v2/customers/{quoted(customer_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def delete_resident(self, customer_id: str, resident_id: str, *, request_timeout: float | None = None) -> None:
        """Delete a resident.

        As `Customers.delete_resident`.
        """
        request = Request(
            "DELETE", f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}", timeout_s=request_timeout
        )
        await self._call(request)

    async def get(self, customer_id: str, *, request_timeout: float | None = None) -> schemas.Customer:
        """Get a customer.

        As `Customers.get`.
        """
        request = Request("GET", f"/api/v2/customers/{quoted(customer_id)}", timeout_s=request_timeout)
        answer: schemas.Customer = await self._call(request)
        return answer

    async def invite_manager(
        self, customer_id: str, *, email: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Invitation:
        """Invite someone to manage a customer.

        As `Customers.invite_manager`.
        """
        request = Request(
            "POST",
            f"/api/v2/customers/{quoted(customer_id)}/managers/invitation",
            body=present({"email": email}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invitation = await self._call(request)
        return answer

    async def invite_resident(
        self, customer_id: str, resident_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Invitation:
        """Invite a resident to sign in.

        As `Customers.invite_resident`.
        """
        request = Request(
            "POST",
            f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}/invitation",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invitation = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Customer]:
        """List customers.

        As `Customers.list`.
        """
        request = Request(
            "GET", "/api/v2/customers", query={"limit": limit, "cursor": cursor, "q": q, "sort": sort}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_residents(
        self,
        customer_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Resident]:
        """List the residents of a customer.

        As `Customers.list_residents`.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/residents",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def register_unregistered_devices(
        self, customer_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.RegisteredDevices:
        """Register the unregistered devices of a customer.

        As `Customers.register_unregistered_devices`.
        """
        request = Request(
            "POST",
            f"/api/v2/customers/{quoted(customer_id)}/register-unregistered-devices",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.RegisteredDevices = await self._call(request)
        return answer

    async def update(
        self,
        customer_id: str,
        *,
        name: str | Unset | None = UNSET,
        admin_email: str | Unset | None = UNSET,
        timezone: str | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Customer:
        """Change a customer.

        As `Customers.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/customers/{quoted(customer_id)}",
            body=present({"name": name, "admin_email": admin_email, "timezone": timezone}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Customer = await self._call(request)
        return answer
