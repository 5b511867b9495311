"""Paths and queries of calls within the process."""

from __future__ import annotations

import pytest

from penstock.api.console.shared.calling import ApiAnswer, encode_query, filled
from penstock.kit.http import RouteNotFound


def test_parameters_are_encoded() -> None:
    assert filled("/api/v2/devices/{device_id}/x", {"device_id": "a/../b?c"}) == "/api/v2/devices/a%2F..%2Fb%3Fc/x"


def test_an_empty_parameter_is_not_the_path_of_all() -> None:
    with pytest.raises(RouteNotFound):
        filled("/api/v2/keys/{key_id}", {"key_id": ""})


def test_filters_that_are_not_used_are_left_out() -> None:
    assert encode_query({"q": "a b", "cursor": None, "state": "", "fields": ["x", "y"]}) == "q=a%20b&fields=x&fields=y"


def test_answers() -> None:
    assert ApiAnswer(status=200, headers=[], body=b'{"a":1}').value == {"a": 1}
    assert ApiAnswer(status=204, headers=[], body=b"").value is None
    assert not ApiAnswer(status=404, headers=[], body=b"").ok
