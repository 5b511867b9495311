"""Where a person goes after signing in."""

from __future__ import annotations

import pytest

from penstock.api.console.people.session import local


@pytest.mark.parametrize("path", ["/console", "/console/devices?q=pump", "/console?x=1"])
def test_a_page_of_the_console_is_local(path: str) -> None:
    assert local(path) == path


@pytest.mark.parametrize(
    "path", ["", "/", "//evil.example", "https://evil.example", "/console\\evil", "/consolex", "/console/\r\nx"]
)
def test_nothing_else_is(path: str) -> None:
    assert local(path) == ""
