"""Tariffs over the native API."""

from __future__ import annotations

from datetime import date
from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.not_found import MAX_SHOWN
from penstock.api.shared.routes import Routes
from penstock.api.v2.decimals import parse_day
from penstock.api.v2.tariffs import wire
from penstock.api.v2.tariffs.examples import ASSIGNMENTS, TARIFF, TARIFF_PATH, VERSION_WRITE
from penstock.api.v2.tariffs.translate import (
    from_core_assignments,
    from_core_tariff,
    to_core_assignments,
    to_core_prices,
)
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf, OldestFirst
from penstock.core.tariffs.errors import TariffVersionNotFound
from penstock.core.tariffs.service import TariffService
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CustomerId, Prefix, ResidentId, TariffId
from penstock.kit.operation import Example

READ, WRITE = "billing:read", "billing:write"
CUSTOMER_PATH = {"customer_id": "cus_0c2k9fq7w3c5d"}
RESIDENT_PATH = CUSTOMER_PATH | {"resident_id": "res_0c2k9fq7w3r8d"}
ASSIGN = {"tariffs": [{"tariff_id": "tar_0c2k9fq7w3t5f", "from": "2026-01-01"}]}


class TariffEndpoints:
    """Manage tariffs, and assign them to customers and residents."""

    routes = Routes("/api/v2/tariffs", surface="v2", tag="Tariffs")
    routes_of_customers = Routes("/api/v2/customers", surface="v2", tag="Tariffs")

    def __init__(self, tariffs: TariffService) -> None:
        self._tariffs = tariffs

    @routes.get(scope=READ, example=Example(answer={"data": [TARIFF], "next_cursor": None}))
    async def list_tariffs(self, call: Call[OldestFirst, None]) -> ListOf[wire.Tariff]:
        """List tariffs."""
        page = await self._tariffs.list(call.actor, call.query.limit, call.query.cursor, view_of(call.query))
        return ListOf([from_core_tariff(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        status=201,
        example=Example(body={"name": "Household water", "currency": "EUR", **VERSION_WRITE}, answer=TARIFF),
    )
    async def create(self, call: Call[None, wire.TariffCreate]) -> wire.Tariff:
        """Create a tariff.

        Units of volumes are m3, L, hL, kL, ft3, CCF, gal and kgal, those of energies kWh, Wh, MWh, MJ and GJ.
        """
        body = call.body
        return from_core_tariff(await self._tariffs.create(call.actor, body.name, body.currency, to_core_prices(body)))

    @routes.get("/{tariff_id}", scope=READ, example=Example(path=TARIFF_PATH, answer=TARIFF))
    async def get(self, call: Call[None, None]) -> wire.Tariff:
        """Get a tariff."""
        return from_core_tariff(await self._tariffs.get(call.actor, _tariff_id(call)))

    @routes.patch("/{tariff_id}", scope=WRITE, example=Example(path=TARIFF_PATH, body={"name": "Household water"}, answer=TARIFF))
    async def rename(self, call: Call[None, wire.TariffPatch]) -> wire.Tariff:
        """Change the name of a tariff."""
        return from_core_tariff(await self._tariffs.rename(call.actor, _tariff_id(call), call.body.name))

    @routes.delete("/{tariff_id}", scope=WRITE, status=204, example=Example(path=TARIFF_PATH), refuses=(409,))
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a tariff that is not assigned."""
        await self._tariffs.delete(call.actor, _tariff_id(call))

    @routes.post(
        "/{tariff_id}/versions",
        scope=WRITE,
        status=201,
        example=Example(path=TARIFF_PATH, body=VERSION_WRITE, answer=TARIFF),
        refuses=(409,),
    )
    async def add_version(self, call: Call[None, wire.VersionCreate]) -> wire.Tariff:
        """Change prices from a day on.

        Invoices that were issued are unchanged. A period in which prices change is divided at that day.
        """
        return from_core_tariff(await self._tariffs.add_version(call.actor, _tariff_id(call), to_core_prices(call.body)))

    @routes.delete(
        "/{tariff_id}/versions/{first_day}",
        scope=WRITE,
        status=200,
        example=Example(path=TARIFF_PATH | {"first_day": "2026-01-01"}, answer=TARIFF),
        refuses=(409,),
    )
    async def delete_version(self, call: Call[None, None]) -> wire.Tariff:
        """Delete the version that begins on a day.

        The one before it holds on its days then.
        """
        return from_core_tariff(await self._tariffs.delete_version(call.actor, _tariff_id(call), _first_day(call)))

    @routes_of_customers.get("/{customer_id}/tariffs", scope=READ, example=Example(path=CUSTOMER_PATH, answer=ASSIGNMENTS))
    async def of_customer(self, call: Call[None, None]) -> wire.Assignments:
        """List the tariffs of a customer."""
        return from_core_assignments(await self._tariffs.assignments(call.actor, _customer_id(call), None))

    @routes_of_customers.put(
        "/{customer_id}/tariffs", scope=WRITE, example=Example(path=CUSTOMER_PATH, body=ASSIGN, answer=ASSIGNMENTS)
    )
    async def assign_to_customer(self, call: Call[None, wire.AssignmentsWrite]) -> wire.Assignments:
        """Set the tariffs of a customer.

        Residents without a tariff of their own have these.
        """
        customer_id = _customer_id(call)
        assignments = to_core_assignments(call.body, customer_id, None)
        return from_core_assignments(await self._tariffs.assign(call.actor, customer_id, None, assignments))

    @routes_of_customers.get(
        "/{customer_id}/residents/{resident_id}/tariffs",
        scope=READ,
        example=Example(path=RESIDENT_PATH, answer=ASSIGNMENTS),
    )
    async def of_resident(self, call: Call[None, None]) -> wire.Assignments:
        """List the tariffs of a resident's own."""
        found = await self._tariffs.assignments(call.actor, _customer_id(call), _resident_id(call))
        return from_core_assignments(found)

    @routes_of_customers.put(
        "/{customer_id}/residents/{resident_id}/tariffs",
        scope=WRITE,
        example=Example(path=RESIDENT_PATH, body=ASSIGN, answer=ASSIGNMENTS),
    )
    async def assign_to_resident(self, call: Call[None, wire.AssignmentsWrite]) -> wire.Assignments:
        """Set the tariffs of a resident's own."""
        customer_id, resident_id = _customer_id(call), _resident_id(call)
        assignments = to_core_assignments(call.body, customer_id, resident_id)
        return from_core_assignments(await self._tariffs.assign(call.actor, customer_id, resident_id, assignments))


def _tariff_id(call: Call[Any, Any]) -> TariffId:
    return path_id(Prefix.TARIFF, call.path["tariff_id"])


def _first_day(call: Call[Any, Any]) -> date:
    text = call.path["first_day"]
    try:
        return parse_day(text, "first_day")
    except InvalidInput:
        # As with ids: a text that cannot name anything is answered like one that names nothing.
        raise TariffVersionNotFound(begin=text[:MAX_SHOWN]) from None


def _customer_id(call: Call[Any, Any]) -> CustomerId:
    return path_id(Prefix.CUSTOMER, call.path["customer_id"])


def _resident_id(call: Call[Any, Any]) -> ResidentId:
    return path_id(Prefix.RESIDENT, call.path["resident_id"])
