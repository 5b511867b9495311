"""Ids as UUIDs and back."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.kit.ids import MAX_ID, CustomerId, Prefix
from penstock.kit.uuids import from_uuid, to_uuid


@given(st.integers(0, MAX_ID))
def test_a_uuid_is_the_id_that_it_was_made_of(number: int) -> None:
    text = to_uuid(Prefix.CUSTOMER, CustomerId(number))
    assert (uuid.UUID(text).version, uuid.UUID(text).variant) == (8, uuid.RFC_4122)
    assert from_uuid(Prefix.CUSTOMER, text) == from_uuid(Prefix.CUSTOMER, text.upper()) == number


@given(st.integers(1, MAX_ID))
def test_a_uuid_of_another_kind_is_nobodys(number: int) -> None:
    assert from_uuid(Prefix.RESIDENT, to_uuid(Prefix.CUSTOMER, CustomerId(number))) == 0


@given(st.uuids(version=4))
def test_a_uuid_of_somebody_else_is_nobodys(foreign: uuid.UUID) -> None:
    assert from_uuid(Prefix.CUSTOMER, str(foreign)) == 0


@pytest.mark.parametrize("text", ["", "customer", "{}", "cus_0c2k9fq7w3m1x"])
def test_what_is_no_uuid_is_nobodys(text: str) -> None:
    assert from_uuid(Prefix.CUSTOMER, text) == 0
