"""JSON and digits from outside: errors name the field and quote nothing."""

from __future__ import annotations

import pytest

from penstock.core.tokens.formats.texts import MAX_CONTENT, base64_of, hex_of, json_of, one_of_many
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize("text", ["", '["JBSWY3DP"', '"JBSWY3DP"', '{"JBSWY3DP": NaN}', "\ud800", "7" * (MAX_CONTENT + 1)])
def test_errors_quote_nothing(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        json_of(text, list[int], "a list")
    assert caught.value.errors[0].field == "content"
    assert "JBSWY3DP" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_values_within() -> None:
    assert json_of(bytearray(b"[1]"), list[int], "a list") == [1]
    assert (one_of_many("x", str), one_of_many("x", int)) == ("x", None)
    assert (base64_of("aGk=", "x"), hex_of("6869", "x")) == (b"hi", b"hi")
    for read in (base64_of, hex_of):
        with pytest.raises(InvalidInput, match="content: must be a backup"):
            read("!", "a backup")
