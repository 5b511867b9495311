"""One sentence for each error: the field first, and nothing about errors inside Penstock."""

from __future__ import annotations

from penstock.api.shared.error_text import MAX_TOLD, fields_of, sentence_of
from penstock.kit.errors import FieldError, InternalError, InvalidInput, Unavailable
from penstock.kit.field_errors import invalid_fields


def test_an_invalid_field_is_named() -> None:
    assert sentence_of(InvalidInput.field("limit", "Must be a number")) == "Invalid limit: must be a number"


def test_every_invalid_field_is_named() -> None:
    error = invalid_fields([FieldError("a", "Is required"), FieldError("", "too much"), FieldError("b", "must be an id")])
    assert sentence_of(error) == "Invalid a: is required; too much; b: must be an id"
    many = invalid_fields([FieldError(str(number), "no") for number in range(MAX_TOLD + 3)])
    assert fields_of(many).endswith(f"; {MAX_TOLD - 1}: no; and 3 more")
    assert fields_of(Unavailable(reason="the disk is full")) == "the disk is full"


def test_other_errors_are_their_own_sentence() -> None:
    error = Unavailable(reason="the disk is full")
    text = sentence_of(error)
    assert text[0].isupper()
    assert text.lower() == error.detail.lower()


def test_an_error_inside_says_nothing() -> None:
    assert sentence_of(InternalError()) == "Server error"
