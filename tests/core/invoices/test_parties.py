"""Sellers and buyers whose fields do not have their form."""

from __future__ import annotations

import pytest

from penstock.core.invoices.models import Party
from penstock.core.invoices.parties import check_party
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("country", "de"),
        ("country", "D"),
        ("country", "ZZ"),
        ("iban", "DE89370400440532013001"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("bic", "COBADEFFX"),
        ("email", "nobody"),
    ],
)
def test_the_field_is_named(field: str, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_party(Party(**{field: wrong}))
    assert [one.field for one in refused.value.errors] == [field]


@pytest.mark.parametrize("iban", ["DE89370400440532013000", "GB82WEST12345698765432", "MT84MALT011000012345MTLCAST001S"])
def test_valid_parties(iban: str) -> None:
    check_party(Party(country="DE", iban=iban, bic="COBADEFFXXX", email="a@example.org"))
    check_party(Party())
