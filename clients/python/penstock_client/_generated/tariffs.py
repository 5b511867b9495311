"""`client.tariffs`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Tariffs(Resource):
    """Prices of consumption with the days on which they hold, assigned to customers and residents."""

    def add_version(
        self,
        tariff_id: str,
        *,
        from_: str,
        to: str | Unset | None = UNSET,
        items: Sequence[schemas.ItemWrite] | Unset = UNSET,
        standing: Sequence[schemas.ChargeWrite] | Unset = UNSET,
        minimum: schemas.ChargeWrite | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Tariff:
        """Change prices from a day on.

        Invoices that were issued are unchanged. A period in which prices change is divided at that day.

        Requires the scope `billing:write`.

        `tariff_id`: A tariff's id (`tar_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/tariffs/{quoted(tariff_id)}/versions",
            body=present({"from": from_, "to": to, "items": items, "standing": standing, "minimum": minimum}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Tariff = self._call(request)
        return answer

    def create(
        self,
        *,
        name: str,
        currency: str,
        from_: str,
        to: str | Unset | None = UNSET,
        items: Sequence[schemas.ItemWrite] | Unset = UNSET,
        standing: Sequence[schemas.ChargeWrite] | Unset = UNSET,
        minimum: schemas.ChargeWrite | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Tariff:
        """Create a tariff.

        Units of volumes are m3, L, hL, kL, ft3, CCF, gal and kgal, those of energies kWh, Wh, MWh, MJ and GJ.

        Requires the scope `billing:write`.
        """
        request = Request(
            "POST",
            "/api/v2/tariffs",
            body=present(
                {
                    "name": name,
                    "currency": currency,
                    "from": from_,
                    "to": to,
                    "items": items,
                    "standing": standing,
                    "minimum": minimum,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Tariff = self._call(request)
        return answer

    def delete(self, tariff_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a tariff that is not assigned.

        Requires the scope `billing:write`.

        `tariff_id`: A tariff's id (`tar_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/tariffs/{quoted(tariff_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def delete_version(self, tariff_id: str, first_day: str, *, request_timeout: float | None = None) -> schemas.Tariff:
        """Delete the version that begins on a day.

        The one before it holds on its days then.

        Requires the scope `billing:write`.

        `tariff_id`: A tariff's id (`tar_…`). `first_day`: The day on which the version begins, such as `2026-01-01`.
        """
        request = Request(
            "DELETE", f"/api/v2/tariffs/{quoted(tariff_id)}/versions/{quoted(first_day)}", timeout_s=request_timeout
        )
        answer: schemas.Tariff = self._call(request)
        return answer

    def get(self, tariff_id: str, *, request_timeout: float | None = None) -> schemas.Tariff:
        """Get a tariff.

        Requires the scope `billing:read`.

        `tariff_id`: A tariff's id (`tar_…`).
        """
        request = Request("GET", f"/api/v2/tariffs/{quoted(tariff_id)}", timeout_s=request_timeout)
        answer: schemas.Tariff = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Tariff]:
        """List tariffs.

        A page of the list, oldest first unless sorted otherwise.

        Requires the scope `billing:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for.
        """
        request = Request(
            "GET", "/api/v2/tariffs", query={"limit": limit, "cursor": cursor, "q": q, "sort": sort}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_of_customer(self, customer_id: str, *, request_timeout: float | None = None) -> schemas.Assignments:
        """List the tariffs of a customer.

        Requires the scope `billing:read`.

        `customer_id`: A customer's id (`cus_…`).
        """
        request = Request("GET", f"/api/v2/customers/{quoted(customer_id)}/tariffs", timeout_s=request_timeout)
        answer: schemas.Assignments = self._call(request)
        return answer

    def list_of_resident(
        self, customer_id: str, resident_id: str, *, request_timeout: float | None = None
    ) -> schemas.Assignments:
        """List the tariffs of a resident's own.

        Requires the scope `billing:read`.

        `customer_id`: A customer's id (`cus_…`). `resident_id`: A resident's id (`res_…`).
        """
        request = Request(
            "GET", f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}/tariffs", timeout_s=request_timeout
        )
        answer: schemas.Assignments = self._call(request)
        return answer

    def set_of_customer(
        self,
        customer_id: str,
        *,
        tariffs: Sequence[schemas.AssignmentWrite],
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Assignments:
        """Set the tariffs of a customer.

        Residents without a tariff of their own have these.

        Requires the scope `billing:write`.

        `customer_id`: A customer's id (`cus_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/customers/{quoted(customer_id)}/tariffs",
            body=present({"tariffs": tariffs}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Assignments = self._call(request)
        return answer

    def set_of_resident(
        self,
        customer_id: str,
        resident_id: str,
        *,
        tariffs: Sequence[schemas.AssignmentWrite],
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Assignments:
        """Set the tariffs of a resident's own.

        Requires the scope `billing:write`.

        `customer_id`: A customer's id (`cus_…`). `resident_id`: A resident's id (`res_…`). `if_match`: the version to
        change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}/tariffs",
            body=present({"tariffs": tariffs}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Assignments = self._call(request)
        return answer

    def update(
        self, tariff_id: str, *, name: str, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Tariff:
        """Change the name of a tariff.

        Requires the scope `billing:write`.

        `tariff_id`: A tariff's id (`tar_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/tariffs/{quoted(tariff_id)}",
            body=present({"name": name}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Tariff = self._call(request)
        return answer


class AsyncTariffs(AsyncResource):
    """As `Tariffs`, for an event loop."""

    async def add_version(
        self,
        tariff_id: str,
        *,
        from_: str,
        to: str | Unset | None = UNSET,
        items: Sequence[schemas.ItemWrite] | Unset = UNSET,
        standing: Sequence[schemas.ChargeWrite] | Unset = UNSET,
        minimum: schemas.ChargeWrite | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Tariff:
        """Change prices from a day on.

        As `Tariffs.add_version`.
        """
        request = Request(
            "POST",
            f"/api/v2/tariffs/{quoted(tariff_id)}/versions",
            body=present({"from": from_, "to": to, "items": items, "standing": standing, "minimum": minimum}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Tariff = await self._call(request)
        return answer

    async def create(
        self,
        *,
        name: str,
        currency: str,
        from_: str,
        to: str | Unset | None = UNSET,
        items: Sequence[schemas.ItemWrite] | Unset = UNSET,
        standing: Sequence[schemas.ChargeWrite] | Unset = UNSET,
        minimum: schemas.ChargeWrite | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Tariff:
        """Create a tariff.

        As `Tariffs.create`.
        """
        request = Request(
            "POST",
            "/api/v2/tariffs",
            body=present(
                {
                    "name": name,
                    "currency": currency,
                    "from": from_,
                    "to": to,
                    "items": items,
                    "standing": standing,
                    "minimum": minimum,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Tariff = await self._call(request)
        return answer

    async def delete(self, tariff_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a tariff that is not assigned.

        As `Tariffs.delete`.
        """
        request = Request("DELETE", f"/api/v2/tariffs/{quoted(tariff_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def delete_version(self, tariff_id: str, first_day: str, *, request_timeout: float | None = None) -> schemas.Tariff:
        """Delete the version that begins on a day.

        As `Tariffs.delete_version`.
        """
        request = Request(
            "DELETE", f"/api/v2/tariffs/{quoted(tariff_id)}/versions/{quoted(first_day)}", timeout_s=request_timeout
        )
        answer: schemas.Tariff = await self._call(request)
        return answer

    async def get(self, tariff_id: str, *, request_timeout: float | None = None) -> schemas.Tariff:
        """Get a tariff.

        As `Tariffs.get`.
        """
        request = Request("GET", f"/api/v2/tariffs/{quoted(tariff_id)}", timeout_s=request_timeout)
        answer: schemas.Tariff = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Tariff]:
        """List tariffs.

        As `Tariffs.list`.
        """
        request = Request(
            "GET", "/api/v2/tariffs", query={"limit": limit, "cursor": cursor, "q": q, "sort": sort}, timeout_s=request_timeout
        )
        return self._list(request)

    async def list_of_customer(self, customer_id: str, *, request_timeout: float | None = None) -> schemas.Assignments:
        """List the tariffs of a customer.

        As `Tariffs.list_of_customer`.
        """
        request = Request("GET", f"/api/v2/customers/{quoted(customer_id)}/tariffs", timeout_s=request_timeout)
        answer: schemas.Assignments = await self._call(request)
        return answer

    async def list_of_resident(
        self, customer_id: str, resident_id: str, *, request_timeout: float | None = None
    ) -> schemas.Assignments:
        """List the tariffs of a resident's own.

        As `Tariffs.list_of_resident`.
        """
        request = Request(
            "GET", f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}/tariffs", timeout_s=request_timeout
        )
        answer: schemas.Assignments = await self._call(request)
        return answer

    async def set_of_customer(
        self,
        customer_id: str,
        *,
        tariffs: Sequence[schemas.AssignmentWrite],
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Assignments:
        """Set the tariffs of a customer.

        As `Tariffs.set_of_customer`.
        """
        request = Request(
            "PUT",
            f"/api/v2/customers/{quoted(customer_id)}/tariffs",
            body=present({"tariffs": tariffs}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Assignments = await self._call(request)
        return answer

    async def set_of_resident(
        self,
        customer_id: str,
        resident_id: str,
        *,
        tariffs: Sequence[schemas.AssignmentWrite],
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Assignments:
        """Set the tariffs of a resident's own.

        As `Tariffs.set_of_resident`.
        """
        request = Request(
            "PUT",
            f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}/tariffs",
            body=present({"tariffs": tariffs}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Assignments = await self._call(request)
        return answer

    async def update(
        self, tariff_id: str, *, name: str, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Tariff:
        """Change the name of a tariff.

        As `Tariffs.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/tariffs/{quoted(tariff_id)}",
            body=present({"name": name}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Tariff = await self._call(request)
        return answer
