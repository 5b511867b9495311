"""Finds what a row refers to among what is known; what is not found is noted as a fault. Pure."""

from __future__ import annotations

from typing import TypeVar

from penstock.core.customers.models import Customer, Resident
from penstock.core.devices.models import Device, Identifier
from penstock.core.imports.cells import Cells
from penstock.core.imports.known import Known
from penstock.core.imports.references import device_in, number_in
from penstock.kit.ids import CustomerId, Prefix, ProfileId, ProjectId

P = TypeVar("P", ProfileId, ProjectId)


def find_device(cells: Cells, known: Known) -> Device | None:
    """The device of a row."""
    text = cells.text("device", 64, required=True)
    if text is None:
        return None
    meant = device_in(text)
    if meant is None:
        cells.fail("device", "must be an EUI of 16 hexadecimal digits, or the id of a device")
        return None
    device_id = known.device_with(meant) if isinstance(meant, Identifier) else meant
    device = None if device_id is None else known.device(device_id)
    if device is None:
        cells.fail("device", f"no device is {text}")
    return device


def find_customer(cells: Cells, known: Known) -> Customer | None:
    """The customer of a row, by id, tenant name or name; None if the cell is empty too."""
    text = cells.text("customer", 200)
    if text is None:
        return None
    number = number_in(Prefix.CUSTOMER, text)
    customers = {one.id: one for one in known.customers}.values()
    by_tenant = [one for one in customers if number == one.id or text == one.tenant_name]
    found = by_tenant or [one for one in customers if text == one.name]
    if not found:
        cells.fail("customer", f"no customer is {text}")
    elif len(found) > 1:
        cells.fail("customer", f"several customers are named {text}; use the tenant name or the id")
    return found[0] if len(found) == 1 else None


def find_resident(cells: Cells, known: Known, customer_id: CustomerId | None) -> Resident | None:
    """The resident of a row, by id or e-mail address, of the named customer if there is one; None if the cell is empty too."""
    text = cells.text("resident", 254)
    if text is None:
        return None
    number = number_in(Prefix.RESIDENT, text)
    found = [
        one
        for one in known.residents
        if (one.id == number or one.email.lower() == text.lower()) and customer_id in (None, one.customer_id)
    ]
    if not found:
        cells.fail("resident", f"no resident {'of this customer ' if customer_id else ''}is {text}")
    elif len(found) > 1:
        cells.fail("resident", f"several residents have the address {text}; name the customer, or use the id")
    return found[0] if len(found) == 1 else None


def find_profile(cells: Cells, known: Known) -> ProfileId | None:
    """The profile of a row, by id or name; None if the cell is empty too."""
    text = cells.text("profile", 200)
    if text is None:
        return None
    number = number_in(Prefix.PROFILE, text)
    found = [one.id for one in known.profiles if one.id == number or one.name == text]
    return _only(cells, "profile", text, found)


def find_project(cells: Cells, known: Known) -> ProjectId | None:
    """The project of a row, by id or name; None if the cell is empty too."""
    text = cells.text("project", 200)
    if text is None:
        return None
    number = number_in(Prefix.PROJECT, text)
    found = [one.id for one in known.projects if one.id == number or one.name == text]
    return _only(cells, "project", text, found)


def _only(cells: Cells, column: str, text: str, found: list[P]) -> P | None:
    if not found:
        cells.fail(column, f"no {column} is {text}")
    elif len(found) > 1:
        cells.fail(column, f"several {column}s are named {text}; use the id")
    return found[0] if len(found) == 1 else None
