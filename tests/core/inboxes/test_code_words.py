"""The words by which codes are recognised."""

from __future__ import annotations

import re

import pytest

from penstock.core.inboxes import code_words as words

LISTS = [name for name in vars(words) if name.isupper() and isinstance(getattr(words, name), str)]


@pytest.mark.parametrize("name", LISTS)
def test_no_choice_is_empty(name: str) -> None:
    # An empty choice matches everywhere, so that every number would be one that the list describes.
    assert re.fullmatch(getattr(words, name), "") is None


@pytest.mark.parametrize("name", LISTS)
def test_all_are_in_lower_case(name: str) -> None:
    text = re.sub(r"\\[a-zA-Z]", "", getattr(words, name))
    assert text == text.lower()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("your code", True),
        ("ihr sicherheitscode", True),
        ("رمز التحقق", True),
        ("验证码", True),
        ("nothing", False),
        ("coding", False),
    ],
)
def test_a_word_for_a_code(text: str, found: bool) -> None:
    assert bool(words.KEY.search(text)) is found
