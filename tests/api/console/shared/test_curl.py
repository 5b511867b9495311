"""The shown command, run by a shell, has the arguments that the call had, but for texts of a body."""

from __future__ import annotations

import shlex

from penstock.api.console.shared.curl import MadeCall, curl_of


def test_a_call_that_reads() -> None:
    call = MadeCall(method="GET", path="/api/v2/devices", query="q=it%27s")
    assert shlex.split(curl_of(call, "http://h:1"), posix=True)[:2] == ["curl", "http://h:1/api/v2/devices?q=it%27s"]


def test_a_call_that_changes() -> None:
    body = b"""{"it's": ["correct horse", 5, true, null, {"password": "x"}]}"""
    words = shlex.split(curl_of(MadeCall(method="POST", path="/api/v2/devices", body=body), "http://h:1"))
    assert words[1:3] == ["-X", "POST"]
    assert words[-1] == """{"it's":["…",5,true,null,{"password":"…"}]}"""
