"""References by id and by name."""

from __future__ import annotations

from penstock.core.devices.models import Identifier, IdentifierKind
from penstock.core.imports.references import device_in, find_identifier, identifiers_in, number_in
from penstock.kit.ids import DeviceId, Prefix, encode
from tests.core.imports.rows import EUI, cells_of, shown


def test_a_device_is_meant_by_its_id_or_eui() -> None:
    assert device_in(encode(Prefix.DEVICE, DeviceId(7))) == 7
    assert device_in("70-B3-D5-7E-D0-06-00-01") == Identifier(kind=IdentifierKind.EUI, value=EUI)
    assert device_in("Flat 1") is None
    assert number_in(Prefix.CUSTOMER, encode(Prefix.DEVICE, DeviceId(7))) is None
    assert find_identifier(IdentifierKind.SERIAL, "") is None


def test_malformed_identifiers_are_faults() -> None:
    cells = cells_of(eui="70b3", mac="02:5a:9e:11:20:7c", serial="S" * 201, external="k")
    assert list(identifiers_in(cells)) == ["mac", "external"]
    assert shown(cells) == ["eui", "serial"]
