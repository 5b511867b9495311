"""What holds of the values of every style of keys."""

from __future__ import annotations

from penstock.bootstrap.dialects import KEY_STYLES


def check_style(name: str, *, prefix: str, length: int, shown: int) -> None:
    """New values of an installed style look as they should, and are known by that."""
    values = {KEY_STYLES.new_value(name) for _ in range(50)}
    assert len(values) == 50
    for value in values:
        assert (value[: len(prefix)], len(value)) == (prefix, length)
        assert KEY_STYLES.shown_prefix(name, value) == value[:shown]
        assert KEY_STYLES.looks_like_key(value.encode())
        for other in (value[:-1], value + "0", " " + value, value[:-1] + "\n", value + "\n"):
            assert not KEY_STYLES.looks_like_key(other.encode())
