"""The name of a request: one for each, and the same however often it is asked for."""

from __future__ import annotations

from penstock.kit.request_id import new_request_id, request_id_of


def test_a_request_keeps_its_name_and_no_other_has_it() -> None:
    first: dict[str, object] = {}
    second: dict[str, object] = {}
    assert request_id_of(first) == request_id_of(first)
    assert len({request_id_of(first), request_id_of(second), new_request_id()}) == 3
