"""Calls of the console are counted apart, for each person; codes everywhere alike."""

from __future__ import annotations

from penstock.api.shared.inside import console_rule, is_inside, marked
from penstock.core.limits.policy import CODES_OUT
from penstock.settings import load_settings


def test_a_mark_is_no_header() -> None:
    assert is_inside(marked({"headers": []}))
    assert not is_inside({"headers": [(b"penstock.inside", b"console"), (b"penstock-inside", b"console")]})


def test_the_limits() -> None:
    config = load_settings(environment={}).limits
    group_of = console_rule(config).group_of
    assert group_of is not None
    assert (group_of("devices:read").count, group_of(CODES_OUT).count) == (
        config.console_calls_per_minute,
        config.codes_per_minute,
    )
