"""Files as contents of responses and bodies."""

from __future__ import annotations

import pytest

from penstock.api.shared.openapi.files import file_content, is_binary, other_contents
from penstock.kit.operation import Example, Operation


@pytest.mark.parametrize(
    ("media_type", "binary"),
    [("image/png", True), ("application/pdf", True), ("application/gzip", True), ("application/xml", False), ("text/csv", False)],
)
def test_bytes_say_that_they_are_bytes(media_type: str, binary: bool) -> None:
    schema = file_content(media_type)["schema"]
    assert is_binary(media_type) is binary
    assert (schema["contentMediaType"], schema.get("format")) == (media_type, "binary" if binary else None)


def test_a_document_that_is_text_as_well_shows_the_text() -> None:
    operation = Operation(
        method="GET",
        path="/i",
        surface="v2",
        tag="T",
        summary="S",
        answer=str,
        example=Example(answer="number\r\n1\r\n"),
        media_type="application/pdf",
        other_media_types=("text/csv", "application/xml", "application/json"),
    )
    found = other_contents(operation)
    assert found["text/csv"]["example"] == "number\r\n1\r\n"
    assert found["application/xml"]["example"] == "(the file)"
    assert found["application/json"]["schema"]["type"] == "array"
