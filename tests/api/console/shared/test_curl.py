"""The shown command, run by a shell, has the address that the call had."""

from __future__ import annotations

import shlex

from penstock.api.console.shared.curl import ReadCall, curl_of


def test_the_command_has_the_address_of_the_call() -> None:
    call = ReadCall(path="/api/v2/devices", query="q=it%27s")
    assert shlex.split(curl_of(call, "http://h:1"), posix=True)[:2] == ["curl", "http://h:1/api/v2/devices?q=it%27s"]
