"""The value of an `Idempotency-Key`. What it does is in tests/api/shared/test_idempotency.py, and for readings in telemetry."""

from __future__ import annotations

import pytest

from penstock.core.idempotency import MAX_KEY_LENGTH, checked_key
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize("key", ["a", "a b", "\u00e9", "k" * MAX_KEY_LENGTH])
def test_a_key_is_any_text_that_a_header_can_have(key: str) -> None:
    assert checked_key(key.encode("latin-1")) == key


@pytest.mark.parametrize("key", [b"", b"k" * (MAX_KEY_LENGTH + 1)])
def test_an_empty_or_long_one_is_an_error_and_not_none(key: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked_key(key)
    assert [error.field for error in refusal.value.errors] == ["Idempotency-Key"]
