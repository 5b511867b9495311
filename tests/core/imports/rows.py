"""Rows of files, and what is known, for the tests of planning."""

from __future__ import annotations

from typing import Any

from penstock.core.customers.models import Customer, Resident
from penstock.core.devices.models import Device, DeviceStatus, Identifier, IdentifierKind
from penstock.core.imports.cells import Cells
from penstock.core.imports.known import Known
from penstock.core.imports.table import Row
from penstock.kit.ids import CustomerId, DeviceId, OrgId, ProjectId, ResidentId

EUI = "70b3d57ed0060001"
NOW_US = 1_770_000_000_000_000


def cells_of(**cells: str) -> Cells:
    """The cells of row 2; `from_` is the column `from`."""
    return Cells(Row(2, {name.rstrip("_"): cell for name, cell in cells.items()}))


def device(number: int = 1, **about: Any) -> Device:
    fields: dict[str, Any] = {
        "id": DeviceId(number),
        "org_id": OrgId(1),
        "project_id": ProjectId(1),
        "name": f"device {number}",
        "type": "sensor",
        "description": "",
        "status": DeviceStatus.ACTIVE,
        "settings": {},
        "labels": {},
        "location": None,
        "identifiers": [Identifier(kind=IdentifierKind.EUI, value=EUI)],
        "token_prefix": "",
        "last_seen_us": None,
        "created_us": 1,
        "updated_us": 1,
    }
    return Device(**fields | about)


def customer(number: int, tenant: str, name: str = "House", timezone: str = "Europe/Berlin") -> Customer:
    return Customer(
        id=CustomerId(number),
        name=name,
        admin_email="a@example.org",
        tenant_name=tenant,
        created_us=1,
        updated_us=1,
        timezone=timezone,
    )


def resident(number: int, customer_number: int, email: str) -> Resident:
    return Resident(id=ResidentId(number), customer_id=CustomerId(customer_number), name="Erika", email=email, created_us=1)


def known_of(*devices: Device, **about: Any) -> Known:
    holders = {identifier: one.id for one in devices for identifier in one.identifiers}
    return Known(now_us=NOW_US, devices={one.id: one for one in devices}, holders=holders, **about)


def shown(cells: Cells) -> list[str]:
    """The columns of the faults."""
    return [one.column for one in cells.faults]
