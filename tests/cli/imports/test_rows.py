"""Readings of a file as they are sent."""

from __future__ import annotations

from penstock.cli.imports.rows import Encoded, device_field, json_text


def test_a_record_is_shown_as_the_file_has_it() -> None:
    assert Encoded([3], ["{}"], [], 2, [b"x", b"y\xff\r\n"]).content(4, 3) == "y\ufffd"
    assert Encoded([3], ["{}"], [], 1, [["a", "b"]]).content(3, 3) == ["a", "b"]


def test_a_device_is_named_by_its_id_or_by_another_identifier() -> None:
    assert (device_field("dev_0c2k9fq7w3m1x"), device_field("70b3d57ed0061f2a")) == ("device_id", "device")
    assert json_text('a"b') == '"a\\"b"'
