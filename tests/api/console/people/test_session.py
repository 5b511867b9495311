"""Where a person goes after signing in."""

from __future__ import annotations

import pytest

from penstock.api.console.people.session import local


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/devices?q=pump/../x", "/console?x=1", "/console/apis"])
def test_a_page_of_the_console_is_local(path: str) -> None:
    assert local(path) == path


@pytest.mark.parametrize(
    "path", ["", "/", "//evil.example", "https://evil.example", "/console\\evil", "/consolex", "/console/\r\nx"]
)
def test_nothing_else_is(path: str) -> None:
    assert local(path) == ""


@pytest.mark.parametrize(
    "path",
    [
        "/console/api",
        "/console/api/v2/tokens/a/code?consume=true",
        "/console/%61pi/v2/me",
        "/console//evil",
        "/console/%5Cevil",
        "/console/../api/v2/me",
        "/console/x/../api/v2/me",
        "/console/x/%2e%2E/api/v2/me",
        "/console/..",
        "/console/./api/v2/me",
    ],
)
def test_nobody_is_sent_to_an_operation(path: str) -> None:
    assert local(path) == ""
