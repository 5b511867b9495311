"""The caller's name for a request: with a fingerprint of what is asked for, wherever it is asked."""

from __future__ import annotations

from typing import Any, cast

import pytest

from penstock.api.shared.call import Call
from penstock.api.shared.idempotency import idempotency_of
from penstock.core.idempotency import MAX_KEY_LENGTH, IdempotencyKey
from penstock.kit.errors import InvalidInput


def named(
    key: bytes | None = b"order 1",
    *,
    method: str = "POST",
    path: bytes = b"/a",
    query: bytes = b"",
    media_type: bytes = b"application/json",
    body: bytes = b"{}",
) -> IdempotencyKey | None:
    headers = [(b"content-type", media_type)] + ([] if key is None else [(b"idempotency-key", key)])
    scope = {"type": "http", "method": method, "raw_path": path, "query_string": query, "headers": headers}
    call = Call(actor=cast(Any, None), path={}, query=None, body=None, raw=body, scope=cast(Any, scope))
    return idempotency_of(call)


def test_the_same_request_has_the_same_fingerprint_and_no_other() -> None:
    first = named()
    assert first is not None
    assert first.key == "order 1"
    assert named() == named(media_type=b"Application/JSON; charset=utf-8") == first
    others = (named(method="PUT"), named(path=b"/b"), named(query=b"x=1"), named(media_type=b"text/plain"), named(body=b"{} "))
    for other in others:
        assert other is not None
        assert other.fingerprint != first.fingerprint


def test_no_part_of_a_request_passes_for_the_next() -> None:
    requests = [
        named(path=b"/a", query=b"b"),
        named(path=b"/ab"),
        named(path=b"/a", body=b"b{}"),
        named(path=b"/a\nb", body=b"{}"),
        named(path=b"/a", body=b"b\n{}"),
        named(path=b"/a", body=b"\nb{}"),
    ]
    assert len({one.fingerprint for one in requests if one}) == len(requests)


def test_no_header_is_no_name() -> None:
    assert named(None) is None


@pytest.mark.parametrize(("length", "good"), [(0, False), (1, True), (MAX_KEY_LENGTH, True), (MAX_KEY_LENGTH + 1, False)])
def test_a_name_has_a_length(length: int, good: bool) -> None:
    if good:
        assert named(b"k" * length) is not None
        return
    with pytest.raises(InvalidInput) as refused:
        named(b"k" * length)
    assert refused.value.errors[0].field == "Idempotency-Key"
