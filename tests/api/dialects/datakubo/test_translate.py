"""The residents that a body names, in both forms."""

from __future__ import annotations

from penstock.api.dialects.datakubo.translate import to_core_resident_id
from penstock.kit.ids import CustomerId, Prefix, ResidentId, encode
from penstock.kit.uuids import to_uuid


def test_a_resident_is_named_by_uuid_or_id_or_not_at_all() -> None:
    grace = ResidentId(12345)
    assert to_core_resident_id(None) is None
    assert to_core_resident_id(to_uuid(Prefix.RESIDENT, grace)) == to_core_resident_id(encode(Prefix.RESIDENT, grace)) == grace
    for foreign in ("", "nonsense", encode(Prefix.CUSTOMER, CustomerId(5)), to_uuid(Prefix.CUSTOMER, CustomerId(5))):
        assert to_core_resident_id(foreign) == 0, "a resident that does not exist"
