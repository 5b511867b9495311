"""What a row refers to, and what it refers to in vain."""

from __future__ import annotations

from penstock.core.imports.finding import find_customer, find_device, find_profile, find_project, find_resident
from penstock.core.imports.known import NamedProfile
from penstock.core.tenancy.models import Project
from penstock.kit.ids import CustomerId, Prefix, ProfileId, ProjectId, encode
from tests.core.imports.rows import EUI, cells_of, customer, device, known_of, resident, shown

HOUSES = (customer(1, "north"), customer(2, "south"), customer(3, "House", "Tower"))


def test_a_tenant_name_precedes_a_name() -> None:
    known = known_of(customers=HOUSES)
    for text, number in (("north", 1), ("House", 3), ("Tower", 3), (encode(Prefix.CUSTOMER, CustomerId(2)), 2)):
        found = find_customer(cells_of(customer=text), known)
        assert found is not None
        assert found.id == number
    known = known_of(customers=HOUSES[:2])
    for text in ("House", "nobody"):
        cells = cells_of(customer=text)
        assert (find_customer(cells, known), shown(cells)) == (None, ["customer"])


def test_a_resident_is_one_of_the_named_customer() -> None:
    known = known_of(residents=[resident(1, 1, "E@example.org"), resident(2, 2, "e@example.org")])
    found = find_resident(cells_of(resident="e@Example.org"), known, CustomerId(2))
    assert found is not None
    assert found.id == 2
    for customer_id in (None, CustomerId(3)):
        cells = cells_of(resident="e@example.org")
        assert (find_resident(cells, known, customer_id), shown(cells)) == (None, ["resident"])


def test_devices_profiles_and_projects() -> None:
    project = Project(id=ProjectId(4), name="Harbour", is_default=True, alias="a", created_us=1)
    profiles = [NamedProfile(ProfileId(1), "Meter"), NamedProfile(ProfileId(2), "Twin"), NamedProfile(ProfileId(3), "Twin")]
    known = known_of(device(), projects=[project], profiles=profiles)
    cells = cells_of(device=EUI.upper(), project="Harbour", profile="Meter")
    assert (find_device(cells, known), find_project(cells, known), find_profile(cells, known)) == (device(), 4, 1)
    assert cells.faults == []
    cells = cells_of(device="70b3d57ed0060002", project="harbour", profile="Twin")
    assert (find_device(cells, known), find_project(cells, known), find_profile(cells, known)) == (None, None, None)
    assert shown(cells) == ["device", "project", "profile"]
    for text in ("", "Flat 1"):
        cells = cells_of(device=text)
        assert (find_device(cells, known), shown(cells)) == (None, ["device"])
