"""The input of a codec, as its functions know it from other platforms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from penstock.core.codecs.models import CodecInput
from penstock.core.codecs.ports import Call

GIVEN = CodecInput(payload=b"\x00\xff", f_port=7, received_us=1_999_999, variables={"k": 1}, data={"on": True})
SHARED = {"fPort": 7, "variables": {"k": 1}}


@pytest.mark.parametrize(
    ("call", "more"),
    [
        (Call.DECODE_UPLINK, {"bytes": [0, 255], "recvTime": 1999}),
        (Call.DECODE_DOWNLINK, {"bytes": [0, 255]}),
        (Call.ENCODE_DOWNLINK, {"data": {"on": True}}),
    ],
)
def test_each_function_gets_what_it_is_documented_to_get(call: Call, more: dict[str, Any]) -> None:
    assert json.loads(GIVEN.as_json(call)) == SHARED | more


def test_a_time_that_is_not_known_is_null_and_no_bytes_are_an_empty_list() -> None:
    assert json.loads(CodecInput().as_json(Call.DECODE_UPLINK)) == {
        "fPort": None,
        "variables": {},
        "bytes": [],
        "recvTime": None,
    }
