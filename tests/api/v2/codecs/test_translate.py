"""Previews of codecs: one spelling of the bytes, and results with what is not there left out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.api.v2.codecs import wire
from penstock.api.v2.codecs.translate import from_core_preview, from_core_version, to_core_preview
from penstock.core.codecs.models import Result
from penstock.kit.errors import InvalidInput
from tests.adapters.storage.sqlite.test_profiles import version


def asked(**about: Any) -> wire.Preview:
    return msgspec.structs.replace(msgspec.convert(REQUIRED, wire.Preview), **about)


REQUIRED = {"function": "decodeUplink", "script": "x"}


@pytest.mark.parametrize(
    ("about", "payload"),
    [
        ({"bytes_hex": "0aFF"}, b"\x0a\xff"),
        ({"bytes_hex": ""}, b""),
        ({"bytes_base64": "Cv8="}, b"\x0a\xff"),
        ({}, b""),
    ],
)
def test_bytes_in_either_spelling(about: dict[str, Any], payload: bytes) -> None:
    assert to_core_preview(asked(**about)).payload == payload


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"bytes_hex": "0"}, "bytes_hex"),
        ({"bytes_hex": "zz"}, "bytes_hex"),
        ({"bytes_base64": "Cv8"}, "bytes_base64"),
        ({"bytes_base64": "C-8="}, "bytes_base64"),
        ({"bytes_hex": "00", "bytes_base64": "AA=="}, "bytes_base64"),
        ({"received_at": "soon"}, "received_at"),
    ],
)
def test_what_is_no_payload_is_named(about: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        to_core_preview(asked(**about))
    assert refused.value.errors[0].field == field


def test_no_bytes_are_not_empty_bytes() -> None:
    assert from_core_preview(Result(errors=["x"], took_us=1_500)).bytes_hex is None
    found = from_core_preview(Result(payload=b"", f_port=3, took_us=1_500))
    assert (found.bytes_hex, found.f_port, found.duration_ms) == ("", 3, 1.5)


def test_a_script_is_shown_only_where_it_is_asked_for() -> None:
    assert from_core_version(version(2)).script == "function decodeUplink() {}"
    assert from_core_version(version(2), with_script=False).script is None
