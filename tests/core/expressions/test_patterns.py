"""How large a pattern is: repetitions multiply, and a class of letters of all languages is large."""

from __future__ import annotations

import pytest

from penstock.core.expressions.patterns import MAX_STATES, states


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("", 0, 0),
        ("abc", 3, 3),
        ("a{1,900}", 900, 900),
        ("(ab){10}", 20, 40),
        ("(a{10}){10}", 100, 120),
        ("((a{9}){9}){9}", 729, 900),
        ("[a-z]{20}@[a-z]{20}", 40, 200),
        (r"\pL{9}", 500, 600),
        (r"\p{Greek}{9}", 500, 600),
        ("(?i)abc", 6, 12),
        ("a{", 2, 2),
        ("(", 0, 1),
        (")", 0, 1),
        ("[", 1, 3),
        ("\\", 1, 2),
        ("x*y+z?", 6, 6),
    ],
)
def test_the_states_of_a_pattern(pattern: str, least: int, most: int) -> None:
    assert least <= states(pattern) <= most


def test_the_patterns_people_write_are_accepted() -> None:
    for pattern in (
        r"^\w{1,20}@\w{1,20}\.\w{2,3}$",
        r"^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$",
        r"^\d{4}-\d{2}-\d{2}T",
        "(?i)error",
    ):
        assert states(pattern) < MAX_STATES, pattern
